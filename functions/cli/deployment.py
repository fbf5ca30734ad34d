"""The deployed stack that a command works on, found by its outputs."""

import argparse
import json
from collections.abc import Callable
from typing import TypeAlias

import boto3

Run = Callable[[argparse.Namespace], int]
"""What a subcommand does with what was said on the command line; its exit status."""
Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no public name


def add_stack_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stack", required=True, help="the deployed stack, such as arrest-alert-dev")


def outputs(stack: str) -> dict[str, str]:
    """Name of each output of the stack -> its value."""
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}


def machines(found: dict[str, str]) -> dict[str, str]:
    """Name of each machine that the stack has an app client for -> its client id."""
    clients: dict[str, str] = json.loads(found["Machines"])
    return clients
