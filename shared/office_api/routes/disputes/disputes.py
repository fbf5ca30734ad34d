"""Disputes: somebody says that a fact of an arrest is wrong; another person decides."""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.arrests.disputed import ArrestFact
from shared.disclosures.model import RecipientKind
from shared.disputes.decide import Recorder, decide_dispute, other_recipients, record_dispute
from shared.disputes.follow_corrections import rules_of
from shared.disputes.model import (
    DISPUTE_ID,
    Dispute,
    DisputeDecisionRequest,
    DisputeRequest,
    DisputeRules,
    DisputeState,
)
from shared.office_api import dependencies
from shared.office_api.answers.readable_arrests import readable_arrest
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import StoredDispute, dispute_resources
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples

routes = Routes("disputes")
router = routes.router
DisputeId = Annotated[str, Path(pattern=DISPUTE_ID, description="The id of the dispute.")]
_MOST_ENDED = 100


class DisputesList(BaseModel):
    """First those that mark a fact, by the day on which they are due; then those that ended, the newest first, at most
    100. You see those that you recorded, or all with the right `privacy` or `audit`."""

    open: int = Field(description="How many wait for a decision.")
    items: list[Dispute]


class NamedRecipient(BaseModel):
    """Somebody outside of criminal justice who was told of the arrest."""

    recipient: str
    recipient_kind: RecipientKind
    facts: str
    recorded_on: date


class DisputeStatement(BaseModel):
    """What whoever disputes the fact may have: their claim, what became of it, how to appeal, and the names of
    recipients outside of criminal justice (28 CFR 20.21(g)). No watch, reason or note is in it: those are
    investigatory."""

    dispute_id: str
    agency: str
    fact: ArrestFact
    claim: str
    received_on: date
    due: date
    state: DisputeState
    decided_on: date | None
    reason: str
    appeal: str
    recipients: list[NamedRecipient]


@routes.get("/v1/dispute-rules", action=Action.LIST_DISPUTES, summary="Read within how many days disputes are decided")
def read_dispute_rules() -> DisputeRules:
    """With the source of each number, and what a refusal says about an appeal."""
    return rules_of(current_request(router).by.office, dependencies.subscriptions.disputes)


@routes.get("/v1/disputes", action=Action.LIST_DISPUTES, summary="List disputes, those that are due first")
def list_disputes() -> DisputesList:
    """A fact that is disputed says so in every answer, page and message that shows it."""
    request = current_request(router)
    stored = dependencies.subscriptions.disputes.of_office(request.by.office.office_id)
    resources = dispute_resources(request.by, list(stored))
    readable = [held.dispute for held in request.filter_allowed(Action.READ_DISPUTE, resources)]
    marking = sorted((each for each in readable if each.state.marks_the_fact), key=lambda each: each.due)
    ended = sorted(
        (each for each in readable if not each.state.marks_the_fact), key=lambda each: each.recorded_at, reverse=True
    )
    count = sum(dispute.state is DisputeState.OPEN for dispute in marking)
    return DisputesList(open=count, items=[*marking, *ended[:_MOST_ENDED]])


@routes.get("/v1/disputes/{dispute_id}", action=Action.READ_DISPUTE, summary="Read a dispute")
def read_dispute(dispute_id: DisputeId) -> Dispute:
    """`gone` means that the arrest was erased by a seal or purged, or is a juvenile's: the texts went with it. While an
    arrest is locked, its disputes are hidden as it is."""
    return current_request(router).resource(StoredDispute).dispute


@routes.get(
    "/v1/disputes/{dispute_id}/statement",
    action=Action.NAME_RECIPIENTS,
    summary="Read what whoever disputes the fact may have",
)
def read_statement(dispute_id: DisputeId) -> DisputeStatement:
    """Print it or read it out. The recipients are those to whom your office passed something of the arrest on, and who
    are not of criminal justice."""
    request = current_request(router)
    dispute, office = request.resource(StoredDispute).dispute, request.by.office
    disclosed = dependencies.disclosures.of_arrest(office.office_id, dispute.arrest_id)
    return DisputeStatement(
        **dispute.model_dump(include={"dispute_id", "agency", "fact", "claim", "received_on", "due", "state"}),
        reason=dispute.reason,
        appeal=dispute.appeal,
        decided_on=office.local_day(dispute.decided_at) if dispute.decided_at else None,
        recipients=[
            NamedRecipient(
                recipient=disclosure.request.recipient,
                recipient_kind=disclosure.request.recipient_kind,
                facts=disclosure.request.facts,
                recorded_on=office.local_day(disclosure.requested_at),
            )
            for disclosure in other_recipients(disclosed)
        ],
    )


def _read_again(ids: Ids, **_arguments: object) -> Response[Dispute]:
    request = current_request(router).authorize_named("dispute_id", ids["dispute_id"], Action.READ_DISPUTE)
    return _created(request.resource(StoredDispute).dispute)


@routes.post(
    "/v1/disputes",
    action=Action.RECORD_DISPUTE,
    summary="Record that somebody disputes a fact of an arrest",
    replay=Replay(answer=_read_again, ids=lambda document: {"dispute_id": document["dispute_id"]}),
    success=(HTTPStatus.CREATED,),
    example=examples.DISPUTE,
)
def record_disputed_fact(body: DisputeRequest) -> Response[Dispute]:
    """From now on everybody in your office who is shown the fact is shown that it is disputed. Somebody else with the
    right `privacy` decides. You must be able to read the arrest."""
    request, now = current_request(router), datetime.now(UTC)
    office, table = request.by.office, dependencies.subscriptions.disputes
    agency = readable_arrest(request, body.arrest_id, "arrest_id").arrest.agency
    stored, recorder = table.find(office.office_id, body.arrest_id), Recorder(request.caller.email, agency)
    dispute = record_dispute(body, stored, recorder, rules_of(office, table), uuid4().hex, now)
    table.save(stored.with_dispute(dispute))
    return _created(dispute)


def _decided_again(_ids: Ids, **_arguments: object) -> Dispute:
    return current_request(router).resource(StoredDispute).dispute


@routes.post(
    "/v1/disputes/{dispute_id}/decision",
    action=Action.DECIDE_DISPUTE,
    summary="Decide a dispute",
    replay=Replay(answer=_decided_again),
    example=examples.DISPUTE_DECISION,
)
def decide_disputed_fact(dispute_id: DisputeId, body: DisputeDecisionRequest) -> Dispute:
    """Whoever recorded it does not decide it. The record belongs to its agency: to uphold a dispute, ask the agency to
    correct it first. The fact stays marked until a correction comes."""
    request, now = current_request(router), datetime.now(UTC)
    (stored, dispute), table = request.resource(StoredDispute), dependencies.subscriptions.disputes
    decided = decide_dispute(dispute, body, request.caller.email, rules_of(request.by.office, table), now)
    table.save(stored.with_dispute(decided))
    return decided


def _created(dispute: Dispute) -> Response[Dispute]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=dispute)
