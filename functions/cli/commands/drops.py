"""`drops`: an agency's newest drops and their statuses. `drop`: releases or discards a held drop, replays one, or shows
and redrives the execution of a large one."""

import argparse
import sys
from datetime import UTC, datetime

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import check_enrolled, outputs_of
from shared.aws.optimistic_lock import ConflictError
from shared.feeds.copies.bucket import CopiesBucket, file_check
from shared.feeds.drops.decide import DropAction, DropDecisionDeps, InvalidTransitionError, decide_drop
from shared.feeds.drops.model import DropRecord, DropStatus
from shared.feeds.drops.queue import drop_announcer
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.drops.table import DropsTable
from shared.feeds.intake.executions import LargeDropExecutions, run_of
from shared.feeds.profiles.table import AgenciesTable

DROPS_SHOWN = 20
REDRIVABLE = ("FAILED", "TIMED_OUT", "ABORTED")
CONSOLE_HOSTS = {"aws-us-gov": "console.amazonaws-us-gov.com"}


def add_drops_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agency", metavar="AGENCY", help="as its profile names it")


def run_drops(args: Arguments) -> int:
    """The names of files are not shown: clerks put people's names into them."""
    outputs = outputs_of(args.stack)
    executions = _executions(outputs)
    records, _ = _drops_table(outputs).page(args.agency, DROPS_SHOWN, None)
    for record in records:
        rows = f"{record.receipt.rows.read:>9,} records" if record.receipt else "     being read"
        dropped_at = f"{record.drop.dropped_at:%Y-%m-%d %H:%M}"
        status, why = _status_and_reason(record)
        remarks = "  ".join(filter(None, (_unfinished(record, executions), why)))
        print(f"{record.drop_id}  {dropped_at}  {rows}  {status:<11}  {remarks}".rstrip())
    if not records:
        check_enrolled(outputs, args.agency)  # a folder of an agency that is not enrolled may have drops all the same
        print(f"{args.agency} has dropped nothing yet")
    return 0


def _status_and_reason(record: DropRecord) -> tuple[str, str]:
    receipt = record.receipt
    if receipt and (receipt.state is ReceiptState.WAITING or receipt.state.is_unread):
        return receipt.state, f"{receipt.reason} {receipt.fix}".strip()
    return record.status, record.held_because if record.status is DropStatus.HELD else ""


def add_drop_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agency", metavar="AGENCY", help="as its profile names it")
    parser.add_argument("drop", metavar="DROP", help="its id, which `arrest-alert drops` shows")
    parser.add_argument("wish", choices=["show", "release", "discard", "replay", "redrive"])
    parser.add_argument("--silent", action="store_true", help="with replay: notify nobody of what changes")


def run_drop(args: Arguments) -> int:
    """1 when there is no such drop, or when its status does not allow the action."""
    outputs = outputs_of(args.stack)
    deps = decision_deps(outputs)
    record = deps.drops.find(args.agency, args.drop)
    if record is None:
        print(f"{args.agency} has no such drop; `arrest-alert drops` lists them", file=sys.stderr)
        return 1
    if args.wish in ("show", "redrive"):
        return _execution(record, _executions(outputs), redrive=args.wish == "redrive")
    try:
        decided = decide_drop(record, _action(args), "set-up", deps, datetime.now(UTC))
    except InvalidTransitionError as error:
        print(error, file=sys.stderr)
        return 1
    except ConflictError:
        print("somebody else is deciding about this drop; look at it again with `arrest-alert drops`", file=sys.stderr)
        return 1
    print(f"{args.drop}: {'is read again' if args.wish == 'replay' else decided.status}")
    return 0


def decision_deps(outputs: dict[str, str]) -> DropDecisionDeps:
    queue, bucket, s3 = outputs["FeedsQueue"], outputs["FeedsBucket"], boto3.client("s3")
    file_exists = file_check(s3, bucket, CopiesBucket(s3, outputs["CopiesBucket"]))
    announce = drop_announcer(boto3.client("sqs"), queue, bucket)
    agencies = AgenciesTable(boto3.client("dynamodb"), outputs["AgenciesTable"])
    return DropDecisionDeps(_drops_table(outputs), announce, file_exists, agencies.missing_before_live)


def _execution(record: DropRecord, executions: LargeDropExecutions, *, redrive: bool) -> int:
    """Shows the execution of a large drop, redriven if so wished. 1 when there is none, or none that failed."""
    run = run_of(record)
    execution = executions.find(run)
    if execution is None:
        print(f"{record.drop_id}: {record.status}; it has no execution, because it is not large", file=sys.stderr)
        return 1
    if redrive and execution.state not in REDRIVABLE:
        print(f"{record.drop_id}: its execution is {execution.state}; only one that failed goes on", file=sys.stderr)
        return 1
    if redrive:
        executions.redrive(run)
        execution = executions.find(run) or execution
    print(f"{record.drop_id}: {record.status}, {execution.state}\n{execution.arn}\n{_link(execution.arn)}")
    return 0


def _link(execution_arn: str) -> str:
    """Returns the execution's page of the AWS console."""
    partition, region = execution_arn.split(":")[1], execution_arn.split(":")[3]
    host = CONSOLE_HOSTS.get(partition, f"{region}.console.aws.amazon.com")
    return f"https://{host}/states/home?region={region}#/v2/executions/details/{execution_arn}"


def _unfinished(record: DropRecord, executions: LargeDropExecutions) -> str:
    """Returns the state of a large drop's execution while it has not succeeded. A drop that was read once, and about
    which nobody has decided, is not asked about."""
    if record.receipt and record.decision is None:
        return ""
    execution = executions.find(run_of(record))
    return f"execution {execution.state}" if execution and execution.state != "SUCCEEDED" else ""


def _executions(outputs: dict[str, str]) -> LargeDropExecutions:
    return LargeDropExecutions(boto3.client("stepfunctions"), outputs["LargeDrops"])


def _action(args: Arguments) -> DropAction:
    return DropAction.REPLAY_SILENTLY if args.wish == "replay" and args.silent else DropAction(args.wish)


def _drops_table(outputs: dict[str, str]) -> DropsTable:
    return DropsTable(boto3.client("dynamodb"), outputs["AgenciesTable"])


DROPS = Command(
    name="drops",
    summary="Lists an agency's newest drops, with their statuses and why they are held",
    example="arrest-alert drops --stack arrest-alert-dev nypd",
    add_arguments=add_drops_arguments,
    run=run_drops,
)
DROP = Command(
    name="drop",
    summary="Releases or discards a drop that is held, replays a drop, or redrives a large one that failed",
    details="A release notifies of the drop's arrests; a discard never does. A replay reads the file again with the "
    "agency's present profile; who was notified already is not notified again. `show` prints the execution of a large "
    "drop and its state; `redrive` goes on with one that failed, from the tasks that failed.",
    example="arrest-alert drop --stack arrest-alert-dev nypd 3f0c5d8e1b7a49268c0d4e5f6a7b8c9d release",
    add_arguments=add_drop_arguments,
    run=run_drop,
)
