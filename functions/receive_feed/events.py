"""What receive_feed is invoked with: S3 event notifications from its queue, or a task of a large drop."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from shared.arrests.model import parse_utc
from shared.feeds.drops.model import Drop
from shared.feeds.intake.dependencies import LargeDropTask


def drops_in(body: str) -> Iterator[Drop]:
    """Yields the drops of one S3 event notification (Amazon S3 User Guide, "Event message structure").

    The intake's own receipts and reject files are no drops. Raises KeyError for any other message.
    """
    for record in json.loads(body)["Records"]:
        s3_object = record["s3"]["object"]
        drop = Drop(
            key=unquote_plus(s3_object["key"]),
            size=s3_object.get("size", 0),
            dropped_at=parse_utc(record["eventTime"]),
            version_id=s3_object.get("versionId", ""),
            sequencer=s3_object.get("sequencer", ""),
        )
        if not drop.is_own_object:
            yield drop


def task_in(event: dict[str, Any]) -> LargeDropTask | None:
    """Returns the task with which Step Functions invokes the function; None for a batch of messages."""
    return LargeDropTask.model_validate(event) if "step" in event else None
