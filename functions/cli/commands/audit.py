"""`audit verify`: do audit table and hash chains hold the same events, unchanged? `audit export`: prints them all."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import sleep

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import outputs_of
from shared.alerts.disclosures.events import is_disclosure
from shared.audit.append_chain import ChainDeps, chain_records, export_chain, verify_chain
from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.table import AuditTable
from shared.audit.verification import CHAINED_WITHIN, Verification

PUT_WITHIN = 5  # seconds from the move of a chain head to the object of its link


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--office", metavar="OFFICE", help="one office's chain; default: all offices")
    parser.add_argument("what", choices=("verify", "export"))


def run(args: Arguments) -> int:
    """1 when a chain has a fault, or a row of the table and a record of the chain do not agree; and for an office
    without a chain, of which nothing can be proved."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    deps = ChainDeps(ChainHeadsTable(dynamodb, outputs["ChainsTable"]), boto3.client("s3"), outputs["AuditBucket"])
    chained = deps.heads.office_ids()
    if args.office and args.office not in chained:
        print(f"{args.office} has no chain (there is one of: {', '.join(chained) or 'none'})", file=sys.stderr)
        return 1
    offices = [args.office] if args.office else chained
    if args.what == "export":
        return _export(offices, deps)
    faults = sum(_verify(office_id, deps) for office_id in offices)
    for fault in _differences(offices, deps, AuditTable(dynamodb, outputs["AuditTable"])):
        print(fault)
        faults += 1
    return 1 if faults else 0


def _export(offices: list[str], deps: ChainDeps) -> int:
    for office_id in offices:
        for event in export_chain(office_id, deps):
            print(event.model_dump_json())
    return 0


def _verify(office_id: str, deps: ChainDeps) -> int:
    """Prints what is wrong with one chain. Returns the number of faults.

    A chain goes on while it is read: this command itself is recorded in it. A fault counts if it is there twice.
    """
    faults = verify_chain(office_id, deps)
    if faults:
        sleep(PUT_WITHIN)
        faults = [fault for fault in verify_chain(office_id, deps) if fault in faults]
    print(f"{office_id}: {deps.heads.head(office_id).sequence} links, {len(faults) or 'nothing'} wrong")
    for fault in faults:
        print(f"  {fault}")
    return len(faults)


def _differences(offices: list[str], deps: ChainDeps, table: AuditTable) -> Iterator[str]:
    """Yields where chains and table differ, in both directions. Prints which requests have an unknown outcome."""
    now = datetime.now(UTC)
    verification = Verification(offices, is_disclosure, now)
    for office_id in offices:
        yield from verification.faults_of_records(chain_records(office_id, deps))
    yield from verification.faults_of_rows(table.rows_before(now - CHAINED_WITHIN))
    yield from verification.faults_of_chains()
    for notice in verification.unknown_outcomes():
        print(notice)


AUDIT = Command(
    name="audit",
    summary="Proves that no audit event was changed or lost, or prints all audit events",
    details="`verify` checks every chain against its objects, and the audit table against the chains, in both "
    "directions. `export` prints one event a line.",
    example="arrest-alert audit --stack arrest-alert-dev verify",
    add_arguments=add_arguments,
    run=run,
)
