"""`python -m infra.preflight dev [REGION]` prints what an account lacks. It fails if a deployment would fail."""

import os
import sys
from dataclasses import replace
from itertools import groupby

import boto3
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from infra.agencies import AgencyConnectionError
from infra.regions import UnknownRegionError

try:
    from infra.environments import Environment, UnknownEnvironmentError, environment_named
except (AgencyConnectionError, UnknownRegionError) as problem:  # it is checked where it is written
    sys.exit(f"error: {problem}")
from infra.bundle import lambda_python
from infra.preflight.decide import Finding, Level, findings
from infra.preflight.facts import AccountFacts
from infra.preflight.gather import account_facts


def main() -> int:
    """Returns 2 if something stops the deployment, and 0 else."""
    try:
        environment = environment_named(*sys.argv[1:])
    except (UnknownEnvironmentError, UnknownRegionError) as error:
        print(f"error: {error}")
        return 2
    session = boto3.Session(region_name=environment.region)
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        print(f"AWS_ENDPOINT_URL leads to {endpoint}, which is not AWS.\nUnset it, or use another shell.")
        return 2
    facts, problem = _read(session, environment)
    print(f"{environment.name}: account {facts.account or 'not known'}, region {environment.region}")
    result = findings(replace(facts, builds_bytecode=lambda_python() is not None), environment)
    if result or not problem:
        print(report(result))
    if problem:
        print(problem)
    return 2 if problem or any(finding.level is Level.STOPS for finding in result) else 0


def _read(session: boto3.Session, environment: Environment) -> tuple[AccountFacts, str]:
    """Returns what is known, and why nothing could be read, "" if something could."""
    try:
        return account_facts(session, environment), ""
    except EndpointConnectionError as error:
        return AccountFacts(), f"AWS cannot be reached: {error}\nCheck the network, and run it again."
    except (ClientError, BotoCoreError) as error:
        fix = "Sign in (`aws sso login`, or set AWS_PROFILE), and run it again."
        return AccountFacts(), f"Nobody is signed in to AWS: {error}\n{fix}"


def report(result: list[Finding]) -> str:
    """`result` is sorted by level, as `findings` gives it."""
    lines = [
        f"\n{level.value}:\n" + "\n".join(f"- {finding.what}\n  {finding.fix}" for finding in group)
        for level, group in groupby(result, key=lambda finding: finding.level)
    ]
    return "\n".join(lines) or "Nothing is missing."


if __name__ == "__main__":
    sys.exit(main())
