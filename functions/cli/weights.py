"""`weights`: how common names are at an agency, by the census as shipped or by its own arrests. Nothing changes them
but this command, so that an arrest is graded tomorrow as it is today."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.arrests.table import ArrestsTable
from shared.errors import Rejected
from shared.matching.agency_reference_table import NAMES, AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import BEARERS, LEAST, Known, OwnNames, own_names
from shared.matching.linkage.name_tokens import tokens_of


def weights(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser(
        "weights", help="how common names are at an agency: by the census or its own arrests"
    )
    add_stack_option(parser)
    parser.add_argument("--agency", required=True)
    wish = parser.add_mutually_exclusive_group()
    wish.add_argument("--refresh", action="store_true", help="count the names of its own arrests, from the next on")
    wish.add_argument("--shipped", action="store_true", help="go back to the census")
    parser.add_argument("--days", type=int, default=1_825, help="how far back they are counted (default: %(default)s)")
    return _weights


def _weights(said: argparse.Namespace) -> int:
    found, client = outputs(said.stack), boto3.client("dynamodb")
    tables, now = AgencyReferenceTable(client, found["OfficesTable"]), datetime.now(UTC)
    if said.shipped:
        tables.unload(said.agency, NAMES)
    if said.refresh:
        arrests = ArrestsTable(client, found["ArrestsTable"])
        people = _people(arrests, said.agency, now - timedelta(days=said.days))
        try:
            counted = own_names(said.agency, people, now.date(), BEARERS, LEAST)
        except Rejected as fault:
            print(f"{fault.reason} {fault.fix} Nothing was changed.", file=sys.stderr)
            return 1
        tables.load(said.agency, NAMES, counted)
    print(f"{said.agency}: {_words(tables.names(said.agency))}")
    return 0


def _people(arrests: ArrestsTable, agency: str, since: datetime) -> Iterator[Known]:
    for page in arrests.since(since, 0, 1):
        for one in page:
            if one.agency == agency and one.person.names and not one.juvenile:
                yield tokens_of(one.person.names[0]), one.person.date_of_birth


def _words(own: OwnNames | None) -> str:
    if own is None:
        return "names are as common as in the US census of 1990"
    known = sum(map(len, own.bearers.values()))
    return (f"names are as common as among {own.persons:,} persons, counted on {own.counted_on}: {known:,} names that "
            f"{own.least} of them or more bear; for the rest the census stands")  # fmt: skip
