"""`audit verify`: is every audit event there, unchanged and in its place? `audit export`: all of them, a line each."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.audit.append_chain import ChainDeps, export_chain, verify_chain
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.table import AuditTable

_CHAINED_WITHIN = timedelta(minutes=15)


def audit(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("audit", help="prove that no audit event was changed or lost; or print them all")
    add_stack_option(parser)
    parser.add_argument("--office", help="one office's chain; all of them when left out")
    parser.add_argument("what", choices=("verify", "export"))
    return _audit


def _audit(args: argparse.Namespace) -> int:
    """1 when something is wrong with a chain, or an event of the table stands in none."""
    found = outputs(args.stack)
    dynamodb = boto3.client("dynamodb")
    deps = ChainDeps(ChainHeadsTable(dynamodb, found["ChainsTable"]), boto3.client("s3"), found["AuditBucket"])
    offices = [args.office] if args.office else deps.heads.office_ids()
    if args.what == "export":
        for office_id in offices:
            for event in export_chain(office_id, deps):
                print(event.model_dump_json())
        return 0
    wrong = sum(_verified(office_id, deps) for office_id in offices)
    events = AuditTable(dynamodb, found["AuditTable"])
    for fault in _missing(offices, deps, events):
        print(fault)
        wrong += 1
    return 1 if wrong else 0


def _verified(office_id: str, deps: ChainDeps) -> int:
    wrong = verify_chain(office_id, deps)
    print(f"{office_id}: {deps.heads.head(office_id).sequence} links, {len(wrong) or 'nothing'} wrong")
    for fault in wrong:
        print(f"  {fault}")
    return len(wrong)


def _missing(offices: list[str], deps: ChainDeps, table: AuditTable) -> Iterator[str]:
    """The chain says that it is whole; the table says whether everything is in it."""
    chained = {event.event_id: event for office_id in offices for event in export_chain(office_id, deps)}
    for event in table.scan_before(before=datetime.now(UTC) - _CHAINED_WITHIN):
        if event.office_id in offices and chained.get(event.event_id) != event:
            state = "differs from" if event.event_id in chained else "stands in no link of"
            yield f"{event.office_id}: event {event.event_id} of {event.occurred_at:%Y-%m-%d %H:%M} {state} the chain"
