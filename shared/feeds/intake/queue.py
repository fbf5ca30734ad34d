from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from shared.batching import batches
from shared.errors import TryLater
from shared.feeds.intake.dependencies import SplitTask

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def task_sender(sqs: "SQSClient", queue: str) -> Callable[[Iterable[SplitTask]], None]:
    """A function that queues tasks, ten a call; it raises TryLater when some were not taken. The agency is the message
    group: on a standard queue that orders nothing, and one agency's large drop does not delay another's."""

    def send(tasks: Iterable[SplitTask]) -> None:
        for batch in batches(tasks, 10):
            entries: list[Any] = [
                {"Id": str(at), "MessageBody": task.model_dump_json(), "MessageGroupId": task.drop.agency}
                for at, task in enumerate(batch)
            ]
            answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
            if failed := answer.get("Failed"):
                raise TryLater(f"the queue did not take {len(failed)} of {len(batch)} tasks")

    return send
