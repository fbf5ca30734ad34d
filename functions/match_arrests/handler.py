"""DynamoDB stream of the arrests table -> alerts; what was told of an arrest that is sealed now is recalled. A batch is
matched as one; an error lets Lambda halve it, so that a record that cannot be matched ends alone in the dead letter and
the rest goes on."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from functions.match_arrests.settings import Settings
from shared.alerting import Alerting, tell
from shared.alerts_queue import enqueuing
from shared.breaker import Breaker
from shared.following import Following, follow_before
from shared.recall import Recalling, recall
from shared.secret import pseudonyms
from shared.settings import load
from shared.tables.alerts import AlertsTable
from shared.tables.arrests import ArrestsTable, versions_in
from shared.tables.audit import AuditTable
from shared.tables.drops import DropsTable
from shared.tables.identity_events import IdentityEventsTable, identity_events_in
from shared.tables.local_tables import LocalTables
from shared.tables.offices import OfficesTable
from shared.tables.seals import sealed_in
from shared.tables.subscriptions import SubscriptionsTable
from shared.tables.watch_list import WatchList

logger = Logger()
settings = load(Settings)
dynamodb = boto3.client("dynamodb")
keyed = pseudonyms(settings.pseudonym_secret)
alerts = AlertsTable(dynamodb, settings.alerts_table)
queue = enqueuing(boto3.client("sqs"), settings.alerts_queue)
recalling = Recalling(alerts, queue)
alerting = Alerting(
    watch_list=WatchList(dynamodb, settings.subscriptions_table, keyed),
    subscriptions=SubscriptionsTable(dynamodb, settings.subscriptions_table),
    offices=OfficesTable(dynamodb, settings.offices_table),
    alerts=alerts,
    pseudonyms=keyed,
    enqueue=queue,
    audit=AuditTable(dynamodb, settings.audit_table),
    breaker=Breaker(
        DropsTable(dynamodb, settings.agencies_table), ArrestsTable(dynamodb, settings.arrests_table), keyed
    ),
    names_of=LocalTables(dynamodb, settings.offices_table).names_of,
)
following = Following(
    alerting.watch_list, alerting.subscriptions, alerting.offices, alerting.alerts, keyed, alerting.enqueue,
    IdentityEventsTable(dynamodb, settings.arrests_table, settings.agencies_table),
)  # fmt: skip


def handler(event: dict[str, Any], _context: object) -> dict[str, list[Any]]:
    records, now = event["Records"], datetime.now(UTC)
    sealed = sealed_in(records)
    versions = [one for one in versions_in(records) if one.arrest.arrest_id not in sealed]
    for done in follow_before((one.arrest for one in versions), identity_events_in(records), following, now):
        logger.info("identity event followed", extra=asdict(done))
    told = tell(versions, alerting, now)
    recalled = sum(len(recall(arrest_id, recalling, now)) for arrest_id in sealed)
    if told.held:
        with single_metric("DropHeld", MetricUnit.Count, 1):
            logger.warning("drop held: it would tell too many people", extra={"arrests": told.held})
    if told.broken:
        logger.error("subscriptions skipped: their stored document is broken", extra={"subscriptions": told.broken})
    logger.info("arrests matched", extra=asdict(told) | {"sealed": len(sealed), "recalled": recalled})
    return {"batchItemFailures": []}
