"""The breach record: what happened, what the law asks for by when, and what was done."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel

from shared.access import Action
from shared.breaches.decide import (
    BreachRecorder,
    close_breach,
    confirm_breach,
    record_breach,
    statuses,
    take_step,
)
from shared.breaches.model import (
    BREACH_ID,
    Breach,
    BreachClosing,
    BreachConfirmation,
    BreachRequest,
    BreachState,
    BreachStep,
    StepRequest,
    StepTaken,
)
from shared.office_api import dependencies
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.resources import breach_resource
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples

routes = Routes("breaches")
router = routes.router
BreachId = Annotated[str, Path(pattern=BREACH_ID, description="The id of the breach.")]


class StepView(BaseModel):
    """`due` is null for as soon as practicable."""

    step: str
    title: str
    source: str
    due: datetime | None
    late: bool
    taken: StepTaken | None


class BreachView(BaseModel):
    """The steps that it asks for, late ones first."""

    breach: Breach
    steps: list[StepView]


class BreachesView(BaseModel):
    """Those with a late step first, then those that are open, then the rest; the newest first."""

    open: int
    items: list[BreachView]


@routes.get("/v1/breaches", action=Action.LIST_BREACHES, summary="List breaches, those with a late step first")
def list_breaches() -> BreachesView:
    """You see those that you recorded, or all with the right `privacy`."""
    request = current_request(router)
    breaches = dependencies.breaches.of_office(request.by.office.office_id)
    resources = [breach_resource(request.by, breach) for breach in breaches]
    views = [_view(breach) for breach in request.filter_allowed(Action.READ_BREACH, resources)]
    views.sort(key=lambda view: (not any(step.late for step in view.steps), view.breach.state is BreachState.CLOSED))
    return BreachesView(open=sum(view.breach.state is not BreachState.CLOSED for view in views), items=views)


@routes.get("/v1/breaches/{breach_id}", action=Action.READ_BREACH, summary="Read a breach and its steps")
def read_breach(breach_id: BreachId) -> BreachView:
    """Each step with its source, by when it is due, and who did it how and when."""
    return _view(current_request(router).resource(Breach))


def _read_again(ids: Ids, **_arguments: object) -> Response[BreachView]:
    request = current_request(router).authorize_named("breach_id", ids["breach_id"], Action.READ_BREACH)
    return _created(request.resource(Breach))


def _as_it_is_now(_ids: Ids, **_arguments: object) -> BreachView:
    return _view(current_request(router).resource(Breach))


@routes.post(
    "/v1/breaches",
    action=Action.RECORD_BREACH,
    summary="Record a suspected breach",
    replay=Replay(answer=_read_again, ids=lambda document: {"breach_id": document["breach"]["breach_id"]}),
    success=(HTTPStatus.CREATED,),
    example=examples.BREACH,
)
def record_suspected_breach(body: BreachRequest) -> Response[BreachView]:
    """Anybody of the office does, at once. Report it inside within an hour of its discovery."""
    request = current_request(router)
    recorder = BreachRecorder(request.by.office.office_id, request.caller.email)
    breach = record_breach(body, recorder, uuid4().hex, datetime.now(UTC))
    dependencies.breaches.save(breach)
    return _created(breach)


@routes.post(
    "/v1/breaches/{breach_id}/confirm",
    action=Action.KEEP_BREACH,
    summary="Confirm a breach",
    replay=Replay(answer=_as_it_is_now),
    example=examples.BREACH_CONFIRMATION,
)
def confirm_suspected_breach(breach_id: BreachId, body: BreachConfirmation) -> BreachView:
    """Further steps follow, by how many people it concerns and whether they may come to harm. Send it again when you
    know more."""
    request = current_request(router)
    return _saved(confirm_breach(request.resource(Breach), body, request.caller.email, datetime.now(UTC)))


@routes.post(
    "/v1/breaches/{breach_id}/steps",
    action=Action.KEEP_BREACH,
    summary="Tick off a step of a breach",
    replay=Replay(answer=_as_it_is_now),
    example=examples.BREACH_STEP,
)
def take_breach_step(breach_id: BreachId, body: StepRequest) -> BreachView:
    """Nothing is sent by this: you did it, and it is on record how and when."""
    request, steps = current_request(router), _steps()
    return _saved(take_step(request.resource(Breach), body, steps, request.caller.email, datetime.now(UTC)))


@routes.post(
    "/v1/breaches/{breach_id}/close",
    action=Action.KEEP_BREACH,
    summary="Close a breach",
    replay=Replay(answer=_as_it_is_now),
    example=examples.BREACH_CLOSING,
)
def close_open_breach(breach_id: BreachId, body: BreachClosing) -> BreachView:
    """Every step is done, or has a reason why it is left out."""
    request, steps = current_request(router), _steps()
    return _saved(close_breach(request.resource(Breach), body, steps, request.caller.email, datetime.now(UTC)))


def _steps() -> tuple[BreachStep, ...]:
    return dependencies.breaches.steps(current_request(router).by.office.office_id)


def _saved(breach: Breach) -> BreachView:
    dependencies.breaches.save(breach)
    return _view(breach)


def _view(breach: Breach) -> BreachView:
    steps = [
        StepView(
            step=status.step.name,
            title=status.step.title,
            source=status.step.source,
            due=status.due,
            late=status.late,
            taken=status.taken,
        )
        for status in statuses(breach, _steps(), datetime.now(UTC))
    ]
    return BreachView(breach=breach, steps=steps)


def _created(breach: Breach) -> Response[BreachView]:
    return Response(status_code=HTTPStatus.CREATED, content_type="application/json", body=_view(breach))
