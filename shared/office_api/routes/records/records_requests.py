"""The register of records requests: entered, answered by their clocks, closed."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from time import monotonic
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field, StringConstraints

from shared.access import Action
from shared.alerts.number import parse_number
from shared.arrests.model import Flag, arrest_id
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import ReadableArrest, load_arrest
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.office_api.routes.agencies.arrests import ArrestQuery, PersonQuery
from shared.offices.model import Office, Slug
from shared.records_requests.clocks import clocks_of, last_day_to_appeal, running_clocks
from shared.records_requests.decide import NextStep, check_facts, next_steps, take_step
from shared.records_requests.default_rules import default_rules
from shared.records_requests.exports.decide import notes_decided
from shared.records_requests.model import (
    MOST_RECORDS,
    REQUEST_ID,
    OwnerNotice,
    RecordsRequest,
    RequestFacts,
    RequestKind,
    RequestRules,
    RequestState,
    StepKind,
)
from shared.records_requests.own_rules import rules_with
from shared.records_requests.request_hold import hold_after, hold_for
from shared.records_requests.subpoena_notice import notices_to_owners, owners_to_notify
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("records requests")
router = routes.router
RequestId = Annotated[str, Path(pattern=REQUEST_ID, description="The id of the request.")]
_SEARCH_SECONDS = 15  # of the 29 that a request has
_ALERTS_A_PAGE = 200


class NamedRecord(FrozenModel):
    agency: Slug
    number: str = Field(min_length=1, max_length=200, description="The agency's own number, as it sends it.")


class RecordsNamed(FrozenModel):
    """By the numbers of alerts, by an agency's own numbers, by ids, or every record of a person that an alert of the
    office is about. The person is searched for once; the name is not stored."""

    numbers: tuple[Annotated[str, StringConstraints(max_length=40)], ...] = Field(default=(), max_length=MOST_RECORDS)
    records: tuple[NamedRecord, ...] = Field(default=(), max_length=MOST_RECORDS)
    arrest_ids: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")], ...] = Field(
        default=(), max_length=MOST_RECORDS
    )
    person: PersonQuery | None = None


class NewRecordsRequest(RequestFacts, RecordsNamed):
    """What somebody asks for, and the records that it covers."""


class NotesDecision(FrozenModel):
    release: bool = Field(description="Whether private notes are given in exports.")


class ClockView(BaseModel):
    """`met_on` is null while it runs, or when the request ended without it."""

    name: str
    due_on: date
    met_on: date | None
    is_overdue: bool
    source: str


class RequestView(BaseModel):
    """`next_due` is the day of the clock that is due first. `unanswered_owners` are agencies whose word is waited for
    before a subpoena is answered."""

    request: RecordsRequest
    state: RequestState
    clocks: list[ClockView]
    next_due: date | None
    is_overdue: bool
    next_steps: list[StepKind]
    last_day_to_appeal: date | None
    unanswered_owners: list[str]


class RequestsView(BaseModel):
    """What is overdue first, then what is due first."""

    items: list[RequestView]


def _entered(ids: Ids, **_: object) -> Response[RequestView]:
    return _created(find_request(ids["request_id"]))


def _as_it_is_now(_ids: Ids, *, request: str, **_: object) -> RequestView:
    return view_of(find_request(request))


@routes.get(
    "/v1/records-request-rules", action=Action.KEEP_REQUESTS, summary="Read the clocks and grounds of each kind"
)
def read_request_rules() -> RequestRules:
    """Each with its source, and the holidays by which business days are counted."""
    return _rules()


@routes.get("/v1/records-requests", action=Action.KEEP_REQUESTS, summary="List your office's records requests")
def list_records_requests(
    closed: Annotated[bool, Query(description="Those that are closed, instead of those that are open.")] = False,
) -> RequestsView:
    """What is overdue first. Closed ones are listed for three years."""
    stored = dependencies.records_requests.of_office(current_request(router).by.office.office_id)
    rules = _rules()
    views = [view_of(request, rules) for request in stored if request.is_open is not closed]
    views.sort(key=lambda view: (not view.is_overdue, view.next_due or date.max))
    return RequestsView(items=views)


@routes.get("/v1/records-requests/{request}", action=Action.KEEP_REQUESTS, summary="Read a records request")
def read_records_request(request: RequestId) -> RequestView:
    """With its clocks, and the steps that may follow."""
    return view_of(find_request(request))


@routes.post(
    "/v1/records-requests",
    action=Action.KEEP_REQUESTS,
    summary="Enter a records request",
    example=examples.NEW_RECORDS_REQUEST,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_entered, ids=lambda document: {"request_id": document["request"]["request_id"]}),
)
def enter_records_request(new_request: NewRecordsRequest) -> Response[RequestView]:
    """What it covers is held from being purged until it is answered, and its appeal over. An agency whose agreement
    asks for it is told of a subpoena. You must be able to read each record; of others nothing is said."""
    request, now = current_request(router), datetime.now(UTC)
    office, rules = request.by.office, _rules()
    facts = RequestFacts.model_validate(new_request.model_dump(include=set(RequestFacts.model_fields)))
    check_texts({"about": facts.about, "requester": facts.requester, "reference": facts.reference})
    check_facts(facts, rules, office.local_day(now))
    ids, agencies = _records(new_request, facts.kind, request)
    entered = RecordsRequest(
        request_id=f"{now:%Y%m%d%H%M%S}{secrets.token_hex(9)}",
        office_id=office.office_id,
        facts=facts,
        arrest_ids=tuple(ids),
        agencies=tuple(sorted(agencies)),
        hold_id=uuid4().hex,
        entered_by=request.caller.email,
        entered_at=now,
        owner_notices=_owners(agencies, facts.kind, office, now),
    )
    # The hold first, and then the records once more: a purge that came before the hold has taken them.
    dependencies.holds.store(hold_for(entered, rules.kinds[facts.kind].hold))
    _check_still_there(entered.arrest_ids)
    dependencies.records_requests.save(entered)
    _tell_owners(entered, office, now)
    return _created(entered)


@routes.post(
    "/v1/records-requests/{request}/records",
    action=Action.KEEP_REQUESTS,
    summary="Add records to a request",
    example=examples.MORE_RECORDS,
    replay=Replay(answer=_as_it_is_now),
)
def add_records(request: RequestId, named: RecordsNamed) -> RequestView:
    """Such as what came in since, for a discovery that goes on. They are held as well. An agency that a subpoena
    reaches by them is told of it, and heard before anything leaves."""
    by, before, now = current_request(router), find_request(request), datetime.now(UTC)
    office = by.by.office
    if not before.is_open:
        raise RefusalError(HTTPStatus.CONFLICT, "The request is closed. Enter a new one.")
    ids, agencies = _records(named, before.kind, by)
    every = tuple(dict.fromkeys((*before.arrest_ids, *ids)))
    if len(every) > MOST_RECORDS:
        raise _refused("records", f"make more than {MOST_RECORDS}; enter another request for the rest")
    hold = dependencies.holds.find(before.office_id, before.hold_id)
    if hold:
        dependencies.holds.store(hold.model_copy(update={"arrest_ids": every, "revision": hold.revision + 1}))
    _check_still_there(ids)
    notified = {notice.agency for notice in before.owner_notices}
    owners = _owners(agencies - notified, before.kind, office, now)
    changes = {
        "arrest_ids": every,
        "agencies": tuple(sorted({*before.agencies, *agencies})),
        "owner_notices": (*before.owner_notices, *owners),
    }
    view = _save(before.model_copy(update=changes | {"revision": before.revision + 1}))
    _tell_owners(before.model_copy(update={"owner_notices": owners}), office, now)
    return view


@routes.post(
    "/v1/records-requests/{request}/steps",
    action=Action.KEEP_REQUESTS,
    summary="Take the next step of a request",
    example=examples.REQUEST_STEP,
    replay=Replay(answer=_as_it_is_now),
)
def take_request_step(request: RequestId, step: NextStep) -> RequestView:
    """Acknowledge, extend, answer, deny, note an appeal or its decision, close. A step is dated today. What is withheld
    is named with the ground of the law."""
    by, now = current_request(router), datetime.now(UTC)
    before = find_request(request)
    check_texts({"reason": step.reason, "document": step.document})
    after = take_step(before, step, _rules(), by.caller.email, now, by.by.office.local_day(now))
    view = _save(after)
    hold = dependencies.holds.find(before.office_id, before.hold_id)
    if hold and (changed := hold_after(hold, after)) is not hold:
        dependencies.holds.store(changed)
    return view


@routes.post(
    "/v1/records-requests/{request}/notes",
    action=Action.KEEP_REQUESTS,
    summary="Decide whether private notes are given",
    example=examples.NOTES_DECISION,
    replay=Replay(answer=_as_it_is_now),
)
def decide_notes(request: RequestId, decision: NotesDecision) -> RequestView:
    """Until somebody has decided, an export lists that there are notes and leaves them out. It counts for the exports
    that are asked for afterwards. Nobody decides about a request that he entered, or of which he asked for an
    export."""
    before = find_request(request)
    askers = {export.asked_by for export in dependencies.exports.of_request(before.office_id, before.request_id)}
    return _save(notes_decided(before, current_request(router).caller.email, askers, release=decision.release))


def find_request(request_id: str) -> RecordsRequest:
    """Raises RefusalError (404)."""
    records_request = dependencies.records_requests.find(current_request(router).by.office.office_id, request_id)
    if records_request is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "There is no such request.")
    return records_request


def _rules() -> RequestRules:
    """Those of the caller's office."""
    return rules_with(dependencies.records_requests.rules(current_request(router).by.office.office_id))


