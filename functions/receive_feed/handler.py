"""Feed queue -> arrests table, receipt and reject file.

A drop that cannot be read gets a receipt that says so; it is not an error. A large drop becomes an execution of a state
machine, which invokes this function for each task.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from functions.receive_feed import dependencies
from functions.receive_feed.events import drops_in, task_in
from shared.aws.consume_queue import PartialBatch, consume
from shared.aws.handshakes import handshake_in
from shared.aws.metrics import Metric, count
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeVerdict
from shared.feeds.intake.dependencies import LargeDropStep, LargeDropTask
from shared.feeds.intake.process_drop import cut_drop, process_drop
from shared.feeds.intake.split_large import run_task
from shared.feeds.profiles.enrolment import NOT_PERMITTED

logger = Logger()

# The file's name is not among them: clerks put people's names into file names. Nor are counts of minors and of seals.
LOGGED_FIELDS = frozenset(
    {
        "drop_id",
        "agency",
        "state",
        "code",
        "size",
        "rows",
        "arrests",
        "identity_events",
        "rejected",
        "volume",
    }
)


def handler(event: dict[str, Any], context: object) -> PartialBatch | list[int]:
    if task := task_in(event):
        return _do(task)
    return consume(event, context, _receive, lambda: dependencies.sqs)


def _receive(body: str) -> None:
    if handshake := handshake_in(body):
        logger.info("handshake ignored", extra={"handshake": handshake})
        return
    for drop in drops_in(body):
        _report(process_drop(drop, dependencies.intake, _now))


def _do(task: LargeDropTask) -> list[int]:
    """Does a task of a large drop. Cutting returns the numbers of the ranges, which are those of the partitions too;
    every other task returns none."""
    split, intake, ranges = dependencies.split, dependencies.intake, 0
    if task.step is LargeDropStep.CUT:
        ranges, receipt = cut_drop(task.run, split, intake, _now)
    else:
        receipt = run_task(task, split, intake, _now)
    _report(receipt)
    logger.info("task of a large drop done", extra=task.run.model_dump() | {"step": task.step, "number": task.number})
    return list(range(ranges))


def _now() -> datetime:
    return datetime.now(UTC)


def _report(receipt: Receipt | None) -> None:
    """Logs a receipt and counts it for the alarms. None: the drop is not finished."""
    if receipt is None:
        return
    if receipt.state is ReceiptState.HELD:
        count(Metric.DROP_HELD)
    if receipt.rejected.get(NOT_PERMITTED):
        count(Metric.SEALS_REFUSED)
    if receipt.state is not ReceiptState.HELD and receipt.volume is VolumeVerdict.THIN:
        count(Metric.THIN_DROP)
    logger.info("drop taken in", extra=receipt.for_office().model_dump(mode="json", include=set(LOGGED_FIELDS)))
