"""`load-statutes`, `load-boundaries`: what an agency's codes mean and where its precincts and beats lie, as data.
Loaded again, a table takes the place of the one before, from the next drop on."""

import argparse
import json
import sys
from pathlib import Path

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.arrests.boundaries import boundaries_from
from shared.arrests.statutes.code_table import statutes_from
from shared.arrests.statutes.notation import CALIFORNIA, NEW_YORK
from shared.errors import Rejected
from shared.matching.agency_reference_table import BEAT, PRECINCT, STATUTES, AgencyReferenceTable


def load_statutes(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("load-statutes", help="class and family of an agency's statutes, from a CSV file")
    add_stack_option(parser)
    parser.add_argument("--agency", required=True)
    parser.add_argument("--jurisdiction", choices=(NEW_YORK, CALIFORNIA), help="whose notation the codes are in")
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV with the columns statute, class, family")
    return _load_statutes


def _load_statutes(args: argparse.Namespace) -> int:
    try:
        with args.file.open(newline="", encoding="utf-8-sig") as lines:
            table = statutes_from(lines, args.jurisdiction)
    except (Rejected, UnicodeDecodeError) as fault:
        return _refused(args.file, fault)
    _tables(args.stack).load(args.agency, STATUTES, table)
    print(f"{args.agency}: {len(table.meanings)} notations of statutes, from the next drop on")
    return 0


def load_boundaries(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("load-boundaries", help="an agency's precincts or beats, from a GeoJSON file")
    add_stack_option(parser)
    parser.add_argument("--agency", required=True)
    parser.add_argument("--kind", choices=(PRECINCT, BEAT), default=PRECINCT)
    parser.add_argument("--name", default=None, help="the property that names an area; the kind, unless said")
    parser.add_argument("file", type=Path, metavar="FILE", help="GeoJSON, WGS 84")
    return _load_boundaries


def _load_boundaries(args: argparse.Namespace) -> int:
    try:
        table = boundaries_from(json.loads(args.file.read_text(encoding="utf-8")), args.name or args.kind)
    except (Rejected, ValueError) as fault:
        return _refused(args.file, fault)
    _tables(args.stack).load(args.agency, args.kind, table)
    print(f"{args.agency}: {len(table.areas)} areas ({args.kind}), from the next drop on")
    return 0


def _refused(file: Path, fault: Exception) -> int:
    said = f"{fault.reason} {fault.fix}" if isinstance(fault, Rejected) else str(fault)
    print(f"{file}: {said}", file=sys.stderr)
    return 1


def _tables(stack: str) -> AgencyReferenceTable:
    return AgencyReferenceTable(boto3.client("dynamodb"), outputs(stack)["OfficesTable"])
