"""What send_alerts works with, made once at cold start. Providers and the secret are reached on first use."""

import time
from datetime import UTC, datetime, timedelta
from functools import cache

import boto3

from functions.send_alerts.settings import Settings
from shared.alerts.delivery.dependencies import DeliveryDeps
from shared.alerts.delivery.limits.rate_limit import RateLimiter
from shared.alerts.delivery.limits.rate_table import RatesTable
from shared.alerts.model import Alert
from shared.alerts.table import AlertsTable
from shared.arrests.synthetic import is_synthetic
from shared.arrests.table import ArrestsTable
from shared.aws.metrics import Metric, record_seconds
from shared.aws.secrets import RotatingKeys
from shared.aws.settings import load_settings
from shared.aws.signing_keys import KeyPurpose
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.channels import CHANNELS
from shared.channels.dependencies import ChannelDeps
from shared.offices.preferences import Urgency
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable

WAIT_OF_OURS_SECONDS = 3600


def _now() -> datetime:
    return datetime.now(UTC)


def _record_latency(alert: Alert, now: datetime) -> None:
    """Records the time from drop to sending. An update is as old as the news in it. An alert that waited for a person's
    quiet hours or digest is not late, so it is left out. The canary has a metric of its own, which alone tells of
    silence in the night."""
    seconds = (now - alert.stages.dropped_at).total_seconds()
    if is_synthetic(alert.office_id):
        record_seconds(Metric.CANARY_TO_SENT, seconds)
        return
    if alert.urgency is Urgency.URGENT or seconds < WAIT_OF_OURS_SECONDS:
        record_seconds(Metric.DROP_TO_SENT, seconds)


_settings = load_settings(Settings)

dynamodb = boto3.client("dynamodb", config=ANSWERS_WITHIN)
sqs = cache(lambda: boto3.client("sqs", config=ANSWERS_WITHIN))  # for messages that are given back
channels = ChannelDeps(
    sender=_settings.sender,
    configuration_set=_settings.configuration_set,
    alerts_topic=_settings.alerts_topic,
    webhook_keys=RotatingKeys(_settings.webhooks_secret, KeyPurpose.WEBHOOKS),
    mails_a_second=_settings.mails_a_second,
    texts_a_second=_settings.texts_a_second,
)
delivery = DeliveryDeps(
    alerts=AlertsTable(dynamodb, _settings.alerts_table),
    arrests=ArrestsTable(dynamodb, _settings.arrests_table),
    offices=OfficesTable(dynamodb, _settings.offices_table),
    subscriptions=SubscriptionsTable(dynamodb, _settings.subscriptions_table),
    preferences=PreferencesTable(dynamodb, _settings.subscriptions_table),
    senders={name: channel.sender(channels) for name, channel in CHANNELS.items()},
    console=_settings.console_url,
    lease=timedelta(seconds=_settings.claim_lease_seconds),
    clock=_now,
    link_keys=RotatingKeys(_settings.links_secret, KeyPurpose.LINKS),
    rate=RateLimiter(
        RatesTable(dynamodb, _settings.alerts_table),
        {name: channel.messages_a_second(channels) for name, channel in CHANNELS.items()},
        _now,
        time.sleep,
    ),
    on_sent=_record_latency,
)
