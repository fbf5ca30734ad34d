"""`audit verify`: is every audit event in its office's hash chain, unchanged? `audit export`: prints them all."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.audit.append_chain import ChainDeps, export_chain, verify_chain
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.table import AuditTable

# An event is usually chained within seconds; a younger one than this may still be on its way.
CHAINED_WITHIN = timedelta(minutes=15)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office", metavar="OFFICE", help="one office's chain; default: all offices")
    parser.add_argument("what", choices=("verify", "export"))


def run(args: Arguments) -> int:
    """1 when a chain has a fault, or an event of the table is in no chain."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    deps = ChainDeps(ChainHeadsTable(dynamodb, outputs["ChainsTable"]), boto3.client("s3"), outputs["AuditBucket"])
    offices = [args.office] if args.office else deps.heads.office_ids()
    if args.what == "export":
        return _export(offices, deps)
    faults = sum(_verify(office_id, deps) for office_id in offices)
    for fault in _missing_events(offices, deps, AuditTable(dynamodb, outputs["AuditTable"])):
        print(fault)
        faults += 1
    return 1 if faults else 0


def _export(offices: list[str], deps: ChainDeps) -> int:
    for office_id in offices:
        for event in export_chain(office_id, deps):
            print(event.model_dump_json())
    return 0


def _verify(office_id: str, deps: ChainDeps) -> int:
    """Prints what is wrong with one chain. Returns the number of faults."""
    faults = verify_chain(office_id, deps)
    print(f"{office_id}: {deps.heads.head(office_id).sequence} links, {len(faults) or 'nothing'} wrong")
    for fault in faults:
        print(f"  {fault}")
    return len(faults)


def _missing_events(offices: list[str], deps: ChainDeps, table: AuditTable) -> Iterator[str]:
    """What is wrong with events of the table that are not in a chain as they are in the table."""
    chained = {event.event_id: event for office_id in offices for event in export_chain(office_id, deps)}
    for event in table.scan_before(before=datetime.now(UTC) - CHAINED_WITHIN):
        if event.office_id in offices and chained.get(event.event_id) != event:
            state = "differs from" if event.event_id in chained else "is missing in"
            yield f"{event.office_id}: event {event.event_id} of {event.occurred_at:%Y-%m-%d %H:%M} {state} the chain"


AUDIT = Command(
    name="audit",
    summary="Proves that no audit event was changed or lost, or prints all audit events",
    details="`verify` checks every chain against its objects and the audit table. `export` prints one event a line.",
    example="arrest-alert audit --stack arrest-alert-dev verify",
    add_arguments=add_arguments,
    run=run,
)
