"""The alerts queue: one message a delivery, with the office as the message group so that no office delays another."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.alerts.delivery.model import DeliveryKey, Enqueue
from shared.aws.queues import QueueMessage, send_messages

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def delivery_enqueuer(sqs: "SQSClient", queue_url: str) -> Enqueue:
    """Returns a function that queues deliveries for the senders. It raises TryLater when SQS took only some of them."""

    def enqueue(keys: Iterable[DeliveryKey]) -> None:
        send_messages(sqs, queue_url, (QueueMessage(json.dumps(key._asdict()), key.office_id) for key in keys))

    return enqueue


def delivery_key_in(body: str) -> DeliveryKey:
    """Reads a message's body. A message of an older release has no office."""
    return DeliveryKey(**json.loads(body))
