"""Alerts: reading, acknowledgement, verdict, and withdrawal."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.agreement_filter import agreement_filter
from functions.office_api.cursors import Cursor, Limit, cursor_of, place_of
from functions.office_api.endpoints import Replay, Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.resources import alert_resources
from functions.office_api.routes import examples
from shared.access import Action
from shared.alerts.delivery.model import Delivery
from shared.alerts.responses import respond
from shared.alerts.responses.model import AlertResponse, Verdict
from shared.alerts.view import AlertDisclosure, ShownAlert, ShownArrest
from shared.alerts.withdraw import withdraw_alerts

routes = Routes("alerts")
router = routes.router
AlertId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the alert.")]


class AlertView(BaseModel):
    """An alert. `arrest` is null if the arrest may no longer be read. A `withdrawn` alert must not be acted on."""

    number: str
    withdrawn: bool
    alert: ShownAlert
    answers: AlertResponse
    arrest: ShownArrest | None
    deliveries: list[Delivery]


class AlertsPage(BaseModel):
    items: list[ShownAlert]
    next: str | None


@routes.get("/v1/alerts", action=Action.LIST_ALERTS, summary="List your alerts, newest first")
def list_alerts(limit: Limit = 50, after: Cursor = "") -> AlertsPage:
    """Alerts that you received, and those of subscriptions that you created. A page may hold fewer items than `limit`,
    or none, and still have a `next`."""
    request = current_request(router)
    of = ("alerts", request.by.office.office_id)
    alerts, following = dependencies.alerts.page(of[1], limit, place_of(after, *of))
    agreed = agreement_filter(request.by)
    readable = request.filter_allowed(Action.READ_ALERT, alert_resources(request.by, alerts, agreed))
    return AlertsPage(items=[shown.alert for shown in readable], next=cursor_of(following, *of))


@routes.get("/v1/alerts/{alert_id}", action=Action.READ_ALERT, summary="Read an alert with its arrest and deliveries")
def read_alert(alert_id: AlertId) -> AlertView:
    """Reading is recorded as the opening of the alert. `arrest` is null if you may no longer read the arrest. If the
    agency has corrected the record so that no reason holds any more, the alert is withdrawn."""
    request = current_request(router)
    alert, arrest = request.resource(AlertDisclosure)
    respond.record_opening(alert, request.caller.email, dependencies.response_deps, datetime.now(UTC))
    return AlertView(
        number=alert.number,
        withdrawn=alert.withdrawn_at is not None,
        alert=alert,
        answers=dependencies.responses.read([alert_id]).get(alert_id, AlertResponse()),
        deliveries=dependencies.alerts.deliveries.of_alert(alert_id),
        arrest=arrest,
    )


class VerdictRequest(BaseModel):
    verdict: Verdict


@routes.put(
    "/v1/alerts/{alert_id}/acknowledgement",
    action=Action.ANSWER_ALERT,
    summary="Acknowledge an alert",
)
def acknowledge_alert(alert_id: AlertId) -> AlertResponse:
    """The alert escalates no further. The first acknowledgement stands."""
    request = current_request(router)
    respond.acknowledge(
        request.resource(AlertDisclosure).alert, request.caller.email, dependencies.response_deps, datetime.now(UTC)
    )
    return dependencies.responses.read([alert_id])[alert_id]


@routes.put(
    "/v1/alerts/{alert_id}/verdict",
    action=Action.ANSWER_ALERT,
    summary="Give a verdict on an alert",
    example=examples.VERDICT,
)
def give_verdict(alert_id: AlertId, verdict_request: VerdictRequest) -> AlertResponse:
    """Says whether the alert was about the right person and useful. The last verdict stands."""
    request = current_request(router)
    respond.record_verdict(
        request.resource(AlertDisclosure).alert,
        verdict_request.verdict,
        request.caller.email,
        dependencies.response_deps,
    )
    return dependencies.responses.read([alert_id])[alert_id]


class WithdrawnAlerts(BaseModel):
    alerts: list[str]


@routes.post(
    "/v1/alerts/{alert_id}/recall",
    action=Action.RECALL_ALERT,
    summary="Withdraw an alert",
    replay=Replay(
        answer=lambda ids, **_arguments: WithdrawnAlerts(alerts=ids["alerts"]),
        ids=lambda document: {"alerts": document["alerts"]},
    ),
)
def withdraw_alert(alert_id: AlertId) -> WithdrawnAlerts:
    """For an arrest that is sealed or wrong. Everybody in your office who was notified of the arrest is told that the
    alert is withdrawn; deliveries that are not sent yet are not sent. Super-owners may do this, and whoever created a
    subscription that is a reason for the alert."""
    alert = current_request(router).resource(AlertDisclosure).alert
    withdrawn_ids = withdraw_alerts(
        alert.arrest_id, dependencies.withdraw_deps(), datetime.now(UTC), office_id=alert.office_id
    )
    return WithdrawnAlerts(alerts=withdrawn_ids)
