"""`drops`: an agency's newest drops and how they stand. `drop`: release or discard what is held, or read one anew."""

import argparse
import sys
from datetime import UTC, datetime

import boto3

from functions.cli.deployment import Run, Subcommands, add_stack_option, outputs
from shared.aws.optimistic_lock import ConflictError
from shared.feeds.drops.decide import DropAction, DropDecisionDeps, InvalidTransitionError, decide_drop
from shared.feeds.drops.queue import drop_announcer
from shared.feeds.drops.stored_file import file_check
from shared.feeds.drops.table import DropsTable

SHOWN = 20


def drops(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("drops", help="an agency's newest drops, how they stand, and why")
    add_stack_option(parser)
    parser.add_argument("agency")
    return _drops


def _drops(args: argparse.Namespace) -> int:
    """A file's name is not shown: clerks put people's names into file names."""
    records, _ = _table(outputs(args.stack)).page(args.agency, SHOWN, None)
    for record in records:
        rows = f"{record.receipt.rows.read:>9,} records" if record.receipt else "     being read"
        dropped = f"{record.drop.dropped_at:%Y-%m-%d %H:%M}"
        print(f"{record.drop_id}  {dropped}  {rows}  {record.status:<9}  {record.held_because}".rstrip())
    return 0


def drop(subcommands: Subcommands) -> Run:
    parser = subcommands.add_parser("drop", help="release or discard a drop that is held, or read one once more")
    add_stack_option(parser)
    parser.add_argument("agency")
    parser.add_argument("drop", help="its id, as `drops` shows it")
    parser.add_argument("wish", choices=["release", "discard", "replay"])
    parser.add_argument("--silent", action="store_true", help="of a replay: tell nobody of what changes")
    return _drop


def _drop(args: argparse.Namespace) -> int:
    found = outputs(args.stack)
    table = _table(found)
    record = table.find(args.agency, args.drop)
    if record is None:
        print(f"{args.agency} has no such drop; `arrest-alert drops` lists them", file=sys.stderr)
        return 1
    wish = DropAction.REPLAY_SILENTLY if args.wish == "replay" and args.silent else DropAction(args.wish)
    queue, bucket = found["FeedsQueue"], found["FeedsBucket"]
    deps = DropDecisionDeps(
        table, drop_announcer(boto3.client("sqs"), queue, bucket), file_check(boto3.client("s3"), bucket)
    )
    try:
        done = decide_drop(record, wish, "set-up", deps, datetime.now(UTC))
    except (InvalidTransitionError, ConflictError) as fault:
        print(str(fault) or "somebody else decides about it at this moment; look at it again", file=sys.stderr)
        return 1
    print(f"{args.drop}: {done.status}")
    return 0


def _table(found: dict[str, str]) -> DropsTable:
    return DropsTable(boto3.client("dynamodb"), found["AgenciesTable"])
