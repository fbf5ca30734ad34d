"""Before the first deployment: what an account, a region and an environment still lack, and what to do about it.

`gather` reads the account, `decide` says what is wrong, `python -m infra.preflight ENVIRONMENT` prints it.
`make deploy` runs it, so that nothing is changed where a deployment would fail half-way.
"""
