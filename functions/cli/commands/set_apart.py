"""`set-apart`: moves juveniles' records that an earlier release stored among the arrests into their own store."""

import sys

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.arrests.juveniles.move_table import MoveTable


def run(args: Arguments) -> int:
    """1 when some changed in the moment in which they were moved: run it again."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    moved, left = MoveTable(dynamodb, outputs["ArrestsTable"], outputs["JuvenilesTable"]).move_all()
    print(f"{moved} records of juveniles were moved into their own store.")
    if left:
        print(f"{left} changed meanwhile: run it again.", file=sys.stderr)
    return 1 if left else 0


SET_APART = Command(
    name="set-apart",
    summary="Moves juveniles' records of an earlier release into the store that they have now",
    details="The release's notes say when it is needed. It may be run again. From the deployment on, and before it "
    "is run, none of these records is readable.",
    example="arrest-alert set-apart --stack arrest-alert-dev",
    run=run,
)
