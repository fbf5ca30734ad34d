"""Alerts queue -> e-mail, SMS, topic: one delivery a message."""

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.send_alerts.settings import Settings
from shared.alerts.delivery.dependencies import DeliveryDeps, DeliveryOutcome
from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.queue import delivery_key_in
from shared.alerts.delivery.rate_limit import Rate
from shared.alerts.delivery.rate_table import RatesTable
from shared.alerts.delivery.send import deliver
from shared.alerts.model import Alert
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.aws.metrics import Metric, count, record_seconds
from shared.aws.secrets import load_secret_key
from shared.aws.settings import load_settings
from shared.channels import CHANNELS
from shared.channels.dependencies import ChannelDeps
from shared.offices.preferences import Urgency
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable

A_WAIT_OF_OURS = 3600  # seconds

logger = Logger()


def _measured(alert: Alert, now: datetime) -> None:
    """An update is as old as the news in it. What waited for a person's quiet hours or digest is not late."""
    seconds = (now - alert.stages.dropped_at).total_seconds()
    if alert.urgency is Urgency.URGENT or seconds < A_WAIT_OF_OURS:
        record_seconds(Metric.DROP_TO_SENT, seconds)


def _now() -> datetime:
    return datetime.now(UTC)


settings = load_settings(Settings)
dynamodb = boto3.client("dynamodb")
secret = cache(lambda: load_secret_key(settings.pseudonym_secret))  # read when a message first needs it
route = ChannelDeps(settings.sender, settings.configuration_set, settings.alerts_topic, secret)
limits = {"email": settings.mails_a_second, "sms": settings.texts_a_second}
delivering = DeliveryDeps(
    alerts=AlertsTable(dynamodb, settings.alerts_table),
    arrests=ArrestsTable(dynamodb, settings.arrests_table),
    offices=OfficesTable(dynamodb, settings.offices_table),
    subscriptions=SubscriptionsTable(dynamodb, settings.subscriptions_table),
    digests=DigestsTable(dynamodb, settings.alerts_table),
    people=PreferencesTable(dynamodb, settings.subscriptions_table),
    send={name: channel.sending(route) for name, channel in CHANNELS.items()},
    console=settings.console_url,
    lease=timedelta(seconds=settings.claim_lease_seconds),
    clock=_now,
    secret=secret,
    rate=Rate(RatesTable(dynamodb, settings.alerts_table), limits, _now, time.sleep),
    told=_measured,
)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    return process_partial_response(event, _send, processor, context)


def _send(record: SQSRecord) -> None:
    key = delivery_key_in(record.body)
    outcome = deliver(key, delivering)
    if outcome is DeliveryOutcome.HELD:
        count(Metric.HELD_BY_CEILING)
    logger.info("delivery handled", extra={"alert": key.alert_id, "channel": key.channel, "outcome": outcome.value})
