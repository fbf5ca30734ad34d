"""Alerts queue -> e-mail, SMS, topic: one delivery a message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.send_alerts.settings import Settings
from shared.alerts_queue import dequeued
from shared.channels import CHANNELS
from shared.channels.contract import Route
from shared.delivery import Delivering, deliver
from shared.settings import load
from shared.tables.alerts import AlertsTable
from shared.tables.arrests import ArrestsTable
from shared.tables.offices import OfficesTable
from shared.tables.subscriptions import SubscriptionsTable

logger = Logger()
settings = load(Settings)
dynamodb = boto3.client("dynamodb")
route = Route(settings.sender, settings.configuration_set, settings.alerts_topic)
delivering = Delivering(
    alerts=AlertsTable(dynamodb, settings.alerts_table),
    arrests=ArrestsTable(dynamodb, settings.arrests_table),
    offices=OfficesTable(dynamodb, settings.offices_table),
    subscriptions=SubscriptionsTable(dynamodb, settings.subscriptions_table),
    send={name: channel.sending(route) for name, channel in CHANNELS.items()},
    console=settings.console_url,
    lease=timedelta(seconds=settings.claim_lease_seconds),
    clock=lambda: datetime.now(UTC),
)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(event, _send, processor, context)


def _send(record: SQSRecord) -> None:
    key = dequeued(record.body)
    outcome = deliver(key, delivering)
    logger.info("delivery handled", extra={"alert": key.alert_id, "channel": key.channel, "outcome": outcome.value})
