"""What became of the files that an agency dropped."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from functions.office_api import dependencies
from functions.office_api.cursors import Cursor, cursor_of, place_of
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.problems import FieldProblem, RefusalError, not_found
from functions.office_api.routes.agencies import AgencyId
from shared.access import Action
from shared.feeds.drops.decide import DropAction, InvalidTransitionError, decide_drop
from shared.feeds.drops.model import DropDecision, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt
from shared.value import FrozenModel

routes = Routes("agencies")
router = routes.router
DropId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
SECONDS = 60  # a link to the rejects holds


class DropView(BaseModel):
    """`receipt` is none while the drop is read. `standing` held: its arrests are stored and nobody is told, `why` says
    for what reason."""

    drop_id: str
    key: str
    dropped_at: datetime
    standing: DropStatus
    why: str
    decided: DropDecision | None
    receipt: Receipt | None


class DropsPage(BaseModel):
    items: list[DropView]
    next: str | None


class RejectsLink(BaseModel):
    """A link to the reject file, which holds personal data: for you alone, and for a minute."""

    url: str
    seconds: int


@routes.get("/v1/agencies/{agency_id}/drops", action=Action.READ_DROPS, summary="The agency's drops, newest first")
def index(agency_id: AgencyId, limit: Annotated[int, Query(ge=1, le=100)] = 50, after: Cursor = "") -> DropsPage:
    of = ("drops", current_request(router).by.office.office_id, agency_id)
    records, following = dependencies.drops.page(agency_id, limit, place_of(after, *of))
    return DropsPage(items=[drop_view(record) for record in records], next=cursor_of(following, *of))


@routes.get("/v1/agencies/{agency_id}/drops/{drop_id}", action=Action.READ_DROPS, summary="What became of one drop")
def show(agency_id: AgencyId, drop_id: DropId) -> DropView:
    return drop_view(find_drop(agency_id, drop_id))


@routes.get(
    "/v1/agencies/{agency_id}/drops/{drop_id}/rejects", action=Action.READ_DROPS, summary="A link to its rejected rows"
)
def rejects(agency_id: AgencyId, drop_id: DropId) -> RejectsLink:
    """A CSV file: line, code, reason, what to do, and the row as it came. FieldProblem the rows and drop them again."""
    receipt = find_drop(agency_id, drop_id).receipt
    if receipt is None or receipt.rejects_key is None:
        raise not_found("reject file")
    url = dependencies.s3().generate_presigned_url(
        "get_object",
        Params={"Bucket": dependencies.settings.feeds_bucket, "Key": receipt.rejects_key},
        ExpiresIn=SECONDS,
    )
    return RejectsLink(url=url, seconds=SECONDS)


class ReplayRequest(FrozenModel):
    notify: bool = Field(default=True, description="false: it is stored anew, and nobody is told of what changes")


@routes.post(
    "/v1/agencies/{agency_id}/drops/{drop_id}/release", action=Action.DECIDE_DROP, summary="Tell of what is held"
)
def release(agency_id: AgencyId, drop_id: DropId) -> DropView:
    return _decide(agency_id, drop_id, DropAction.RELEASE)


@routes.post(
    "/v1/agencies/{agency_id}/drops/{drop_id}/discard", action=Action.DECIDE_DROP, summary="Tell nobody of what is held"
)
def discard(agency_id: AgencyId, drop_id: DropId) -> DropView:
    """Its arrests stay stored and unread; who was told before it was held was told. An arrest that a later drop says
    again is told of then."""
    return _decide(agency_id, drop_id, DropAction.DISCARD)


@routes.post(
    "/v1/agencies/{agency_id}/drops/{drop_id}/replay", action=Action.DECIDE_DROP, summary="Read a drop once more"
)
def replay(agency_id: AgencyId, drop_id: DropId, replay_request: ReplayRequest) -> DropView:
    """As its profile says by now. Nobody is told twice of the same."""
    return _decide(agency_id, drop_id, DropAction.REPLAY if replay_request.notify else DropAction.REPLAY_SILENTLY)


def _decide(agency_id: str, drop_id: str, drop_action: DropAction) -> DropView:
    by, record = current_request(router).caller.email, find_drop(agency_id, drop_id)
    try:
        return drop_view(decide_drop(record, drop_action, by, dependencies.drop_decision_deps(), datetime.now(UTC)))
    except InvalidTransitionError as fault:
        problem = FieldProblem(field="drop_id", mend=str(fault))
        raise RefusalError(HTTPStatus.CONFLICT, f"It cannot be done: {drop_action}.", [problem]) from fault


def find_drop(agency_id: str, drop_id: str) -> DropRecord:
    record = dependencies.drops.find(agency_id, drop_id)
    if record is None:
        raise not_found("drop")
    return record


def drop_view(record: DropRecord) -> DropView:
    return DropView(
        drop_id=record.drop_id,
        key=record.drop.key,
        dropped_at=record.drop.dropped_at,
        standing=record.status,
        why=record.held_because,
        decided=record.decision,
        receipt=record.receipt,
    )