def view_of(request: RecordsRequest, rules: RequestRules | None = None) -> RequestView:
    """`rules` saves reading them for each request of a list."""
    rules = rules or _rules()
    today = current_request(router).by.office.local_day(datetime.now(UTC))
    running = running_clocks(request, rules)
    return RequestView(
        request=request,
        state=request.state,
        clocks=[
            ClockView(
                name=clock.name,
                due_on=clock.due_on,
                met_on=clock.met_on,
                is_overdue=clock.is_overdue(today),
                source=clock.source,
            )
            for clock in clocks_of(request, rules)
        ],
        next_due=running[0].due_on if running else None,
        is_overdue=any(clock.is_overdue(today) for clock in running),
        next_steps=sorted(next_steps(request)),
        last_day_to_appeal=last_day_to_appeal(request, rules),
        unanswered_owners=list(request.unanswered_owners),
    )


def _save(request: RecordsRequest) -> RequestView:
    dependencies.records_requests.save(request)
    return view_of(request)


def _created(request: RecordsRequest) -> Response[RequestView]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=view_of(request))


# Whom a subpoena is told to


def _owners(agencies: Iterable[str], kind: RequestKind, office: Office, now: datetime) -> tuple[OwnerNotice, ...]:
    if kind is not RequestKind.SUBPOENA:
        return ()
    agreements = dependencies.subscriptions.agreements.of(office.office_id)
    return tuple(owners_to_notify(agencies, agreements, office.local_day(now), now))


