"""The queue of purges: one message a step. The next page of a step is a message of its own."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from shared.aws.queues import QueueMessage, send_messages
from shared.retention.model import PurgeStep

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def step_enqueuer(sqs: "SQSClient", queue_url: str) -> Callable[[Iterable[PurgeStep]], None]:
    """Returns a function that queues steps. It raises TryLater when SQS took only some of them."""

    def enqueue(steps: Iterable[PurgeStep]) -> None:
        send_messages(sqs, queue_url, (QueueMessage(step.model_dump_json()) for step in steps))

    return enqueue
