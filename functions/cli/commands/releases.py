"""`releases`: which version of each function is live. `roll-back`: the versions of the release before are live again.

A function's version says which code it is (`infra/blocks/lambda_function.py`); a release changes the code of all
functions at once, so the release before is what says something else.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import LIVE, outputs_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

OF_A_FUNCTION = "Function"  # how the outputs end that are names of functions
NEWEST_CODE = "$LATEST"  # no version: what a release is made of


@dataclass(frozen=True, kw_only=True)
class FunctionVersion:
    """`release` is what the version says of its code; `published_at` an ISO 8601 time, as Lambda writes it."""

    number: int
    release: str
    published_at: str


@dataclass(frozen=True, kw_only=True)
class LiveFunction:
    """A function, its `live` version, and all its versions. `is_gradual`: a release reaches a part of the requests."""

    name: str
    live: int
    versions: tuple[FunctionVersion, ...]
    is_gradual: bool

    @property
    def live_version(self) -> FunctionVersion:
        return next(version for version in self.versions if version.number == self.live)

    @property
    def before(self) -> FunctionVersion | None:
        """The newest version that is older than the live one and of other code. None: it is new in this release."""
        older = [version for version in self.versions if version.number < self.live]
        other = [version for version in older if version.release != self.live_version.release]
        return max(other, key=lambda version: version.number, default=None)


class RollBackError(Exception):
    """Why nothing was moved, and what to do."""


def plan_roll_back(functions: Iterable[LiveFunction]) -> dict[str, int]:
    """Maps the name of a function to the version that is to be live. A function without an earlier one is left out.

    Raises RollBackError while a release is under way, and where there is no earlier one.
    """
    functions = list(functions)
    if under_way := sorted(function.name for function in functions if function.is_gradual):
        raise RollBackError(
            f"A release reaches a part of the requests at this moment ({', '.join(under_way)}), and goes back by "
            "itself on an alarm. To end it now: `aws deploy list-deployments --include-only-statuses InProgress`, then "
            "`aws deploy stop-deployment --auto-rollback-enabled --deployment-id ID` for each."
        )
    moves = {function.name: function.before.number for function in functions if function.before}
    if not moves:
        raise RollBackError("There is no release before this one.")
    return moves


def live_functions(stack: str) -> Iterator[LiveFunction]:
    """Every function of the stack as it stands. Raises ClientError where one cannot be read."""
    client = boto3.client("lambda")
    for output, name in sorted(outputs_of(stack).items()):
        if output.endswith(OF_A_FUNCTION):
            alias = client.get_alias(FunctionName=name, Name=LIVE)
            pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
            versions = (version for page in pages for version in page["Versions"])
            yield LiveFunction(
                name=name,
                live=int(alias["FunctionVersion"]),
                versions=tuple(_version(version) for version in versions if version["Version"] != NEWEST_CODE),
                is_gradual=bool(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")),
            )


def _version(described: Any) -> FunctionVersion:
    return FunctionVersion(
        number=int(described["Version"]),
        release=described.get("Description", ""),
        published_at=described["LastModified"],
    )


def run_releases(args: Arguments) -> int:
    for function in live_functions(args.stack):
        live, before = function.live_version, function.before
        rest = f"before: {before.number}, {before.release}" if before else "none before"
        print(f"{function.name}: {live.number}, {live.release}, of {live.published_at[:16]}; {rest}")
    return 0


def add_roll_back_arguments(parser: "ArgumentParser") -> None:
    parser.add_argument("--apply", action="store_true", help="do it; without this, show what would be done")


def run_roll_back(args: Arguments) -> int:
    """1 when there is nothing to go back to, or a release is under way. It may run again: then it goes back further."""
    try:
        moves = plan_roll_back(live_functions(args.stack))
    except RollBackError as error:
        print(error, file=sys.stderr)
        return 1
    client = boto3.client("lambda")
    for name, number in moves.items():
        if args.apply:
            client.update_alias(FunctionName=name, Name=LIVE, FunctionVersion=str(number))
        print(f"{name}: version {number} {'is' if args.apply else 'would be'} live")
    if not args.apply:
        print("Nothing was changed. With --apply it is done.")
    return 0


RELEASES = Command(
    name="releases",
    summary="Shows which version of each function is live, and to which one it could go back",
    example="arrest-alert releases --stack arrest-alert-dev",
    run=run_releases,
)
ROLL_BACK = Command(
    name="roll-back",
    summary="Makes the versions of the release before live again, after a bad release; with --apply does it",
    details="Tables, buckets, queues and whatever else is no function stay as they are. The next deployment goes "
    "forward from its own code, whatever is live.",
    example="arrest-alert roll-back --stack arrest-alert-dev --apply",
    run=run_roll_back,
    add_arguments=add_roll_back_arguments,
)
