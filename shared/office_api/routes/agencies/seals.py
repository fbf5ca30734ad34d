"""Seals: which statute does what, seals that wait for their statute, and the courts' orders that open again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.arrests.model import arrest_id
from shared.arrests.seals.certificates_table import CertifiedSeal
from shared.arrests.seals.effect import SealRule, rule_for, seal_rules
from shared.arrests.seals.lock import SealLock
from shared.arrests.seals.unsealing import (
    Line,
    SealState,
    Unsealing,
    UnsealingRequest,
    UnsealingState,
    check_unsealing,
    decided,
)
from shared.aws.optimistic_lock import ConflictError
from shared.feeds.manual.entry import SealCommand
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.agencies.agencies import AgencyId
from shared.office_api.routes.agencies.feed_files import ACCEPTED_AGAIN, AcceptedEntry
from shared.office_api.routes.agencies.submissions import store_entry
from shared.subscriptions.refused_words import check_texts
from shared.value import FrozenModel

routes = Routes("seals")
router = routes.router
LockId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the lock.")]
UnsealingId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the order.")]


class SealRules(BaseModel):
    items: list[SealRule]


class LockView(BaseModel):
    """A seal that names no statute. `number` and `arrested_on` are how it named the arrest. `is_linked`: it is another
    agency's seal of the same custody that locks your agency's report. `objection_days` of the rules says on how many
    days' notice the agency may object."""

    lock: SealLock
    waits_days: int


class LocksView(BaseModel):
    """Those that wait, the longest first."""

    items: list[LockView]


class SealAnswer(FrozenModel):
    """The statute under which the seal was ordered, or nothing where it was no seal of the agency's."""

    statute: str = Field(default="", max_length=200, description="like CPL 160.50; empty to lift the lock")
    reason: Line = Field(description="on what this rests, such as the notice of the clerk")


class UnsealingsView(BaseModel):
    """The newest first."""

    items: list[Unsealing]


class SealCertificatesPage(BaseModel):
    """The newest first. The certificates with their hashes lie in the locked audit bucket, under `key`."""

    items: list[CertifiedSeal]
    next: str | None


class UnsealingDecision(FrozenModel):
    reason: Line = Field(description="why; whoever entered the order reads it")


@routes.get("/v1/seal-rules", action=Action.READ_VOCABULARY, summary="List what a seal does, by its statute")
def list_seal_rules() -> SealRules:
    """And who may open what is sealed: what each needs, under which subparagraph, and what must be known first."""
    return SealRules(items=list(seal_rules()))


@routes.get(
    "/v1/agencies/{agency_id}/seals", action=Action.READ_SEALS, summary="List the seals that wait for their statute"
)
def list_waiting_seals(agency_id: AgencyId) -> LocksView:
    """Nobody can read what they seal, and nothing of it is erased, until the agency sends the statute or somebody with
    the right `seal` says it here."""
    now = datetime.now(UTC)
    locks = [lock for lock in dependencies.locks.of_agency(agency_id) if lock.is_open]
    return LocksView(
        items=[LockView(lock=_without_keys(lock), waits_days=(now - lock.locked_at).days) for lock in locks]
    )


@routes.post(
    "/v1/agencies/{agency_id}/seals/{lock}/answer",
    action=Action.SEAL_ARREST,
    summary="Say under which statute a seal was ordered",
    example=examples.SEAL_ANSWER,
    success=(HTTPStatus.ACCEPTED,),
    replay=ACCEPTED_AGAIN,
)
def answer_seal(agency_id: AgencyId, lock: LockId, answer: SealAnswer) -> Response[AcceptedEntry]:
    """The arrests are erased, marked or readable again, as the statute says. Without a statute the lock is lifted."""
    check_texts({"reason": answer.reason})
    waiting = dependencies.locks.find(agency_id, lock)
    if waiting is None or not waiting.is_open:
        raise RefusalError(HTTPStatus.CONFLICT, "No seal with this id waits for its statute.")
    if answer.statute and rule_for(answer.statute) is None:
        problem = FieldProblem(field="statute", mend="is none that we know; choose one of /v1/seal-rules")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "Nobody can say what this seal does.", [problem])
    event = "seal" if answer.statute else "seal lifted"
    return _enter(agency_id, SealCommand(event=event, seal_id=lock, seal_statute=answer.statute))


@routes.get(
    "/v1/agencies/{agency_id}/unsealings",
    action=Action.READ_SEALS,
    summary="List courts' orders that open what is sealed",
)
def list_unsealings(agency_id: AgencyId) -> UnsealingsView:
    """Whatever was decided about them."""
    return UnsealingsView(items=dependencies.unsealings.of_agency(agency_id))


@routes.get(
    "/v1/agencies/{agency_id}/seal-certificates", action=Action.READ_SEALS, summary="List the certificates of seals"
)
def list_seal_certificates(agency_id: AgencyId, limit: Limit = 50, after: Cursor = "") -> SealCertificatesPage:
    """What was made unreadable, marked, locked or readable again, under which statutes, on which day. They name
    nobody."""
    of = ("seal certificates", agency_id)
    page, following = dependencies.certified_seals.page(agency_id, limit, place_of(after, *of))
    return SealCertificatesPage(items=page, next=cursor_of(following, *of))


