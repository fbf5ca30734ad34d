import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from shared.alerts.delivery.table import DeliveryKey
from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def delivery_enqueuer(sqs: "SQSClient", queue: str) -> Callable[[Iterable[DeliveryKey]], None]:
    """A function that queues deliveries for the senders, ten a call; it raises TryLater when some were not taken.

    The office is the message group: on a standard queue that orders nothing, and keeps an office that floods the queue
    from delaying the others (Amazon SQS fair queues).
    """

    def enqueue(keys: Iterable[DeliveryKey]) -> None:
        for batch in batches(keys, 10):
            entries: list[Any] = [
                {"Id": str(at), "MessageBody": json.dumps(key._asdict())}
                | ({"MessageGroupId": key.office_id} if key.office_id else {})
                for at, key in enumerate(batch)
            ]
            answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)
            if failed := answer.get("Failed"):
                raise TryLater(f"the queue did not take {len(failed)} of {len(batch)} deliveries")

    return enqueue


def delivery_key_in(body: str) -> DeliveryKey:
    return DeliveryKey(**json.loads(body))
