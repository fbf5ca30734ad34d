"""`document`: a document that an office needs before it goes live, filled from what the stack has stored of it."""

import argparse
import sys
from datetime import UTC, datetime

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from functions.cli.documents.facts import DocumentTables, gather_facts
from functions.cli.documents.render import DocumentKind, render_document


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=[kind.value for kind in DocumentKind])
    parser.add_argument("office", metavar="OFFICE", help="the office_id, such as kings")
    parser.add_argument(
        "--agency", metavar="AGENCY", help="for `agreement`: the agency; without it, its places stay in brackets"
    )


def run(args: Arguments) -> int:
    """1 for an office or an agreement that is not stored."""
    tables = DocumentTables.of(boto3.client("dynamodb"), outputs_of(args.stack))
    office = tables.offices.office(args.office)
    if office is None:
        print(f"{args.office}: there is no such office; `set-up` makes one", file=sys.stderr)
        return 1
    facts = gather_facts(office, tables, office.local_day(datetime.now(UTC)))
    agreed = [known for known in facts.agencies if known.agreement.agency == args.agency]
    agency = max(agreed, key=lambda known: known.agreement.ends, default=None)
    if args.agency and agency is None:
        known = ", ".join(sorted({known.agreement.agency for known in facts.agencies})) or "none"
        print(f"{args.agency}: no agreement with it is stored (there is one with: {known})", file=sys.stderr)
        return 1
    print(render_document(DocumentKind(args.kind), facts, agency), end="")
    return 0


DOCUMENT = Command(
    name="document",
    summary="Prints a document that an office needs before it goes live, filled from what is stored",
    details="Markdown, to be finished by people: impact statement, agreement with an agency, privacy policy, notice of"
    " a release, outline of a training.",
    example="arrest-alert document --stack arrest-alert-dev impact-statement kings",
    add_arguments=add_arguments,
    run=run,
)
