"""Sets up an office from one file: builds a plan, shows it, applies it.

It creates and changes, and takes nothing away: what is stored and stands in no file stays, and the plan says so. Run
again, it does what is left to do.
"""
