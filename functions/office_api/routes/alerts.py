from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import parts
from functions.office_api.caller import Caller, caller_of
from functions.office_api.problems import not_found
from shared.domain.alerts import Alert, Delivery
from shared.domain.arrests import Arrest

router = APIGatewayHttpRouter()
_TAGS = ["alerts"]


class AlertView(BaseModel):
    """One alert as its recipient may read it. `arrest` is none when the arrest may no longer be read."""

    number: str
    alert: Alert
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
def show(alert_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]) -> AlertView:
    caller = caller_of(router.current_event)
    alert = parts.alerts.find(alert_id)
    if alert is None or not _concerns(alert, caller):
        raise not_found("alert")
    return AlertView(
        number=alert.number, alert=alert, arrest=parts.arrests.find(alert.arrest_id),
        deliveries=parts.alerts.deliveries(alert_id),
    )  # fmt: skip


def _concerns(alert: Alert, caller: Caller) -> bool:
    """Its recipient may read it, and whoever owns a subscription that is a reason for it; nobody else."""
    if alert.office_id != caller.office.office_id:
        return False
    owners = {because.owner for because in alert.because}
    return caller.email in owners or alert.recipient.root.get("email", "").casefold() == caller.email
