"""Provider's events (SES -> SNS -> SQS) -> the state of the delivery they are about."""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.note_receipts.settings import Settings
from shared.delivery_reports import Reporting, note
from shared.domain.errors import Rejected
from shared.settings import load
from shared.tables.alerts import AlertsTable
from shared.tables.digests import DigestsTable

logger = Logger()
dynamodb, table = boto3.client("dynamodb"), load(Settings).alerts_table
reporting = Reporting(AlertsTable(dynamodb, table), DigestsTable(dynamodb, table))
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(event, _note, processor, context)


def _note(record: SQSRecord) -> None:
    body = json.loads(record.body)
    event = json.loads(body["Message"]) if "Message" in body else body  # with or without SNS's envelope
    try:
        state = note(event, reporting, datetime.now(UTC))
    except Rejected as reject:
        if reject.code == "unknown-delivery":  # parked: the queue repeats it, then the dead letter's alarm says so
            raise
        logger.warning("provider's event not noted", extra={"code": reject.code, "kind": event.get("eventType")})
    else:
        logger.info("provider's event noted", extra={"kind": event.get("eventType"), "state": state})
