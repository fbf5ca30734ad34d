"""Reports on the quality of alerts: noise and delivery times."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from shared.access import Action
from shared.alerts.model import Alert
from shared.alerts.reports.quality import (
    DeliveryTimes,
    FolderNoise,
    SubscriptionNoise,
    delivery_times,
    noise,
    noise_by_folder,
)

routes = Routes("reports")
router = routes.router
Days = Annotated[int, Query(ge=1, le=90, description="How many days back, in UTC.")]
MAX_ALERTS = 1_000  # alerts a report reads, the newest


class NoiseReport(BaseModel):
    """`complete` is false if there were more alerts than one report reads. Ask for fewer days."""

    complete: bool
    folders: list[FolderNoise]
    subscriptions: list[SubscriptionNoise]


class TimesReport(BaseModel):
    complete: bool
    days: list[DeliveryTimes]


@routes.get(
    "/v1/reports/noise", action=Action.READ_REPORTS, summary="Report subscriptions and folders that bring noise"
)
def report_noise(days: Days = 30) -> NoiseReport:
    """Counts of alerts and verdicts, and how to narrow a subscription. It repeats case references and nothing from the
    alerts."""
    alerts, complete = recent(current_request(router).caller.office.office_id, days)
    answers = dependencies.responses.read(alert.alert_id for alert in alerts)
    verdicts = {
        alert_id: alert_response.verdict for alert_id, alert_response in answers.items() if alert_response.verdict
    }
    return NoiseReport(
        complete=complete, folders=noise_by_folder(alerts, verdicts), subscriptions=noise(alerts, verdicts)
    )


@routes.get("/v1/reports/delivery-times", action=Action.READ_REPORTS, summary="Report how long alerts took, by day")
def report_delivery_times(days: Days = 7) -> TimesReport:
    """Percentiles of each stage from the arrest's arrival to the reading of its alert."""
    office = current_request(router).caller.office
    alerts, complete = recent(office.office_id, days)
    deliveries = (
        (alert, delivery) for alert in alerts for delivery in dependencies.alerts.deliveries.of_alert(alert.alert_id)
    )
    answers = dependencies.responses.read(alert.alert_id for alert in alerts)
    opened = {
        alert_id: alert_response.opened_at for alert_id, alert_response in answers.items() if alert_response.opened_at
    }
    return TimesReport(complete=complete, days=delivery_times(deliveries, office.zone, opened))


def recent(office_id: str, days: int) -> tuple[list[Alert], bool]:
    since = datetime.now(UTC) - timedelta(days=days)
    alerts: list[Alert] = []
    for alert in _newest(office_id):
        if alert.created_at < since:
            break
        if len(alerts) == MAX_ALERTS:
            return alerts, False
        alerts.append(alert)
    return alerts, True


def _newest(office_id: str) -> Iterator[Alert]:
    after: str | None = None
    while True:
        page, after = dependencies.alerts.page(office_id, 100, after)
        yield from page
        if after is None:
            return
