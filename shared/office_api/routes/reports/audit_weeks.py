"""A week of audit events, by person, for whoever reviews and signs it."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from shared.access import Action
from shared.audit.event import AuditEvent, AuditOutcome, SignOff
from shared.audit.week import AuditWeekRow, rows_by_person
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.reports.audit import Week, monday_of

routes = Routes("audit")
router = routes.router
_MOST = 20_000  # events of a week that are looked at
_DENIALS = 100  # listed with the week
_PAGE = 1_000


class AuditWeek(BaseModel):
    """`first_day` and `last_day` are UTC days. People with denials come first. `complete` is false if the week has more
    events than were counted: 20,000. `denials` are the newest hundred."""

    week: str
    first_day: date
    last_day: date
    over: bool = Field(description="Whether the week can be signed off.")
    complete: bool
    signed: SignOff | None
    denials: list[AuditEvent]
    rows: list[AuditWeekRow]


@routes.get(
    "/v1/audit/weeks/{week}", action=Action.READ_AUDIT, summary="Summarize a week of audit events", also_csv=True
)
def summarize_audit_week(week: Week) -> Response[AuditWeek | str]:
    """By person, denials first. `Accept: text/csv` gets the table of people."""
    office_id, monday, today = current_request(router).by.office.office_id, monday_of(week), datetime.now(UTC).date()
    if monday > today:
        problem = FieldProblem(field="week", mend="has not begun; choose this week or one before")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This week has not begun.", [problem])
    events, complete = _events_of(office_id, monday)
    last_day = monday + timedelta(days=6)
    denials = [event for event in events if event.outcome is AuditOutcome.DENIED]
    summary = AuditWeek(
        week=week,
        first_day=monday,
        last_day=last_day,
        over=last_day < today,
        complete=complete,
        signed=dependencies.audit.sign_off_of(office_id, week),
        denials=sorted(denials, key=lambda event: event.occurred_at, reverse=True)[:_DENIALS],
        rows=rows_by_person(events),
    )
    return report_answer(router, summary)


def _events_of(office_id: str, monday: date) -> tuple[list[AuditEvent], bool]:
    events: list[AuditEvent] = []
    for offset in range(7):
        day, after = (monday + timedelta(days=offset)).isoformat(), None
        while True:
            page, after = dependencies.audit.events_of_day(office_id, day, _PAGE, after)
            events += page
            if len(events) >= _MOST:
                return events[:_MOST], False
            if after is None:
                break
    return events, True
