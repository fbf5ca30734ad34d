"""`recall`: withdraws every alert of one arrest."""

import argparse
import sys
from datetime import UTC, datetime

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.table import AlertsTable
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.model import arrest_id
from shared.aws.secrets import load_pseudonyms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agency", metavar="AGENCY", help="who sent the arrest")
    parser.add_argument("number", metavar="NUMBER", help="the agency's number of the arrest")


def run(args: Arguments) -> int:
    """1 when there is no alert of such an arrest."""
    outputs = outputs_of(args.stack)
    pseudonyms = load_pseudonyms(outputs["PseudonymSecretArn"])
    deps = WithdrawDeps(
        AlertsTable(boto3.client("dynamodb"), outputs["AlertsTable"]),
        delivery_enqueuer(boto3.client("sqs"), outputs["AlertsQueue"]),
    )
    withdrawn = withdraw_alerts(arrest_id(pseudonyms, args.agency, args.number), deps, datetime.now(UTC))
    print(f"{len(withdrawn)} alerts withdrawn")
    if not withdrawn:
        print("check AGENCY and NUMBER; an alert of this minute is found a minute later", file=sys.stderr)
    return 0 if withdrawn else 1


RECALL = Command(
    name="recall",
    summary="Withdraws every alert of one arrest, and tells everyone who was alerted",
    details="An alert that was stored within the last second may be missed: run it again a minute later.",
    example="arrest-alert recall --stack arrest-alert-dev nypd K26600123",
    add_arguments=add_arguments,
    run=run,
)
