"""The feed queue: has the intake read a drop again, by the S3 event notification that first told of it."""

import json
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from shared.aws.queues import QueueMessage, send_messages
from shared.feeds.drops.model import Drop

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def drop_announcer(sqs: "SQSClient", queue_url: str, bucket: str) -> Callable[[Drop], None]:
    """Returns a function that queues a drop to be read. It raises TryLater when SQS did not take the message."""

    def announce(drop: Drop) -> None:
        send_messages(sqs, queue_url, [QueueMessage(s3_event_of(drop, bucket))])

    return announce


def s3_event_of(drop: Drop, bucket: str) -> str:
    """Returns the S3 event notification (JSON) for this drop, as S3 itself sends it."""
    s3_object = {"key": quote_plus(drop.key, safe="/"), "size": drop.size}
    s3_object |= {"versionId": drop.version_id} if drop.version_id else {}
    s3_object |= {"sequencer": drop.sequencer} if drop.sequencer else {}
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket}, "object": s3_object},
        "eventTime": drop.dropped_at.astimezone(UTC).isoformat(),
    }
    return json.dumps({"Records": [record]})
