from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.agreement_filter import agreement_filter
from functions.office_api.cursors import Cursor, cursor_of, place_of
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import AuthorizedRequest, current_request
from functions.office_api.resources import alert_resource, arrest_resource
from shared.access import Action
from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert
from shared.alerts.responses import respond
from shared.alerts.responses.model import AlertResponse, Verdict
from shared.alerts.withdraw import withdraw_alerts
from shared.arrests.model import Arrest

routes = Routes("alerts")
router = routes.router
AlertId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class AlertView(BaseModel):
    """One alert as its recipient may read it. `arrest` is none when the arrest may no longer be read; `withdrawn` says
    that the alert was taken back and must not be acted on."""

    number: str
    withdrawn: bool
    alert: Alert
    answers: AlertResponse
    arrest: Arrest | None
    deliveries: list[Delivery]


class AlertsPage(BaseModel):
    items: list[Alert]
    next: str | None


@routes.get("/v1/alerts", action=Action.LIST_ALERTS, summary="Alerts that concern you, newest first")
def index(limit: Annotated[int, Query(ge=1, le=100)] = 50, after: Cursor = "") -> AlertsPage:
    """A page may hold fewer than `limit`, even none, and still have a next one."""
    request = current_request(router)
    of = ("alerts", request.by.office.office_id)
    alerts, following = dependencies.alerts.page(of[1], limit, place_of(after, *of))
    agreed = agreement_filter(request.by)
    items = request.filter_allowed(Action.READ_ALERT, (alert_resource(request.by, alert, agreed) for alert in alerts))
    return AlertsPage(items=items, next=cursor_of(following, *of))


@routes.get("/v1/alerts/{alert_id}", action=Action.READ_ALERT, summary="One alert with its arrest and its deliveries")
def show(alert_id: AlertId) -> AlertView:
    request = current_request(router)
    alert = request.resource(Alert)
    respond.record_opening(alert, request.caller.email, dependencies.response_deps, datetime.now(UTC))
    return AlertView(
        number=alert.number,
        withdrawn=alert.withdrawn_at is not None,
        alert=alert,
        answers=dependencies.responses.read([alert_id]).get(alert_id, AlertResponse()),
        deliveries=dependencies.alerts.deliveries.of_alert(alert_id),
        arrest=_arrest(alert, request),
    )


class VerdictRequest(BaseModel):
    verdict: Verdict


@routes.put(
    "/v1/alerts/{alert_id}/acknowledgement", action=Action.ANSWER_ALERT, summary="You have read it and see to it"
)
def acknowledge(alert_id: AlertId) -> AlertResponse:
    """It escalates no further. The first acknowledgement stands."""
    request = current_request(router)
    respond.acknowledge(request.resource(Alert), request.caller.email, dependencies.response_deps, datetime.now(UTC))
    return dependencies.responses.read([alert_id])[alert_id]


@routes.put(
    "/v1/alerts/{alert_id}/verdict", action=Action.ANSWER_ALERT, summary="Was it the right person, was it useful?"
)
def judge(alert_id: AlertId, verdict_request: VerdictRequest) -> AlertResponse:
    """The last verdict stands."""
    request = current_request(router)
    respond.record_verdict(
        request.resource(Alert), verdict_request.verdict, request.caller.email, dependencies.response_deps
    )
    return dependencies.responses.read([alert_id])[alert_id]


class WithdrawnAlerts(BaseModel):
    alerts: list[str]


@routes.post(
    "/v1/alerts/{alert_id}/recall", action=Action.RECALL_ALERT, summary="The arrest is sealed or wrong: take it back"
)
def take_back(alert_id: AlertId) -> WithdrawnAlerts:
    """Everyone in your office who was told of this arrest is told that the alert is withdrawn, and no more; what was
    not sent yet is not sent. Whoever made a subscription that is a reason for the alert may say so, and a
    super-owner."""
    alert = current_request(router).resource(Alert)
    withdrawn_ids = withdraw_alerts(
        alert.arrest_id, dependencies.withdraw_deps(), datetime.now(UTC), office_id=alert.office_id
    )
    return WithdrawnAlerts(alerts=withdrawn_ids)


def _arrest(alert: Alert, request: AuthorizedRequest) -> Arrest | None:
    arrest = None if alert.withdrawn_at else dependencies.arrests.find(alert.arrest_id)
    if arrest is None:
        return None
    resource = arrest_resource(request.by, alert, arrest, agreement_filter(request.by))
    return resource.record if request.may(Action.READ_ARREST, resource.about) else None