def _tell_owners(request: RecordsRequest, office: Office, now: datetime) -> None:
    for notice in notices_to_owners(request, office, now):
        if dependencies.alerts.notices.store(notice):
            dependencies.enqueue()([notice.delivery.key])


# Which records a request covers


def _records(named: RecordsNamed, kind: RequestKind, request: AuthorizedRequest) -> tuple[list[str], set[str]]:
    """The ids and agencies of the records that may be given. Of those that are sealed, a minor's or another agency's
    nothing is said: none at all answers like none that is known."""
    ids = dict.fromkeys((*named.arrest_ids, *_ids_of_alerts(named.numbers), *_ids_of_records(named.records)))
    if named.person:
        ids |= dict.fromkeys(_ids_of_person(named.person, request))
    if len(ids) > MOST_RECORDS:
        raise _refused("records", f"are more than {MOST_RECORDS}; enter a request for each part of them")
    includes_marked = default_rules().kinds[kind].includes_marked
    loaded = [resource for id_ in ids if (resource := load_arrest(request.by, id_))]
    readable: list[ReadableArrest] = request.filter_allowed(Action.READ_ARREST, loaded)
    arrests = [
        record.arrest
        for record in readable
        if not record.arrest.juvenile and (includes_marked or Flag.SEALED_AND_OPEN not in record.arrest.flags)
    ]
    if not arrests:
        raise _refused("numbers", "name no record that your office may give; name one that you can open")
    return [arrest.arrest_id for arrest in arrests], {arrest.agency for arrest in arrests}


def _ids_of_alerts(numbers: Iterable[str]) -> Iterator[str]:
    office_id = current_request(router).by.office.office_id
    for text in numbers:
        if number := parse_number(text):
            yield from (alert.arrest_id for alert in dependencies.alerts.numbered(office_id, number))


def _ids_of_records(records: Iterable[NamedRecord]) -> Iterator[str]:
    return (arrest_id(dependencies.pseudonyms(), record.agency, record.number) for record in records)


def _ids_of_person(
    person: PersonQuery, request: AuthorizedRequest, clock: Callable[[], float] = monotonic
) -> list[str]:
    """Of every alert of the office. Raises RefusalError when there are more than can be read in time."""
    query, office_id = ArrestQuery(person=person), request.by.office.office_id
    ids: dict[str, None] = {}
    after: str | None = None
    ends_at = clock() + _SEARCH_SECONDS
    while True:
        alerts, after = dependencies.alerts.page(office_id, _ALERTS_A_PAGE, after)
        versions = dependencies.arrests.versions(alert.arrest_id for alert in alerts)
        ids |= {version.arrest.arrest_id: None for version in versions if query.fits(version.arrest)}
        if after is None:
            return list(ids)
        if clock() > ends_at:
            raise _refused("person", "could not be searched for in time; name the records by their numbers")


def _check_still_there(ids: Iterable[str]) -> None:
    wanted = tuple(ids)
    if len(dependencies.arrests.versions(wanted)) < len(wanted):
        raise _refused("numbers", "name a record that is gone since; name those that you can open")


def _refused(field: str, mend: str) -> RefusalError:
    problem = FieldProblem(field=field, mend=mend)
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "These records cannot be named.", [problem])
