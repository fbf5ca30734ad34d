"""DynamoDB stream of the arrests table -> alerts; what was told of an arrest that is sealed now is recalled. A batch is
matched as one; an error lets Lambda halve it, so that a record that cannot be matched ends alone in the dead letter and
the rest goes on."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from functions.match_arrests.settings import Settings
from shared.alerts.circuit_breaker import Breaker
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.follow_identity_events import FollowDeps, follow_before
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.table import AlertsTable
from shared.alerts.withdraw import WithdrawDeps, withdraw_alerts
from shared.arrests.identity_events.table import IdentityEventsTable, identity_events_in
from shared.arrests.seals.table import sealed_in
from shared.arrests.table import ArrestsTable, versions_in
from shared.audit.table import AuditTable
from shared.aws.metrics import Metric, count
from shared.aws.secrets import load_pseudonyms
from shared.aws.settings import load_settings
from shared.feeds.drops.table import DropsTable
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.offices.table import OfficesTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable

logger = Logger()
settings = load_settings(Settings)
dynamodb = boto3.client("dynamodb")
keyed = load_pseudonyms(settings.pseudonym_secret)
alerts = AlertsTable(dynamodb, settings.alerts_table)
queue = delivery_enqueuer(boto3.client("sqs"), settings.alerts_queue)
recalling = WithdrawDeps(alerts, queue)
alerting = MatchDeps(
    watch_list=SubscriptionIndex(dynamodb, settings.subscriptions_table, keyed),
    subscriptions=SubscriptionsTable(dynamodb, settings.subscriptions_table),
    offices=OfficesTable(dynamodb, settings.offices_table),
    alerts=alerts,
    pseudonyms=keyed,
    enqueue=queue,
    audit=AuditTable(dynamodb, settings.audit_table),
    breaker=Breaker(
        DropsTable(dynamodb, settings.agencies_table), ArrestsTable(dynamodb, settings.arrests_table), keyed
    ),
    names_of=AgencyReferenceTable(dynamodb, settings.offices_table).names_of,
)
following = FollowDeps(
    alerting.watch_list, alerting.subscriptions, alerting.offices, alerting.alerts, keyed, alerting.enqueue,
    IdentityEventsTable(dynamodb, settings.arrests_table, settings.agencies_table),
)  # fmt: skip


def handler(event: dict[str, Any], _context: object) -> dict[str, list[Any]]:
    records, now = event["Records"], datetime.now(UTC)
    sealed = sealed_in(records)
    versions = [version for version in versions_in(records) if version.arrest.arrest_id not in sealed]
    for done in follow_before((version.arrest for version in versions), identity_events_in(records), following, now):
        logger.info("identity event followed", extra=asdict(done))
    match_summary = match_versions(versions, alerting, now)
    recalled = sum(len(withdraw_alerts(arrest_id, recalling, now)) for arrest_id in sealed)
    if match_summary.held:
        count(Metric.DROP_HELD)
        logger.warning("drop held: it would tell too many people", extra={"arrests": match_summary.held})
    if match_summary.broken:
        logger.error(
            "subscriptions skipped: their stored document is broken", extra={"subscriptions": match_summary.broken}
        )
    logger.info("arrests matched", extra=asdict(match_summary) | {"sealed": len(sealed), "recalled": recalled})
    return {"batchItemFailures": []}
