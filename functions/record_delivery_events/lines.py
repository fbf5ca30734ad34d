"""What CloudWatch Logs hands on of a log group (AWS, "Log group-level subscription filters": Lambda)."""

import gzip
import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def lines_of(event: dict[str, Any]) -> list[str]:
    """None of a control message, by which it tries whether anybody is there."""
    said = json.loads(gzip.decompress(b64decode(event["awslogs"]["data"])))
    return [one["message"] for one in said["logEvents"]] if said["messageType"] == "DATA_MESSAGE" else []


def queued(lines: list[str], sqs: "SQSClient", queue: str) -> None:
    """Each by itself, so that one which must wait keeps no other waiting. Twice is harmless."""
    for batch in batches(lines, 10):
        entries: list[Any] = [{"Id": str(at), "MessageBody": line} for at, line in enumerate(batch)]
        if failed := sqs.send_message_batch(QueueUrl=queue, Entries=entries).get("Failed"):
            raise TryLater(f"the queue did not take {len(failed)} of {len(batch)} lines")
