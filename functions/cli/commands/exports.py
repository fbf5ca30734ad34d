"""`export`: what became of the exports of a records request, and whether a file is one of them, unchanged."""

import argparse
import hashlib
import sys
from pathlib import Path

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.records_requests.exports.archive import faults_in
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import Export


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("office", metavar="OFFICE", help="the office's name, such as kings")
    parser.add_argument(
        "request", metavar="REQUEST", help="the id of the records request, the end of its page's address"
    )
    parser.add_argument("--check", metavar="FILE", type=Path, help="a ZIP that somebody downloaded")


def run(args: Arguments) -> int:
    """1 when there is no export, or the file is none of them or was changed."""
    outputs = outputs_of(args.stack)
    exports = ExportsTable(boto3.client("dynamodb"), outputs["SubscriptionsTable"]).of_request(
        args.office, args.request
    )
    for export in exports:
        print(line_of(export))
    if not exports:
        print("no export of such a request; copy its id from its page", file=sys.stderr)
        return 1
    return _check(args.check, exports) if args.check else 0


def line_of(export: Export) -> str:
    """Ids, counts and hashes; no name."""
    made = f", {export.size:,} bytes, SHA-256 {export.sha256}" if export.sha256 else ""
    why = f": {export.failure}" if export.failure else ""
    asked = f"asked {export.asked_at:%Y-%m-%d %H:%M} UTC by {export.asked_by}"
    return f"{export.export_id}  {export.state.value}, {len(export.arrest_ids)} records, {asked}{made}{why}"


def _check(path: Path, exports: list[Export]) -> int:
    content = path.read_bytes()
    faults = faults_in(content)
    digest = hashlib.sha256(content).hexdigest()
    made = next((export for export in exports if export.sha256 == digest), None)
    if made is None:
        faults.append("it is none of the exports above")
    for fault in faults:
        print(f"{path.name}: {fault}", file=sys.stderr)
    if made and not faults:
        print(f"{path.name} is export {made.export_id}, unchanged")
    return 1 if faults else 0


EXPORT = Command(
    name="export",
    summary="Says what became of the exports of a records request",
    details="Whoever asked for an export downloads it at the console; nobody else can, this command neither. With "
    "--check it says whether a file is one of them, unchanged.",
    example="arrest-alert export --stack arrest-alert-dev kings REQUEST",
    add_arguments=add_arguments,
    run=run,
)
