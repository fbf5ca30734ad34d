"""Holds of the caller's office: what may not be purged, why, and until when. And the rules by which the rest goes."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field, StringConstraints

from shared.access import Action
from shared.arrests.retention.end_hold import confirm_end, decide_end, faults_of, refuse_end
from shared.arrests.retention.hold import Hold, HoldEnd, HoldKind, HoldText, is_in_force, last_day_of
from shared.arrests.retention.model import CopyRule, RetentionSchedule
from shared.office_api import dependencies
from shared.office_api.answers.etags import etag_of, may_match, must_match
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.readable_arrests import arrests_numbered
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("retention")
router = routes.router
HoldId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="the id of the hold")]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
_MOST_NUMBERS = 100


class NewHold(FrozenModel):
    """`numbers` are those of alerts. Without one the hold is on all copies of the office."""

    kind: HoldKind
    reason: HoldText
    reference: Reference = ""
    numbers: tuple[Annotated[str, StringConstraints(max_length=40)], ...] = Field(default=(), max_length=_MOST_NUMBERS)


class HoldView(BaseModel):
    """`last_day` is the last day on which it keeps records; null while nobody can say."""

    hold: Hold
    in_force: bool
    last_day: date | None


class HoldsView(BaseModel):
    """The newest first."""

    items: list[HoldView]


class ClassView(BaseModel):
    """One that is not `changeable` says what the product keeps by itself; no office's file changes it."""

    name: str
    keeps: list[str]
    source: str
    changeable: bool


class RetentionView(BaseModel):
    """By which rules copies of your office go. `classes` bind the record itself; a copy never outlives them."""

    copy_rule: CopyRule
    classes: list[ClassView]


def _find(hold_id: str) -> Hold:
    hold = dependencies.holds.find(current_request(router).by.office.office_id, hold_id)
    if hold is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "There is no such hold.")
    return hold


def _placed(ids: Ids, **_: object) -> Response[HoldView]:
    return _created(_find(ids["hold_id"]))


def _as_it_is_now(_ids: Ids, *, hold: str, **_: object) -> HoldView:
    return _view(_find(hold))


@routes.get("/v1/holds", action=Action.KEEP_HOLDS, summary="List your office's holds")
def list_holds() -> HoldsView:
    """Those that have ended are listed as well."""
    office = current_request(router).by.office
    return HoldsView(items=[_view(hold) for hold in dependencies.holds.of_office(office.office_id)])


@routes.post(
    "/v1/holds",
    action=Action.KEEP_HOLDS,
    summary="Place a hold",
    example=examples.NEW_HOLD,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_placed, ids=lambda document: {"hold_id": document["hold"]["hold_id"]}),
)
def place_hold(new_hold: NewHold) -> Response[HoldView]:
    """Nothing that it covers is purged until it has ended, whatever the schedule says. It does not keep what is
    sealed readable."""
    request = current_request(router)
    check_texts({"reason": new_hold.reason, "reference": new_hold.reference})
    ids = [
        arrest_id
        for place, number in enumerate(new_hold.numbers)
        for arrest_id in arrests_numbered(request, number, f"numbers.{place}")
    ]
    hold = Hold(
        hold_id=uuid4().hex,
        office_id=request.by.office.office_id,
        kind=new_hold.kind,
        reason=new_hold.reason,
        reference=new_hold.reference,
        arrest_ids=tuple(dict.fromkeys(ids)),
        placed_by=request.caller.email,
        placed_at=datetime.now(UTC),
    )
    dependencies.holds.store(hold)
    return _created(hold)


@routes.get("/v1/holds/{hold}", action=Action.KEEP_HOLDS, summary="Read a hold")
def read_hold(hold: HoldId) -> Response[HoldView]:
    """With the end that waits for a second person, if there is one. The ETag names what you have read."""
    stored = _find(hold)
    headers = {"ETag": etag_of(stored)}
    return Response(HTTPStatus.OK, content_type="application/json", body=_view(stored), headers=headers)


@routes.post(
    "/v1/holds/{hold}/end",
    action=Action.KEEP_HOLDS,
    summary="Say that what a hold is for has ended",
    example=examples.HOLD_END,
    replay=Replay(answer=_as_it_is_now),
)
def end_hold(hold: HoldId, hold_end: HoldEnd) -> HoldView:
    """A litigation holds for a year after its end, a FOIL request for the days in which its answer may be appealed and
    until an appeal is decided. Sending it again corrects the days. A day before today, and an end that comes before the
    rule allows it, wait in `proposed_end` until somebody else with the right `records` confirms them."""
    check_texts({"reason": hold_end.reason})
    request, now = current_request(router), datetime.now(UTC)
    before, today = _find(hold), request.by.office.local_day(now)
    if before.request_id and _is_open(before.request_id):
        raise RefusalError(HTTPStatus.CONFLICT, "A records request placed this hold. It ends with its request.")
    if faults := faults_of(before, hold_end, today):
        problems = [FieldProblem(field=fault.field, mend=fault.fix) for fault in faults]
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "The hold cannot end like this.", problems)
    rule = _schedule().holds[before.kind]
    return _store(decide_end(before, hold_end, rule, request.caller.email, now, today))


@routes.post(
    "/v1/holds/{hold}/end/confirm",
    action=Action.KEEP_HOLDS,
    summary="Confirm the end of a hold",
    conditional=True,
    replay=Replay(answer=_as_it_is_now),
)
def confirm_hold_end(hold: HoldId) -> HoldView:
    """By another person than the one who proposed it, who has read that very end: its ETag is sent as If-Match."""
    stored = _find(hold)
    must_match(router.current_event, stored)
    return _store(confirm_end(stored, current_request(router).caller.email))


@routes.post(
    "/v1/holds/{hold}/end/refuse",
    action=Action.KEEP_HOLDS,
    summary="Refuse the end of a hold, or take it back",
    replay=Replay(answer=_as_it_is_now),
)
def refuse_hold_end(hold: HoldId) -> HoldView:
    """The hold goes on."""
    stored = _find(hold)
    may_match(router.current_event, stored)
    return _store(refuse_end(stored))


@routes.get("/v1/retention", action=Action.KEEP_HOLDS, summary="Read by which rules your office's copies are purged")
def read_retention() -> RetentionView:
    """Counsel changes them through the office's file, which whoever operates the product applies."""
    schedule = _schedule()
    classes = [
        ClassView(
            name=rule.name,
            keeps=[str(keep) for keep in rule.keep],
            source=rule.source,
            changeable=rule.changeable,
        )
        for rule in schedule.classes
    ]
    return RetentionView(copy_rule=schedule.copy_rule, classes=classes)


def _is_open(request_id: str) -> bool:
    records_request = dependencies.records_requests.find(current_request(router).by.office.office_id, request_id)
    return records_request is not None and records_request.is_open


def _store(hold: Hold) -> HoldView:
    dependencies.holds.store(hold)
    return _view(hold)


def _schedule() -> RetentionSchedule:
    from shared.arrests.retention.default_schedule import default_schedule  # noqa: PLC0415 - few ask for it

    return current_request(router).by.office.retention.applied_to(default_schedule())


def _view(hold: Hold) -> HoldView:
    rule, today = _schedule().holds[hold.kind], current_request(router).by.office.local_day(datetime.now(UTC))
    return HoldView(hold=hold, in_force=is_in_force(hold, rule, today), last_day=last_day_of(hold, rule))


def _created(hold: Hold) -> Response[HoldView]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=_view(hold))
