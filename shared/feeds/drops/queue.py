import json
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from shared.feeds.drops.model import Drop

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


def drop_announcer(sqs: "SQSClient", queue: str, bucket: str) -> Callable[[Drop], None]:
    """A function that has the intake read a drop, again or at last."""

    def announce(drop: Drop) -> None:
        sqs.send_message(QueueUrl=queue, MessageBody=s3_event_of(drop, bucket))

    return announce


def file_check(s3: "S3Client", bucket: str) -> Callable[[Drop], bool]:
    """A function that says whether the intake could read a drop again: its version of the file may be gone."""

    def kept(drop: Drop) -> bool:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=drop.key)
        versions = (one for page in pages for one in page.get("Versions", ()) if one["Key"] == drop.key)
        return any(drop.version_id in ("", one["VersionId"]) for one in versions)

    return kept


def s3_event_of(drop: Drop, bucket: str) -> str:
    """The S3 event notification that told of this drop, or should have."""
    thing = {"key": quote_plus(drop.key, safe="/"), "size": drop.size}
    thing |= {"versionId": drop.version_id} if drop.version_id else {}
    thing |= {"sequencer": drop.sequencer} if drop.sequencer else {}
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket}, "object": thing},
        "eventTime": drop.dropped_at.astimezone(UTC).isoformat(),
    }
    return json.dumps({"Records": [record]})
