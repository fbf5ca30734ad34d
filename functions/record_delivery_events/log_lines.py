"""The lines of a log group that CloudWatch Logs hands to a function (AWS, "Log group-level subscription filters")."""

import gzip
import json
from base64 import b64decode
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shared.aws.handshakes import handshake_in
from shared.aws.queues import QueueMessage, send_messages

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def lines_of(event: dict[str, Any]) -> list[str]:
    """The messages of the log events. A control message, by which CloudWatch Logs tries the destination, has none."""
    text = gzip.decompress(b64decode(event["awslogs"]["data"])).decode()
    if handshake_in(text):
        return []
    return [log_event["message"] for log_event in json.loads(text)["logEvents"]]


def enqueue_lines(lines: Iterable[str], sqs: "SQSClient", queue_url: str) -> None:
    """Queues each line as a message of its own, so that a line which must wait keeps no other waiting. May run twice.

    Raises TryLater when SQS did not take every line.
    """
    send_messages(sqs, queue_url, map(QueueMessage, lines))
