"""The queue of split tasks: one message a task of a large drop, with the agency as the message group.

So one agency's large drop does not delay another agency's.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from shared.aws.queues import QueueMessage, send_messages
from shared.feeds.intake.dependencies import SplitTask

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def task_sender(sqs: "SQSClient", queue_url: str) -> Callable[[Iterable[SplitTask]], None]:
    """Returns a function that queues tasks. It raises TryLater when SQS took only some of them."""

    def send_tasks(tasks: Iterable[SplitTask]) -> None:
        send_messages(sqs, queue_url, (QueueMessage(task.model_dump_json(), task.drop.agency) for task in tasks))

    return send_tasks
