"""The queue of exports: one message an export."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.records_requests.exports.model import ExportTask

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def export_enqueuer(sqs: "SQSClient", queue_url: str) -> Callable[[ExportTask], None]:
    def enqueue(task: ExportTask) -> None:
        sqs.send_message(QueueUrl=queue_url, MessageBody=task.model_dump_json())

    return enqueue
