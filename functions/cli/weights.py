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
from shared.matching.linkage.agency_frequencies import (
    MIN_BEARERS,
    MIN_PERSONS,
    AgencyNameCounts,
    NamedPerson,
    count_names,
)
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


def _weights(args: argparse.Namespace) -> int:
    found, client = outputs(args.stack), boto3.client("dynamodb")
    tables, now = AgencyReferenceTable(client, found["OfficesTable"]), datetime.now(UTC)
    if args.shipped:
        tables.unload(args.agency, NAMES)
    if args.refresh:
        arrests = ArrestsTable(client, found["ArrestsTable"])
        people = _people(arrests, args.agency, now - timedelta(days=args.days))
        try:
            counted = count_names(args.agency, people, now.date(), MIN_BEARERS, MIN_PERSONS)
        except Rejected as fault:
            print(f"{fault.reason} {fault.fix} Nothing was changed.", file=sys.stderr)
            return 1
        tables.load(args.agency, NAMES, counted)
    print(f"{args.agency}: {_words(tables.name_counts(args.agency))}")
    return 0


def _people(arrests: ArrestsTable, agency: str, since: datetime) -> Iterator[NamedPerson]:
    for page in arrests.since(since, 0, 1):
        for arrest in page:
            if arrest.agency == agency and arrest.person.names and not arrest.juvenile:
                yield tokens_of(arrest.person.names[0]), arrest.person.date_of_birth


def _words(own: AgencyNameCounts | None) -> str:
    if own is None:
        return "names are as common as in the US census of 1990"
    known = sum(map(len, own.bearers.values()))
    return (
        f"names are as common as among {own.persons:,} persons, counted on {own.counted_on}: {known:,} names that "
        f"{own.least} of them or more bear; for the rest the census stands"
    )
