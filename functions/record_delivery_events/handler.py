"""Provider's events -> the state of the delivery they are about.

Of a mail: SES -> SNS -> SQS. Of a text: SNS -> a log group -> here, which puts each line into the same queue.
"""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.record_delivery_events.lines import lines_of, queued
from functions.record_delivery_events.settings import Settings
from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.follow_up.provider_events import ProviderEventDeps, record_mail_event, record_text_event, spent
from shared.alerts.table import AlertsTable
from shared.aws.metrics import Metric, count
from shared.aws.settings import load_settings
from shared.errors import Rejected
from shared.offices.table import OfficesTable

logger = Logger()
settings = load_settings(Settings)
dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
reporting = ProviderEventDeps(
    AlertsTable(dynamodb, settings.alerts_table),
    DigestsTable(dynamodb, settings.alerts_table),
    OfficesTable(dynamodb, settings.offices_table),
)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    if "awslogs" in event:
        return _queue(event)
    return process_partial_response(event, _note, processor, context)


def _queue(event: dict[str, Any]) -> None:
    queued(lines_of(event), sqs, settings.provider_events_queue)


def _note(record: SQSRecord) -> None:
    body = json.loads(record.body)
    if "awslogs" in body:  # a dead letter that is replayed: the queue was not to be had
        return _queue(body)
    event = json.loads(body["Message"]) if "Message" in body else body  # with or without SNS's envelope
    kind = event.get("eventType", "text")
    try:
        state = (record_text_event if kind == "text" else record_mail_event)(event, reporting, datetime.now(UTC))
    except Rejected as reject:
        if reject.code == "unknown-delivery":  # parked: the queue repeats it, then the dead letter's alarm says so
            raise
        logger.warning("provider's event not noted", extra={"code": reject.code, "kind": kind})
        return None
    logger.info("provider's event noted", extra={"kind": kind, "state": state})
    if kind == "text" and spent(event):
        count(Metric.TEXTS_REFUSED_AT_LIMIT)
    return None
