"""Drops: the files that an agency sent, their receipts, and the decision about a held one."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import BaseModel, Field

from shared.access import Action
from shared.feeds.copies.bucket import RAW
from shared.feeds.drops.decide import DropAction, InvalidTransitionError, decide_drop
from shared.feeds.drops.model import DropDecision, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.problems import FieldProblem, RefusalError, not_found
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.agencies.agencies import AgencyId
from shared.value import FrozenModel

routes = Routes("agencies")
router = routes.router
DropId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the drop.")]
SECONDS = 60  # how long a link to a file works


class DropView(BaseModel):
    """`receipt` is null while the drop is being read. If `standing` is "held", its arrests are stored and nobody is
    notified; `why` gives the reason. Counts of minors and of seals are the agency's alone: null here."""

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
    """A link to the reject file. It holds personal data, so the link works for one minute only."""

    url: str
    seconds: int


@routes.get("/v1/agencies/{agency_id}/drops", action=Action.READ_DROPS, summary="List the agency's drops, newest first")
def list_drops(agency_id: AgencyId, limit: Limit = 50, after: Cursor = "") -> DropsPage:
    """A drop is one file that the agency sent."""
    of = ("drops", current_request(router).by.office.office_id, agency_id)
    records, following = dependencies.drops.page(agency_id, limit, place_of(after, *of))
    return DropsPage(items=[drop_view(record) for record in records], next=cursor_of(following, *of))


@routes.get("/v1/agencies/{agency_id}/drops/{drop_id}", action=Action.READ_DROPS, summary="Read a drop and its receipt")
def read_drop(agency_id: AgencyId, drop_id: DropId) -> DropView:
    """`receipt` is null while the drop is being read."""
    return drop_view(find_drop(agency_id, drop_id))


@routes.get(
    "/v1/agencies/{agency_id}/drops/{drop_id}/rejects",
    action=Action.SEND_FEED,
    summary="Get a link to the rejected rows of a drop",
)
def link_to_rejects(agency_id: AgencyId, drop_id: DropId) -> RejectsLink:
    """A CSV file: line, code, reason, what to do, and the row as it was sent. Correct the rows and drop them again.
    It is for whoever runs the feed: who only decides about what is held reads what is wrong, and no row."""
    receipt = find_drop(agency_id, drop_id).receipt
    if receipt is None or receipt.rejects_key is None:
        raise not_found("reject file")
    url = dependencies.s3().generate_presigned_url(
        "get_object",
        Params={"Bucket": dependencies.settings.feeds_bucket, "Key": receipt.rejects_key},
        ExpiresIn=SECONDS,
    )
    return RejectsLink(url=url, seconds=SECONDS)


class RawDropLink(BaseModel):
    """A link to the file as the agency sent it. It may hold what nobody here may keep, so the link works for one minute
    only, and the file is deleted after seven days."""

    url: str
    seconds: int


@routes.get(
    "/v1/agencies/{agency_id}/drops/{drop_id}/raw",
    action=Action.READ_RAW_DROP,
    summary="Get a link to the file as the agency sent it",
)
def link_to_raw_drop(agency_id: AgencyId, drop_id: DropId) -> RawDropLink:
    """For seven days, to answer a question of the agency. There is none of a drop that holds a sealed arrest; it is
    read again from its cleaned copy."""
    find_drop(agency_id, drop_id)
    if not dependencies.copies().holds(RAW, agency_id, drop_id):
        raise not_found("raw file")
    url = dependencies.s3().generate_presigned_url(
        "get_object",
        Params={"Bucket": dependencies.settings.copies_bucket, "Key": f"{RAW}/{agency_id}/{drop_id}"},
        ExpiresIn=SECONDS,
    )
    return RawDropLink(url=url, seconds=SECONDS)


class ReplayRequest(FrozenModel):
    notify: bool = Field(default=True, description="False stores the drop again and notifies nobody of changes.")


def _read_again(_ids: Ids, *, agency_id: str, drop_id: str, **_arguments: object) -> DropView:
    return drop_view(find_drop(agency_id, drop_id))


@routes.post(
    "/v1/agencies/{agency_id}/drops/{drop_id}/release",
    action=Action.DECIDE_DROP,
    summary="Release a held drop",
    replay=Replay(answer=_read_again),
)
def release_drop(agency_id: AgencyId, drop_id: DropId) -> DropView:
    """Its arrests are matched and recipients are notified."""
    return _decide(agency_id, drop_id, DropAction.RELEASE)


@routes.post(
    "/v1/agencies/{agency_id}/drops/{drop_id}/discard",
    action=Action.DECIDE_DROP,
    summary="Discard a held drop",
    replay=Replay(answer=_read_again),
)
def discard_drop(agency_id: AgencyId, drop_id: DropId) -> DropView:
    """Nobody is notified of it and its arrests cannot be read. Notifications from before it was held stand. If a later
    drop reports an arrest again, recipients are notified then."""
    return _decide(agency_id, drop_id, DropAction.DISCARD)


@routes.post(
    "/v1/agencies/{agency_id}/drops/{drop_id}/replay",
    action=Action.DECIDE_DROP,
    summary="Read a drop again",
    example=examples.REPLAY,
    replay=Replay(answer=_read_again),
)
def replay_drop(agency_id: AgencyId, drop_id: DropId, replay_request: ReplayRequest) -> DropView:
    """From its cleaned copy, with the profile that is live now. Nobody is notified twice of the same. A column that the
    profile did not name when the drop was first read is not in the copy; the receipt then says so."""
    return _decide(agency_id, drop_id, DropAction.REPLAY if replay_request.notify else DropAction.REPLAY_SILENTLY)


def _decide(agency_id: str, drop_id: str, drop_action: DropAction) -> DropView:
    by, record = current_request(router).caller.email, find_drop(agency_id, drop_id)
    try:
        return drop_view(decide_drop(record, drop_action, by, dependencies.drop_decision_deps(), datetime.now(UTC)))
    except InvalidTransitionError as fault:
        problem = FieldProblem(field="drop_id", mend=str(fault))
        raise RefusalError(
            HTTPStatus.CONFLICT, f"The state of this drop does not allow: {drop_action}.", [problem]
        ) from fault


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
        receipt=record.receipt.for_office() if record.receipt else None,
    )
