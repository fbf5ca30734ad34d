"""`holds`: lists what an office keeps from being purged. It prints no reason: one may name somebody."""

import argparse
import sys
from datetime import UTC, date, datetime

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.retention.hold import Hold, HoldRule, is_in_force, last_day_of
from shared.offices.table import OfficesTable
from shared.retention.holds_table import HoldsTable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("office", metavar="OFFICE", help="the office's name, such as kings")
    parser.add_argument("--all", action="store_true", help="those that are over as well")


def run(args: Arguments) -> int:
    """1 when there is no such office."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    office = OfficesTable(dynamodb, outputs["OfficesTable"]).offices([args.office])[0].get(args.office)
    if office is None:
        print(f"{args.office}: no such office; write its name as in its file", file=sys.stderr)
        return 1
    rules, today = office.retention.applied_to(default_schedule()).holds, office.local_day(datetime.now(UTC))
    holds = HoldsTable(dynamodb, outputs["SubscriptionsTable"]).of_office(args.office)
    listed = [hold for hold in holds if args.all or is_in_force(hold, rules[hold.kind], today)]
    print(f"{len(listed)} holds of {args.office}")
    for hold in listed:
        print(line_of(hold, rules[hold.kind], today))
    return 0


def line_of(hold: Hold, rule: HoldRule, today: date) -> str:
    last_day = last_day_of(hold, rule)
    until = f"until {last_day}" if last_day else "no end known"
    covers = f"{len(hold.arrest_ids)} records" if hold.arrest_ids else "everything"
    state = "" if is_in_force(hold, rule, today) else ", over"
    waits = f", an end of {hold.proposed_end.ended_on} waits to be confirmed" if hold.proposed_end else ""
    placed = f"placed {hold.placed_at:%Y-%m-%d} by {hold.placed_by}"
    return f"  {hold.kind.value:<10}  {covers:<14}  {placed}, {until}{state}{waits}  {hold.hold_id}"


HOLDS = Command(
    name="holds",
    summary="Lists what an office keeps from being purged",
    details="People with the right `records` place and end holds at the console or through the API.",
    example="arrest-alert holds --stack arrest-alert-dev kings",
    add_arguments=add_arguments,
    run=run,
)
