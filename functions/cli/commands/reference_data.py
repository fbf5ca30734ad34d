"""`load-statutes`, `load-boundaries`, `weights`: an agency's own reference data.

What its codes mean and where its precincts and beats lie count from the next drop on; how common names are, from the
next match on. Codes and places change by these commands alone; names are also counted every week (`learn_names`).
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.arrests.boundaries import boundaries_from
from shared.arrests.statutes.code_table import statutes_from
from shared.arrests.statutes.notation import CALIFORNIA, NEW_YORK
from shared.arrests.table import ArrestsTable
from shared.bounded_reader import Limits, read_json
from shared.errors import Rejected
from shared.matching.agency_reference_table import BEAT, NAMES, PRECINCT, STATUTES, AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import (
    COUNTED_DAYS,
    MIN_BEARERS,
    MIN_PERSONS,
    LiveNames,
    count_names,
)
from shared.matching.linkage.name_sample import NameSample

BOUNDARIES_LIMITS = Limits(max_bytes=256 << 20)  # a state's precincts, to the metre


def _add_agency(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agency", required=True, metavar="AGENCY", help="as its profile names it")


def add_statutes_arguments(parser: argparse.ArgumentParser) -> None:
    _add_agency(parser)
    parser.add_argument("--jurisdiction", choices=(NEW_YORK, CALIFORNIA), help="whose notation the codes are in")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV with the columns statute, class, family")


def run_load_statutes(args: Arguments) -> int:
    try:
        with args.file.open(newline="", encoding="utf-8-sig") as lines:
            table = statutes_from(lines, args.jurisdiction)
    except (Rejected, UnicodeDecodeError) as error:
        return _refuse(args.file, error)
    _reference_table(args.stack).load(args.agency, STATUTES, table)
    print(f"{args.agency}: {len(table.meanings)} notations of statutes, from the next drop on")
    return 0


def add_boundaries_arguments(parser: argparse.ArgumentParser) -> None:
    _add_agency(parser)
    parser.add_argument("--kind", choices=(PRECINCT, BEAT), default=PRECINCT, help="default: %(default)s")
    parser.add_argument("--name", metavar="PROPERTY", help="the property that names an area; default: the kind")
    parser.add_argument("file", type=Path, metavar="FILE", help="GeoJSON, WGS 84")


def run_load_boundaries(args: Arguments) -> int:
    try:
        table = boundaries_from(read_json(args.file.read_bytes(), BOUNDARIES_LIMITS), args.name or args.kind)
    except (Rejected, ValueError) as error:
        return _refuse(args.file, error)
    _reference_table(args.stack).load(args.agency, args.kind, table)
    print(f"{args.agency}: {len(table.areas)} areas ({args.kind}), from the next drop on")
    return 0


def add_weights_arguments(parser: argparse.ArgumentParser) -> None:
    _add_agency(parser)
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--refresh", action="store_true", help="count the agency's own names now, and let them be learned"
    )
    action.add_argument("--shipped", action="store_true", help="pin the census: nothing is learned until --refresh")
    parser.add_argument(
        "--days",
        type=int,
        default=COUNTED_DAYS,
        metavar="DAYS",
        help="how far back it counts (default: %(default)s)",
    )


def run_weights(args: Arguments) -> int:
    """1 when the agency has too few arrests to count; nothing is changed then."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    reference, now = AgencyReferenceTable(dynamodb, outputs["OfficesTable"]), datetime.now(UTC)
    if args.shipped:
        reference.pin_census(args.agency, now.date())
    if args.refresh:
        sample = NameSample()
        for page in ArrestsTable(dynamodb, outputs["ArrestsTable"]).since(now - timedelta(days=args.days), 0, 1):
            sample.add(arrest for arrest in page if arrest.agency == args.agency)
        try:
            counted = count_names(args.agency, sample.people(args.agency), now.date(), MIN_BEARERS, MIN_PERSONS)
        except Rejected as refusal:
            print(f"{refusal.reason} {refusal.fix} Nothing was changed.", file=sys.stderr)
            return 1
        reference.load(args.agency, NAMES, counted)
    print(f"{args.agency}: {_describe(reference.live_names(args.agency))}")
    return 0


def _describe(live: LiveNames) -> str:
    if live.counts:
        return (
            f"names are as common as among {live.counts.persons:,} persons, counted on {live.counts.counted_on} "
            f"(version {live.version}): "
            f"{live.counts.names:,} names that {live.counts.min_bearers} of them or more bear; for all other names the "
            "census counts. They are counted anew every week"
        )
    until = (
        f"pinned on {live.pinned_on}: nothing is learned until --refresh"
        if live.pinned_on
        else f"until {MIN_PERSONS:,} persons of its own are known, which is looked at every week"
    )
    return f"names are as common as in the US census of 1990, {until}"


def _refuse(file: Path, error: Exception) -> int:
    reason = f"{error.reason} {error.fix}" if isinstance(error, Rejected) else str(error)
    print(f"{file}: {reason}", file=sys.stderr)
    return 1


def _reference_table(stack: str) -> AgencyReferenceTable:
    return AgencyReferenceTable(boto3.client("dynamodb"), outputs_of(stack)["OfficesTable"])


LOAD_STATUTES = Command(
    name="load-statutes",
    summary="Loads the class and family of an agency's statutes from a CSV file",
    details="The table replaces the one before it.",
    example="arrest-alert load-statutes --stack arrest-alert-dev --agency nypd --jurisdiction NY statutes.csv",
    add_arguments=add_statutes_arguments,
    run=run_load_statutes,
)
LOAD_BOUNDARIES = Command(
    name="load-boundaries",
    summary="Loads an agency's precincts or beats from a GeoJSON file",
    details="The table replaces the one before it.",
    example="arrest-alert load-boundaries --stack arrest-alert-dev --agency nypd --kind precinct precincts.geojson",
    add_arguments=add_boundaries_arguments,
    run=run_load_boundaries,
)
WEIGHTS = Command(
    name="weights",
    summary="Shows or changes how common names are at an agency: by the census, or by its own arrests",
    details=(
        "Every week an agency's own names are counted by themselves, once enough persons are known. --shipped pins the "
        "census for this agency; --refresh counts at once and ends the pin. Without either it only shows."
    ),
    example="arrest-alert weights --stack arrest-alert-dev --agency roster --refresh",
    add_arguments=add_weights_arguments,
    run=run_weights,
)
