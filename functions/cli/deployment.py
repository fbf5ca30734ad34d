"""The deployed stack that a command works on, known by its outputs."""

import json

import boto3

from shared.feeds.profiles.table import AgenciesTable

LIVE = "live"  # the alias of a function's version that everything calls (`infra/blocks/lambda_function.py`)


class NoSuchAgencyError(Exception):
    """No agency of this name is enrolled. The message says what to do."""

    def __init__(self, agency: str) -> None:
        super().__init__(f"{agency}: no such agency is enrolled; write it as `agency` of its profile does")


def check_enrolled(outputs: dict[str, str], agency: str) -> None:
    """Raises NoSuchAgencyError, so that a misspelt name is not taken for an agency that has sent nothing."""
    if not AgenciesTable(boto3.client("dynamodb"), outputs["AgenciesTable"]).is_enrolled(agency):
        raise NoSuchAgencyError(agency)


def outputs_of(stack: str) -> dict[str, str]:
    """Output's name -> its value."""
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def operator_arn() -> str:
    """Who runs the command, as AWS knows them."""
    arn: str = boto3.client("sts").get_caller_identity()["Arn"]
    return arn


def machine_clients(outputs: dict[str, str]) -> dict[str, str]:
    """Machine's name -> the id of the app client that the stack has for it."""
    clients: dict[str, str] = json.loads(outputs["Machines"])
    return clients
