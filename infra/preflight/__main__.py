"""`python -m infra.preflight dev [REGION]` prints what an account lacks. It fails if a deployment would fail."""

import sys
from dataclasses import replace
from itertools import groupby

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.agencies import AgencyConnectionError
from infra.regions import UnknownRegionError

try:
    from infra.environments import UnknownEnvironmentError, environment_named
except (AgencyConnectionError, UnknownRegionError) as problem:  # it is checked where it is written
    sys.exit(f"error: {problem}")
from infra.bundle import lambda_python
from infra.preflight.decide import Finding, Level, findings
from infra.preflight.gather import account_facts


def main() -> int:
    """Returns 2 if something stops the deployment, and 0 else."""
    try:
        environment = environment_named(*sys.argv[1:])
    except (UnknownEnvironmentError, UnknownRegionError) as problem:
        print(f"error: {problem}")
        return 2
    try:
        facts = account_facts(boto3.Session(region_name=environment.region), environment)
    except (ClientError, BotoCoreError) as error:
        print(f"Nobody is signed in to AWS: {error}\nSign in (`aws sso login`, or set AWS_PROFILE), and run it again.")
        return 2
    print(f"{environment.name}: account {facts.account}, region {environment.region}")
    result = findings(replace(facts, builds_bytecode=lambda_python() is not None), environment)
    print(report(result))
    return 2 if any(finding.level is Level.STOPS for finding in result) else 0


def report(result: list[Finding]) -> str:
    """`result` is sorted by level, as `findings` gives it."""
    lines = [
        f"\n{level.value}:\n" + "\n".join(f"- {finding.what}\n  {finding.fix}" for finding in group)
        for level, group in groupby(result, key=lambda finding: finding.level)
    ]
    return "\n".join(lines) or "Nothing is missing."


if __name__ == "__main__":
    sys.exit(main())
