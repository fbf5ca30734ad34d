"""A week of audit events, by person, for whoever reviews and signs it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.audit.event import AuditEvent, AuditOutcome, SignOff
from shared.audit.week import AuditWeekRow, UseRow, last_mondays, rows_by_person, uses_by_person, week_name
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.reports.audit import MOST_EVENTS, Week, monday_of, seen_mark

routes = Routes("audit")
router = routes.router
_DENIALS = 100  # listed with the week
_PAGE = 1_000
_WEEKS = 12


class AuditWeek(BaseModel):
    """`first_day` and `last_day` are UTC days. People with denials come first. `complete` is false if the week has more
    events than were counted: 20,000. `denials` are the newest hundred."""

    week: str
    first_day: date
    last_day: date
    over: bool = Field(description="Whether the week can be signed off.")
    seen: str = Field(description="Send it with the sign-off: it says that you have looked at the week as it is now.")
    complete: bool
    signed: SignOff | None
    denials: list[AuditEvent]
    rows: list[AuditWeekRow]


class WeekOfAudit(BaseModel):
    week: str
    first_day: date
    over: bool
    signed: SignOff | None


class AuditWeeksView(BaseModel):
    """`unsigned` lists the weeks that are over and wait for somebody's signature, the oldest first."""

    items: list[WeekOfAudit]
    unsigned: list[str]


@routes.get("/v1/audit/weeks", action=Action.READ_AUDIT, summary="List weeks of audit events, and which wait for you")
def list_audit_weeks() -> AuditWeeksView:
    """The last twelve, the newest first. Somebody with the right `audit` looks at each and signs it."""
    office_id, today = current_request(router).by.office.office_id, datetime.now(UTC).date()
    sign_offs, _ = dependencies.audit.sign_offs(office_id, _WEEKS, None)
    by_week = {sign_off.week: sign_off for sign_off in sign_offs}
    items = [_week_of(monday, today, by_week) for monday in last_mondays(today, _WEEKS)]
    unsigned = [item.week for item in reversed(items) if item.over and item.signed is None]
    return AuditWeeksView(items=items, unsigned=unsigned)


def _week_of(monday: date, today: date, signed: dict[str, SignOff]) -> WeekOfAudit:
    week = week_name(monday)
    return WeekOfAudit(week=week, first_day=monday, over=monday + timedelta(days=6) < today, signed=signed.get(week))


class UsesReport(BaseModel):
    """`complete` is false if the days have more events than were counted: 20,000."""

    complete: bool
    rows: list[UseRow]


@routes.get(
    "/v1/reports/uses",
    action=Action.READ_AUDIT,
    summary="Report who used the system for which purpose",
    tag="reports",
    also_csv=True,
)
def report_uses(
    since: Annotated[date, Query(description="The first day, in UTC.")],
    until: Annotated[date, Query(description="The last day, in UTC, at most 31 days on.")],
) -> Response[UsesReport | str]:
    """For a supervisor: by person and purpose, how often, of how many records, and what was refused. `Accept: text/csv`
    gets a table."""
    if not timedelta() <= until - since < timedelta(days=31):
        problem = FieldProblem(field="until", mend="is not within 31 days from `since`; ask for fewer days")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This period cannot be reported.", [problem])
    office_id = current_request(router).by.office.office_id
    days = [since + timedelta(days=offset) for offset in range((until - since).days + 1)]
    events, complete = _events_on(office_id, days)
    return report_answer(router, UsesReport(complete=complete, rows=uses_by_person(events)))


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
        seen=seen_mark(week, len(events)),
        complete=complete,
        signed=dependencies.audit.sign_off_of(office_id, week),
        denials=sorted(denials, key=lambda event: event.occurred_at, reverse=True)[:_DENIALS],
        rows=rows_by_person(events),
    )
    return report_answer(router, summary)


def _events_of(office_id: str, monday: date) -> tuple[list[AuditEvent], bool]:
    return _events_on(office_id, [monday + timedelta(days=offset) for offset in range(7)])


def _events_on(office_id: str, days: Iterable[date]) -> tuple[list[AuditEvent], bool]:
    events: list[AuditEvent] = []
    for day in days:
        after = None
        while True:
            page, after = dependencies.audit.events_of_day(office_id, day.isoformat(), _PAGE, after)
            events += page
            if len(events) >= MOST_EVENTS:
                return events[:MOST_EVENTS], False
            if after is None:
                break
    return events, True
