"""Reports on the quality of alerts: noise and delivery times."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from shared.access import Action
from shared.alerts.reports.quality import (
    DeliveryTimes,
    FolderNoise,
    SubscriptionNoise,
    delivery_times,
    noise,
    noise_by_folder,
)
from shared.office_api import dependencies
from shared.office_api.answers.reported_alerts import reported_alerts
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request

routes = Routes("reports")
router = routes.router
Days = Annotated[int, Query(ge=1, le=90, description="How many days back, in UTC.")]


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
    alerts, complete = reported_alerts(current_request(router), days)
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
    request = current_request(router)
    office = request.caller.office
    alerts, complete = reported_alerts(request, days)
    deliveries = (
        (alert, delivery) for alert in alerts for delivery in dependencies.alerts.deliveries.of_alert(alert.alert_id)
    )
    answers = dependencies.responses.read(alert.alert_id for alert in alerts)
    opened = {
        alert_id: alert_response.opened_at for alert_id, alert_response in answers.items() if alert_response.opened_at
    }
    return TimesReport(complete=complete, days=delivery_times(deliveries, office.zone, opened))
