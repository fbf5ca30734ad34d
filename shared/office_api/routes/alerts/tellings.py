"""Disclosures: who was notified of which arrest, read from the alerts. For whoever has the right `audit`."""

from datetime import UTC, date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import StringConstraints

from shared.access import Action
from shared.alerts.disclosures.events import delivery_event, disclosure_event
from shared.alerts.model import Alert
from shared.audit.event import AuditEvent
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.reports.audit import AuditEventsPage

routes = Routes("audit")
router = routes.router
AlertOrArrest = Annotated[str, StringConstraints(pattern=r"^((alert|arrest):[0-9a-f]{32})?$")]


@routes.get("/v1/audit/tellings", action=Action.READ_AUDIT, summary="List who was notified of which arrest")
def list_tellings(
    day: Annotated[date | None, Query(description="The day of the alert in UTC; by default today.")] = None,
    user: Annotated[str, Query(max_length=320, description="Only of this recipient.")] = "",
    subject: Annotated[
        AlertOrArrest, Query(description="Everything about this alert or arrest, deliveries included.")
    ] = "",
    limit: Limit = 50,
    after: Cursor = "",
) -> AuditEventsPage:
    """By day, or by `subject` on any day. Refused deliveries are under `/v1/audit`. A page may hold fewer items than
    `limit` and still have a `next`."""
    office_id = current_request(router).by.office.office_id
    if subject:
        return AuditEventsPage(items=_about(office_id, subject), next=None)
    utc_day = (day or datetime.now(UTC).date()).isoformat()
    alerts, following = dependencies.alerts.page(
        office_id, limit, place_of(after, "tellings", office_id, utc_day), utc_day
    )
    events = [disclosure_event(alert) for alert in alerts]
    mine = [event for event in events if user.casefold() in ("", event.who)]
    return AuditEventsPage(items=mine, next=cursor_of(following, "tellings", office_id, utc_day))


def _about(office_id: str, subject: str) -> list[AuditEvent]:
    kind, _, id_ = subject.partition(":")
    ids = [id_] if kind == "alert" else dependencies.alerts.ids_of_arrest(id_)
    alerts = [alert for alert in dependencies.alerts.read(ids).values() if alert.office_id == office_id]
    return sorted(
        (event for alert in alerts for event in _events(alert)), key=lambda event: event.occurred_at, reverse=True
    )


def _events(alert: Alert) -> list[AuditEvent]:
    delivered = (delivery_event(delivery) for delivery in dependencies.alerts.deliveries.of_alert(alert.alert_id))
    return [disclosure_event(alert), *(event for event in delivered if event)]
