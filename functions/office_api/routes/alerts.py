from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import parts
from functions.office_api.caller import Caller, caller_of
from functions.office_api.problems import not_found
from shared.domain.alerts import Alert, Verdict
from shared.domain.arrests import Arrest
from shared.domain.deliveries import Delivery
from shared.tables.answers import Answers

router = APIGatewayHttpRouter()
AlertId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_TAGS = ["alerts"]


class AlertView(BaseModel):
    """One alert as its recipient may read it. `arrest` is none when the arrest may no longer be read; `withdrawn` says
    that the alert was taken back and must not be acted on."""

    number: str
    withdrawn: bool
    alert: Alert
    answers: Answers
    arrest: Arrest | None
    deliveries: list[Delivery]


class Page(BaseModel):
    items: list[Alert]
    next: str | None


@router.get("/v1/alerts", tags=_TAGS, summary="Alerts that concern you, newest first")
def index(limit: Annotated[int, Query(ge=1, le=100)] = 50, after: Annotated[str, Query(max_length=200)] = "") -> Page:
    """A page may hold fewer than `limit`, even none, and still have a next one."""
    caller = caller_of(router.current_event)
    found, following = parts.alerts.page(caller.office.office_id, limit, after or None)
    return Page(items=[alert for alert in found if _concerns(alert, caller)], next=following)


@router.get("/v1/alerts/<alert_id>", tags=_TAGS, summary="One alert with its arrest and its deliveries")
def show(alert_id: AlertId) -> AlertView:
    alert, _ = _own(alert_id)
    return AlertView(
        number=alert.number, withdrawn=alert.withdrawn_at is not None, alert=alert,
        answers=parts.answers.of([alert_id]).get(alert_id, Answers()),
        arrest=None if alert.withdrawn_at else parts.arrests.find(alert.arrest_id),
        deliveries=parts.alerts.deliveries.of(alert_id),
    )  # fmt: skip


class Judgement(BaseModel):
    verdict: Verdict


@router.put("/v1/alerts/<alert_id>/acknowledgement", tags=_TAGS, summary="You have read it and see to it")
def acknowledge(alert_id: AlertId) -> Answers:
    """It escalates no further. The first acknowledgement stands."""
    alert, caller = _own(alert_id)
    for one in {alert_id, alert.on_behalf_of.alert_id if alert.on_behalf_of else alert_id}:
        parts.answers.acknowledge(one, caller.email, datetime.now(UTC))
        parts.alerts.see_to(one)
    return parts.answers.of([alert_id])[alert_id]


@router.put("/v1/alerts/<alert_id>/verdict", tags=_TAGS, summary="Was it the right person, was it useful?")
def judge(alert_id: AlertId, judgement: Judgement) -> Answers:
    """The last verdict stands."""
    _, caller = _own(alert_id)
    parts.answers.judge(alert_id, judgement.verdict, caller.email)
    return parts.answers.of([alert_id])[alert_id]


def _own(alert_id: str) -> tuple[Alert, Caller]:
    caller = caller_of(router.current_event)
    alert = parts.alerts.find(alert_id)
    if alert is None or not _concerns(alert, caller):
        raise not_found("alert")
    return alert, caller


def _concerns(alert: Alert, caller: Caller) -> bool:
    """Its recipient may read it, and whoever owns a subscription that is a reason for it; nobody else."""
    if alert.office_id != caller.office.office_id:
        return False
    owners = {because.owner for because in alert.because}
    return caller.email in owners or alert.recipient.root.get("email", "").casefold() == caller.email
