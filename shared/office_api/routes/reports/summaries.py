"""The office's reports, as JSON or, for `Accept: text/csv`, as a table."""

from collections.abc import Sequence
from datetime import UTC, datetime

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from shared.access import Action
from shared.alerts.model import Alert
from shared.alerts.reports import activity
from shared.alerts.reports.activity import AcknowledgementRow, AreaRow, ExpiringRow, FolderRow, UserRow
from shared.alerts.reports.fairness import FairnessRow, by_place_and_age
from shared.alerts.responses.model import AlertResponse
from shared.alerts.view import ShownArrest, current_alerts
from shared.office_api import dependencies
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.answers.reported_alerts import reported_alerts, reported_subscriptions
from shared.office_api.endpoints import Routes
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.reports.reports import Days

routes = Routes("reports")
router = routes.router


class FoldersReport(BaseModel):
    """`complete` is false if there were more alerts than one report reads. Ask for fewer days."""

    complete: bool
    rows: list[FolderRow]


class AreasReport(BaseModel):
    complete: bool
    rows: list[AreaRow]


class FairnessReport(BaseModel):
    complete: bool
    rows: list[FairnessRow]


class AcknowledgementsReport(BaseModel):
    complete: bool
    rows: list[AcknowledgementRow]


class ExpiringReport(BaseModel):
    complete: bool
    rows: list[ExpiringRow]


class UsersReport(BaseModel):
    complete: bool
    rows: list[UserRow]


@routes.get(
    "/v1/reports/folders", action=Action.READ_REPORTS, summary="Report alerts and responses by folder", also_csv=True
)
def report_folders(days: Days = 30) -> Response[FoldersReport | str]:
    """`Accept: text/csv` gets a table."""
    alerts, complete = _recent(days)
    return report_answer(router, FoldersReport(complete=complete, rows=activity.by_folder(alerts, _responses(alerts))))


@routes.get(
    "/v1/reports/areas", action=Action.READ_REPORTS, summary="Report alerts by agency and precinct", also_csv=True
)
def report_areas(days: Days = 30) -> Response[AreasReport | str]:
    """Only arrests that may still be read, and for which a reason of the alert still holds. `Accept: text/csv` gets a
    table."""
    alerts, complete = _recent(days)
    rows = activity.by_area(alerts, _readable_arrests(alerts))
    return report_answer(router, AreasReport(complete=complete, rows=rows))


@routes.get(
    "/v1/reports/fairness",
    action=Action.READ_ACTIVITY,
    summary="Report alerts by precinct and age group",
    also_csv=True,
)
def report_fairness(days: Days = 30) -> Response[FairnessReport | str]:
    """Whom the alerts are about, and how often of the wrong person or of no use. Only arrests that may still be read.
    `Accept: text/csv` gets a table."""
    alerts, complete = _recent(days)
    rows = by_place_and_age(alerts, _responses(alerts), _readable_arrests(alerts))
    return report_answer(router, FairnessReport(complete=complete, rows=rows))


@routes.get(
    "/v1/reports/acknowledgements",
    action=Action.READ_REPORTS,
    summary="Report how soon alerts were acknowledged, by urgency",
    also_csv=True,
)
def report_acknowledgements(days: Days = 30) -> Response[AcknowledgementsReport | str]:
    """`Accept: text/csv` gets a table."""
    alerts, complete = _recent(days)
    rows = activity.acknowledgements(alerts, _responses(alerts))
    return report_answer(router, AcknowledgementsReport(complete=complete, rows=rows))


@routes.get(
    "/v1/reports/lapsing",
    action=Action.READ_REPORTS,
    summary="Report subscriptions that expire soon, are overdue or have ended",
    also_csv=True,
)
def report_expiring_subscriptions() -> Response[ExpiringReport | str]:
    """`Accept: text/csv` gets a table."""
    request = current_request(router)
    office = request.caller.office
    subscriptions = reported_subscriptions(request, dependencies.subscriptions.all_of(office.office_id))
    return report_answer(
        router, ExpiringReport(complete=True, rows=activity.expiring(subscriptions, datetime.now(office.zone).date()))
    )


@routes.get(
    "/v1/reports/users",
    action=Action.READ_ACTIVITY,
    summary="Report subscriptions, alerts and responses by user",
    also_csv=True,
)
def report_users(days: Days = 30) -> Response[UsersReport | str]:
    """`Accept: text/csv` gets a table."""
    office = current_request(router).caller.office
    alerts, complete = _recent(days)
    subscriptions, today = dependencies.subscriptions.all_of(office.office_id), datetime.now(office.zone).date()
    rows = activity.by_user(subscriptions, alerts, _responses(alerts), today)
    return report_answer(router, UsersReport(complete=complete, rows=rows))


def _readable_arrests(alerts: Sequence[Alert]) -> dict[str, ShownArrest]:
    """By arrest id, those of which a reason of the alert still holds and an agreement is in force."""
    by, now = current_request(router).by, datetime.now(UTC)
    agreed = agreement_filter(by, already_told=True)
    current = current_alerts(alerts, by.office, dependencies.arrests, dependencies.subscriptions, now).values()
    readable = (alert.arrest for alert in current if alert.arrest)
    return {arrest.arrest_id: shown for arrest in readable if (shown := agreed.show_arrest(arrest))}


def _recent(days: int) -> tuple[list[Alert], bool]:
    return reported_alerts(current_request(router), days)


def _responses(alerts: Sequence[Alert]) -> dict[str, AlertResponse]:
    return dependencies.responses.read(alert.alert_id for alert in alerts)
