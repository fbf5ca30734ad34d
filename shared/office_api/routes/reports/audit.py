"""Audit events by day, user and subject, and the weekly sign-off, for whoever has the right `audit`."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field, StringConstraints

from shared.access import Action
from shared.alerts.place_history import exact_address
from shared.arrests.person import Identifier
from shared.audit.event import AuditEvent, AuditOutcome, SignOff, identifier_subject, person_subject
from shared.audit.table import EVER, Days
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import FieldProblem, RefusalError, not_found
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.value import FrozenModel

routes = Routes("audit")
router = routes.router
Subject = Annotated[str, StringConstraints(pattern=r"^([a-z]{1,20}:[0-9a-f]{32})?$")]
Week = Annotated[
    str, Path(pattern=r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$", description="An ISO week, such as 2026-W47.")
]


class AuditEventsPage(BaseModel):
    items: list[AuditEvent]
    next: str | None


class SignOffsPage(BaseModel):
    items: list[SignOff]
    next: str | None


@routes.get("/v1/audit", action=Action.READ_AUDIT, summary="List audit events, newest first")
def list_audit_events(
    day: Annotated[date | None, Query(description="A day in UTC; by default today.")] = None,
    user: Annotated[str, Query(max_length=320, description="Events of this user, on any day.")] = "",
    subject: Annotated[Subject, Query(description="Events about this subject, such as alert:<id>, on any day.")] = "",
    limit: Limit = 50,
    after: Cursor = "",
) -> AuditEventsPage:
    """Choose one of `day`, `user` and `subject`. If several are given, `user` comes before `subject` and `subject`
    before `day`."""
    office_id = current_request(router).by.office.office_id
    utc_day = day or datetime.now(UTC).date()
    if user:
        place = place_of(after, "audit by", office_id, user)
        events, following = dependencies.audit.events_by_user(office_id, user, limit, place)
        return AuditEventsPage(items=events, next=cursor_of(following, "audit by", office_id, user))
    if subject:
        return _about(office_id, subject, limit, after)
    place = place_of(after, "audit on", office_id, utc_day.isoformat())
    events, following = dependencies.audit.events_of_day(office_id, utc_day.isoformat(), limit, place)
    return AuditEventsPage(items=events, next=cursor_of(following, "audit on", office_id, utc_day.isoformat()))


class AuditedPerson(FrozenModel):
    surname: str = Field(min_length=1, max_length=200)
    given: str = Field(default="", max_length=200)
    date_of_birth: date | None = None


class AuditedPlace(FrozenModel):
    """An exact place. A look at one apartment is a look at its building, so the unit does not count."""

    address: str = Field(min_length=3, max_length=200)
    city: str = Field(min_length=1, max_length=100)
    state: str = Field(default="", max_length=60)


class AuditSearch(FrozenModel):
    """Give a person, an identifier or a place. A person without a date of birth means everybody of that name."""

    person: AuditedPerson | None = None
    identifier: Identifier | None = None
    place: AuditedPlace | None = None
    since: date | None = Field(default=None, description="the first day, in UTC")
    until: date | None = Field(default=None, description="the last day, in UTC")
    limit: int = Field(default=50, ge=1, le=100)
    after: str = Field(default="", max_length=400)


@routes.post(
    "/v1/audit/search",
    action=Action.READ_AUDIT,
    summary="Search audit events about a person or a place",
    example=examples.AUDIT_SEARCH,
)
def search_audit_events(audit_search: AuditSearch) -> AuditEventsPage:
    """By name, by identifier, or by the address that somebody looked up, in the days that you give. All are compared as
    keyed hashes and appear in no address and no log."""
    named = (audit_search.person, audit_search.identifier, audit_search.place)
    if sum(each is not None for each in named) != 1:
        problem = FieldProblem(field="body", mend="give either a person, an identifier or a place")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "Name one person, one identifier or one place.", [problem])
    office_id, days = current_request(router).by.office.office_id, _days(audit_search.since, audit_search.until)
    return _about(office_id, _subject(audit_search), audit_search.limit, audit_search.after, days)


def _days(since: date | None, until: date | None) -> Days:
    if since and until and until < since:
        problem = FieldProblem(field="until", mend="lies before `since`; write a later day, or leave it out")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "These days have no day between them.", [problem])
    return Days(since, until)


def _subject(audit_search: AuditSearch) -> str:
    if audit_search.identifier:
        return identifier_subject(
            dependencies.pseudonyms(), audit_search.identifier.kind.value, audit_search.identifier.value
        )
    if place := audit_search.place:
        address = exact_address(place.address, place.city, place.state)
        return f"place:{dependencies.place_deps().keys.of(address)}"  # as a look at it is recorded
    audited_person = audit_search.person or AuditedPerson(surname="-")
    return person_subject(
        dependencies.pseudonyms(),
        audited_person.surname,
        audited_person.given,
        audited_person.date_of_birth.isoformat() if audited_person.date_of_birth else "",
    )


def _about(office_id: str, subject: str, limit: int, after: str, days: Days = EVER) -> AuditEventsPage:
    list_of = ("audit about", office_id, subject, days.first, days.behind)
    events, following = dependencies.audit.events_about(office_id, subject, limit, place_of(after, *list_of), days)
    return AuditEventsPage(items=events, next=cursor_of(following, *list_of))


@routes.get("/v1/audit/reviews", action=Action.READ_AUDIT, summary="List the weeks that were signed off")
def list_sign_offs(limit: Limit = 50, after: Cursor = "") -> SignOffsPage:
    """With the number of events and denials, and who signed."""
    office_id = current_request(router).by.office.office_id
    sign_offs, following = dependencies.audit.sign_offs(office_id, limit, place_of(after, "audit reviews", office_id))
    return SignOffsPage(items=sign_offs, next=cursor_of(following, "audit reviews", office_id))


MOST_EVENTS = 20_000  # of a week that are looked at


def seen_mark(week: str, events: int) -> str:
    """Says that the caller has seen the week with so many events: it is signed for this person and this week."""
    by = current_request(router).by
    return cursor_of(str(min(events, MOST_EVENTS)), "audit week", by.office.office_id, by.user.email, week) or ""


def _check_seen(seen: str, week: str, events: int) -> None:
    """Raises RefusalError: 422 for a week that the caller has not looked at, 409 for one that has other events now."""
    by = current_request(router).by
    try:
        number = place_of(seen, "audit week", by.office.office_id, by.user.email, week)
    except RefusalError:
        number = None
    if number is None:
        problem = FieldProblem(field="seen", mend="send `seen` of GET /v1/audit/weeks/{week}, once you have read it")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "Look at the week before you sign it.", [problem])
    if int(number) != min(events, MOST_EVENTS):
        raise RefusalError(HTTPStatus.CONFLICT, "The week has other events now than you have seen. Look at it again.")


class SignOffRequest(FrozenModel):
    seen: str = Field(default="", max_length=400, description="`seen` of the week's summary, which you have read.")
    note: str = Field(default="", max_length=2000, description="What you found and what was done about it.")


def _read_sign_off(_ids: Ids, *, week: str, **_arguments: object) -> SignOff:
    sign_off = dependencies.audit.sign_off_of(current_request(router).by.office.office_id, week)
    if sign_off is None:
        raise not_found("sign-off")
    return sign_off


@routes.post(
    "/v1/audit/reviews/{week}",
    action=Action.SIGN_AUDIT,
    summary="Sign off a week of audit events",
    example=examples.SIGN_OFF,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_read_sign_off),
)
def sign_off_week(week: Week, sign_off_request: SignOffRequest) -> Response[SignOff]:
    """An ISO week that is over, such as 2026-W47, and that you have looked at: `seen` of its summary says so. A week is
    signed off once; the first sign-off stands."""
    by = current_request(router).by
    monday = monday_of(week)
    now = datetime.now(UTC)
    if monday > now.date() - timedelta(days=7):
        problem = FieldProblem(field="week", mend="is not over; sign it off from the next Monday (UTC) on")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This week is not over.", [problem])
    if dependencies.audit.sign_off_of(by.office.office_id, week):
        raise RefusalError(HTTPStatus.CONFLICT, "This week was signed off before; its first sign-off stands.")
    counts = _outcomes_of_week(by.office.office_id, monday)
    _check_seen(sign_off_request.seen, week, counts.total())
    signed = SignOff(
        office_id=by.office.office_id,
        week=week,
        events=counts.total(),
        denied=counts[AuditOutcome.DENIED.value],
        note=sign_off_request.note,
        signed_by=by.user.email,
        signed_at=now,
    )
    if not dependencies.audit.sign_off(signed):
        raise RefusalError(HTTPStatus.CONFLICT, "This week was signed off before; its first sign-off stands.")
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=signed)


def _outcomes_of_week(office_id: str, monday: date) -> Counter[str]:
    """Returns the number of events of each outcome, for the seven days from `monday`."""
    days = [(monday + timedelta(days=offset)).isoformat() for offset in range(7)]
    counts: Counter[str] = Counter()
    for day in days:
        counts += dependencies.audit.count_outcomes(office_id, day)
    return counts


def monday_of(week: str) -> date:
    """The first day of an ISO week. Raises RefusalError 422 for a week that its year does not have."""
    year, _, number = week.partition("-W")
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        problem = FieldProblem(field="week", mend="there is no such week in that year")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such week.", [problem]) from None
