import json
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from shared.domain.drops import Drop

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def announcing(sqs: "SQSClient", queue: str, bucket: str) -> Callable[[Drop], None]:
    """A function that has the intake read a drop, again or at last."""

    def announce(drop: Drop) -> None:
        sqs.send_message(QueueUrl=queue, MessageBody=event_of(drop, bucket))

    return announce


def event_of(drop: Drop, bucket: str) -> str:
    """The S3 event notification that told of this drop, or should have."""
    thing = {"key": quote_plus(drop.key, safe="/"), "size": drop.size}
    thing |= {"versionId": drop.version_id} if drop.version_id else {}
    thing |= {"sequencer": drop.sequencer} if drop.sequencer else {}
    record = {
        "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": thing},
        "eventTime": drop.dropped_at.astimezone(UTC).isoformat(),
    }  # fmt: skip
    return json.dumps({"Records": [record]})
