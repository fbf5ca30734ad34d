"""Opening a juvenile's record by a written order of the family court (Family Court Act 381.3).

There is no list and no search of these records. An opening names the one that the order names, and says nothing of
whether it is there.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AwareDatetime, BaseModel

from shared.access import Action
from shared.alerts.view import ShownArrest, show_opened
from shared.arrests.juveniles.answer import JuvenileAnswer, JuvenileQuestion, QuestionKind
from shared.arrests.juveniles.opening import (
    OPENING_ID,
    Opening,
    OpeningDecision,
    OpeningDecisionError,
    OpeningRequest,
    OpeningState,
)
from shared.arrests.model import Flag
from shared.arrests.seals.effect import purposes_of_marks
from shared.aws.optimistic_lock import ConflictError
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.refused_texts import count_refused_texts
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import opening_resource
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.offices.immigration import names_immigration
from shared.offices.users import Right

routes = Routes("juveniles")
router = routes.router
_NOT_OPEN = RefusalError(HTTPStatus.NOT_FOUND, "There is no record here that is open for you.")
OpeningId = Annotated[str, Path(pattern=OPENING_ID, description="The id of the opening.")]


class ShownOpening(BaseModel):
    """An opening with its state of this moment. Only while it is `open` can those named in it read the record."""

    state: OpeningState
    opening: Opening


class OpeningsPage(BaseModel):
    """Requests of the office to open records. A request says nothing of whether there is a record."""

    items: list[ShownOpening]
    next: str | None


class OpenedRecord(BaseModel):
    """The record as its agency reported it last, and until when it is open for you."""

    opening_id: str
    ends_at: AwareDatetime
    record: ShownArrest


@routes.get("/v1/juvenile-openings", action=Action.LIST_OPENINGS, summary="List requests to open juveniles' records")
def list_openings(limit: Limit = 50, after: Cursor = "") -> OpeningsPage:
    """Newest first, of the whole office: whoever has the right `juvenile` may be the second person."""
    request = current_request(router)
    of = ("openings", request.by.office.office_id)
    answered = _ask(request, QuestionKind.LIST, limit=limit, after=place_of(after, *of) or "")
    resources = [opening_resource(request.by, opening) for opening in answered.openings]
    items = [_shown(opening) for opening in request.filter_allowed(Action.READ_OPENING, resources)]
    return OpeningsPage(items=items, next=cursor_of(answered.following, *of))


@routes.get("/v1/juvenile-openings/{opening_id}", action=Action.READ_OPENING, summary="Read a request to open a record")
def read_opening(opening_id: OpeningId) -> ShownOpening:
    """Which record, by which order, for whom, and who decided. It is not the record."""
    return _shown(current_request(router).resource(Opening))


def _requested_again(ids: Ids, **_arguments: object) -> Response[ShownOpening]:
    return _created(_found(_ask(current_request(router), QuestionKind.FIND, opening_id=ids["opening_id"])))


@routes.post(
    "/v1/juvenile-openings",
    action=Action.REQUEST_OPENING,
    summary="Ask for a juvenile's record by a court's order",
    replay=Replay(answer=_requested_again, ids=lambda document: {"opening_id": document["opening"]["opening_id"]}),
    success=(HTTPStatus.CREATED,),
    example=examples.OPENING,
)
def request_opening(body: OpeningRequest) -> Response[ShownOpening]:
    """A written order of the family court is needed: its number, the court and its day. Somebody else with the right
    `juvenile` approves it; then you and the `readers` can read the record for so many days. Each look is audited."""
    request = current_request(router)
    _check(request, body)
    return _created(_found(_ask(request, QuestionKind.REQUEST, request=body, purpose=request.purpose)))


def _decided_again(_ids: Ids, **_arguments: object) -> ShownOpening:
    return _shown(current_request(router).resource(Opening))


@routes.post(
    "/v1/juvenile-openings/{opening_id}/approve",
    action=Action.DECIDE_OPENING,
    summary="Approve the opening of a juvenile's record",
    replay=Replay(answer=_decided_again),
)
def approve_opening(opening_id: OpeningId) -> ShownOpening:
    """You have seen the order, and it names this record. Nobody approves what he asked for or would read himself."""
    return _decide(OpeningDecision.APPROVE)


@routes.post(
    "/v1/juvenile-openings/{opening_id}/refuse",
    action=Action.DECIDE_OPENING,
    summary="Refuse the opening of a juvenile's record",
    replay=Replay(answer=_decided_again),
)
def refuse_opening(opening_id: OpeningId) -> ShownOpening:
    """The record stays closed."""
    return _decide(OpeningDecision.REFUSE)


@routes.post(
    "/v1/juvenile-openings/{opening_id}/close",
    action=Action.CLOSE_OPENING,
    summary="Close a juvenile's record before its time",
    replay=Replay(answer=_decided_again),
)
def close_opening(opening_id: OpeningId) -> ShownOpening:
    """From now on nobody reads it by this order."""
    return _decide(OpeningDecision.CLOSE)


@routes.get(
    "/v1/juvenile-openings/{opening_id}/record",
    action=Action.READ_JUVENILE_RECORD,
    summary="Read a juvenile's record that is open for you",
)
def read_juvenile_record(opening_id: OpeningId) -> OpenedRecord:
    """404 as well if it is not open, or not any more, or if there is no such record, or if a statute seals it for your
    purpose: which of them is not said."""
    request = current_request(router)
    answered = _ask(request, QuestionKind.READ, opening_id=opening_id)
    if answered.opening is None or answered.record is None or answered.opening.ends_at is None:
        raise _NOT_OPEN
    if Flag.SEALED_AND_OPEN in answered.record.flags and request.by.purpose not in purposes_of_marks():  # CPL 720.35
        raise _NOT_OPEN
    return OpenedRecord(opening_id=opening_id, ends_at=answered.opening.ends_at, record=show_opened(answered.record))


def _ask(request: AuthorizedRequest, kind: QuestionKind, /, **facts: object) -> JuvenileAnswer:
    """Raises OpeningDecisionError (409) for what cannot be done, ConflictError (409) where somebody was quicker."""
    who = {"kind": kind, "office_id": request.by.office.office_id, "by": request.caller.email}
    answered = dependencies.ask_about_juveniles()(JuvenileQuestion.model_validate(who | facts))
    if answered.problem:
        raise OpeningDecisionError(answered.problem)
    if answered.is_conflict:
        raise ConflictError("somebody else decided about this opening")
    return answered


def _decide(decision: OpeningDecision) -> ShownOpening:
    request = current_request(router)
    opening_id = request.resource(Opening).opening_id
    return _shown(_found(_ask(request, QuestionKind.DECIDE, opening_id=opening_id, decision=decision)))


def _check(request: AuthorizedRequest, body: OpeningRequest) -> None:
    """Raises RefusalError (422) for readers who are no users with the right, and for immigration enforcement."""
    problems = []
    office_id = request.by.office.office_id
    users = dependencies.users.read([(office_id, email) for email in body.readers])
    for number, email in enumerate(body.readers):
        user = users.get((office_id, email))
        if user is None or not user.active or Right.JUVENILE not in user.rights:
            mend = "name a user of your office with the right `juvenile`"
            problems.append(FieldProblem(field=f"readers.{number}", mend=mend))
    texts = {"reason": body.reason, "order.number": body.order.number, "order.court": body.order.court}
    if refused := tuple(field for field, text in texts.items() if names_immigration(text)):
        count_refused_texts(len(refused), refused)
        mend = "names immigration enforcement, for which nothing is opened"
        problems += [FieldProblem(field=field, mend=mend) for field in refused]
    if problems:
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be asked for as it is written.", problems)


def _found(answered: JuvenileAnswer) -> Opening:
    if answered.opening is None:
        raise _NOT_OPEN
    return answered.opening


def _shown(opening: Opening) -> ShownOpening:
    return ShownOpening(state=opening.state(datetime.now(UTC)), opening=opening)


def _created(opening: Opening) -> Response[ShownOpening]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=_shown(opening))
