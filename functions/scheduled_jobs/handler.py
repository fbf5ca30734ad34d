"""Schedule -> the sweeps. Each sweep is a line in TASKS; the schedule's input names it."""

from datetime import UTC, datetime, timedelta

import boto3
from aws_lambda_powertools import Logger

from functions.scheduled_jobs.settings import Settings
from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.delivery.sweep import close_unconfirmed, drops_without_receipt, requeue_deliveries
from shared.alerts.expiry_reminders import ExpiryDeps, send_expiry_reminders
from shared.alerts.follow_up.escalate import EscalationDeps, escalate
from shared.alerts.table import AlertsTable
from shared.aws.metrics import Metric, count
from shared.aws.settings import load_settings
from shared.feeds.drops.queue import drop_announcer
from shared.feeds.drops.table import DropsTable
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable

logger = Logger()
settings = load_settings(Settings)
s3, sqs = boto3.client("s3"), boto3.client("sqs")
dynamodb = boto3.client("dynamodb")
alerts = AlertsTable(dynamodb, settings.alerts_table)
enqueue = delivery_enqueuer(sqs, settings.alerts_queue)
announce = drop_announcer(sqs, settings.feed_queue, settings.feeds_bucket)
subscriptions = SubscriptionsTable(dynamodb, settings.subscriptions_table)
notices = NoticesTable(dynamodb, settings.alerts_table)
lapsing = ExpiryDeps(OfficesTable(dynamodb, settings.offices_table), subscriptions, notices, enqueue)
escalating = EscalationDeps(alerts, PreferencesTable(dynamodb, settings.subscriptions_table), enqueue)

# An event can take minutes, a large drop longer; what is older than two days has been swept dozens of times.
YOUNGEST_DROP, OLDEST_DROP = timedelta(minutes=20), timedelta(days=2)


def deliveries(now: datetime) -> int:
    if closed := close_unconfirmed(alerts, now):
        logger.warning("mails never confirmed", extra={"count": closed})
    return requeue_deliveries(alerts, enqueue, now)


def escalations(now: datetime) -> int:
    return escalate(escalating, now)


def drops(now: datetime) -> int:
    lost = list(drops_without_receipt(s3, settings.feeds_bucket, now - YOUNGEST_DROP, now - OLDEST_DROP))
    for drop in lost:
        announce(drop)
    return len(lost)


def validations(now: datetime) -> int:
    return send_expiry_reminders(lapsing, now)


def silences(now: datetime) -> int:
    silent = DropsTable(dynamodb, settings.agencies_table).silent_agencies(now)
    if silent:
        logger.warning("agencies are silent", extra={"agencies": silent})
        count(Metric.AGENCY_SILENT, len(silent))
    return len(silent)


TASKS = {"deliveries": deliveries, "escalations": escalations, "drops": drops, "validations": validations,
         "silences": silences}  # fmt: skip


def handler(event: dict[str, str], _context: object) -> dict[str, int]:
    task = event["task"]
    found = TASKS[task](datetime.now(UTC))
    logger.info("sweep done", extra={"task": task, "found": found})
    return {"found": found}