def _requested(ids: Ids, **_: object) -> Response[Unsealing]:
    unsealing = dependencies.unsealings.find(ids["unsealing_id"])
    if unsealing is None:
        raise LookupError(ids["unsealing_id"])
    return _created(unsealing)


@routes.post(
    "/v1/agencies/{agency_id}/unsealings",
    action=Action.REQUEST_UNSEALING,
    summary="Enter a court's order that opens a sealed arrest",
    example=examples.UNSEALING,
    success=(HTTPStatus.CREATED,),
    replay=Replay(answer=_requested, ids=lambda document: {"unsealing_id": document["unsealing_id"]}),
)
def request_unsealing(agency_id: AgencyId, order: UnsealingRequest) -> Response[Unsealing]:
    """Nothing is opened until somebody else with the right `seal` approves it. What is erased cannot be opened: the
    agency sends it again as a new arrest. What the order must say depends on the statute (`/v1/seal-rules`)."""
    request, now = current_request(router), datetime.now(UTC)
    check_texts({"court": order.court, "applicant": order.applicant, "order_number": order.order_number})
    state, mark = _state_of(agency_id, order.number)
    rule = check_unsealing(order, state, mark, request.by.office.local_day(now))
    unsealing = Unsealing(
        unsealing_id=f"{now:%Y%m%d%H%M%S}{uuid4().hex[:18]}",
        agency=agency_id,
        request=order,
        statute=rule.statute,
        requested_by=request.caller.email,
        requested_at=now,
    )
    dependencies.unsealings.save(unsealing)
    return _created(unsealing)


@routes.get("/v1/unsealings/{unsealing_id}", action=Action.READ_UNSEALING, summary="Read a court's order")
def read_unsealing(unsealing_id: UnsealingId) -> Unsealing:
    """What it says, who entered it, and what was decided. `waiting` and `refused` mean: nothing is opened."""
    return current_request(router).resource(Unsealing)


def _decided_again(_ids: Ids, **_: object) -> Unsealing:
    return current_request(router).resource(Unsealing)


@routes.post(
    "/v1/unsealings/{unsealing_id}/approve",
    action=Action.DECIDE_UNSEALING,
    summary="Approve a court's order: open the arrest",
    example=examples.UNSEALING_DECISION,
    replay=Replay(answer=_decided_again),
)
def approve_unsealing(unsealing_id: UnsealingId, decision: UnsealingDecision) -> Unsealing:
    """The arrest is readable again in a moment. Nobody approves an order that he entered, nor one about an arrest that
    was erased since."""
    request, now = current_request(router), datetime.now(UTC)
    unsealing = request.resource(Unsealing)
    state, mark = _state_of(unsealing.agency, unsealing.request.number)
    check_unsealing(unsealing.request, state, mark, request.by.office.local_day(now))
    after = _decide(UnsealingState.APPROVED, decision.reason)
    _enter(unsealing.agency, SealCommand(event="unsealed", seal_id=unsealing_id))
    return after


@routes.post(
    "/v1/unsealings/{unsealing_id}/refuse",
    action=Action.DECIDE_UNSEALING,
    summary="Refuse a court's order",
    example=examples.UNSEALING_DECISION,
    replay=Replay(answer=_decided_again),
)
def refuse_unsealing(unsealing_id: UnsealingId, decision: UnsealingDecision) -> Unsealing:
    """The arrest stays as it is. The record of the order stays, too."""
    return _decide(UnsealingState.REFUSED, decision.reason)


def _decide(state: UnsealingState, reason: str) -> Unsealing:
    check_texts({"reason": reason})
    request = current_request(router)
    before = request.resource(Unsealing)
    after = decided(before, state, request.caller.email, reason, datetime.now(UTC))
    if after is not before and not dependencies.unsealings.save(after, before):
        raise ConflictError
    return after


_STATES: Mapping[tuple[bool, bool], SealState] = {
    (True, True): SealState.LOCKED,
    (True, False): SealState.LOCKED,
    (False, True): SealState.MARKED,
    (False, False): SealState.READABLE,
}


def _state_of(agency: str, number: str) -> tuple[SealState, str]:
    """How the arrest with this number stands, and the statute that marks it."""
    for stored in dependencies.seals.find([arrest_id(dependencies.pseudonyms(), agency, number)]):
        if stored.arrest is None:
            return (SealState.ERASED if stored.sealed_by else SealState.UNKNOWN), ""
        return _STATES[stored.is_locked, bool(stored.mark)], "" if stored.is_locked else stored.mark
    return SealState.UNKNOWN, ""


def _enter(agency: str, command: SealCommand) -> Response[AcceptedEntry]:
    from shared.feeds.manual import submit  # noqa: PLC0415 - what reads files is loaded when there is one

    return store_entry(agency, submit.entry_document(command))


def _without_keys(lock: SealLock) -> SealLock:
    return lock.model_copy(update={"keys": (), "custody_keys": ()})


def _created(unsealing: Unsealing) -> Response[Unsealing]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=unsealing)
