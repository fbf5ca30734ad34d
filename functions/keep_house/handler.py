"""Schedule -> the sweeps. Each sweep is a line in TASKS; the schedule's input names it."""

from datetime import UTC, datetime, timedelta

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from functions.keep_house.settings import Settings
from shared.alerts_queue import enqueuing
from shared.escalation import Escalating, escalate
from shared.feeds_queue import announcing
from shared.housekeeping import close_unconfirmed, drops_without_receipt, requeue_deliveries
from shared.lapsing import Lapsing, lapse
from shared.settings import load
from shared.tables.alerts import AlertsTable
from shared.tables.drops import DropsTable
from shared.tables.notices import NoticesTable
from shared.tables.offices import OfficesTable
from shared.tables.people import PeopleTable
from shared.tables.subscriptions import SubscriptionsTable

logger = Logger()
settings = load(Settings)
s3, sqs = boto3.client("s3"), boto3.client("sqs")
dynamodb = boto3.client("dynamodb")
alerts = AlertsTable(dynamodb, settings.alerts_table)
enqueue = enqueuing(sqs, settings.alerts_queue)
announce = announcing(sqs, settings.feed_queue, settings.feeds_bucket)
subscriptions = SubscriptionsTable(dynamodb, settings.subscriptions_table)
notices = NoticesTable(dynamodb, settings.alerts_table)
lapsing = Lapsing(OfficesTable(dynamodb, settings.offices_table), subscriptions, notices, enqueue)
escalating = Escalating(alerts, PeopleTable(dynamodb, settings.subscriptions_table), enqueue)

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
    return lapse(lapsing, now)


def silences(now: datetime) -> int:
    silent = DropsTable(dynamodb, settings.agencies_table).silent(now)
    if silent:
        logger.warning("agencies are silent", extra={"agencies": silent})
        with single_metric("AgencySilent", MetricUnit.Count, len(silent)):
            pass
    return len(silent)


TASKS = {"deliveries": deliveries, "escalations": escalations, "drops": drops, "validations": validations,
         "silences": silences}  # fmt: skip


def handler(event: dict[str, str], _context: object) -> dict[str, int]:
    task = event["task"]
    found = TASKS[task](datetime.now(UTC))
    logger.info("sweep done", extra={"task": task, "found": found})
    return {"found": found}
