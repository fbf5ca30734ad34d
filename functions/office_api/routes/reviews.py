from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import parts
from functions.office_api.access import asked_on
from functions.office_api.cursors import Cursor, given_out, place_of
from functions.office_api.records import Reviewed, agreed_with, of_review, shown_to, trees_of
from shared.domain.arrests import Arrest
from shared.domain.policy import Action
from shared.domain.reviews import Review, Verdict
from shared.domain.subscriptions import Subscription
from shared.reviewing import decide
from shared.tables.subscriptions import Key

router = APIGatewayHttpRouter()
ReviewId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_TAGS = ["reviews"]


class ReviewView(BaseModel):
    """Both sides: the watch, and every arrest of the person reported."""

    review: Review
    subscription: Subscription
    arrests: list[Arrest]


class Page(BaseModel):
    items: list[Review]
    next: str | None


@router.get("/v1/reviews", tags=_TAGS, summary="Possible matches that wait for your word, newest first")
def index(
    verdict: Annotated[Verdict, Query()] = Verdict.WAITING,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Cursor = "",
) -> Page:
    """A page may hold fewer than `limit`, even none, and still have a next one."""
    asked = asked_on(router)
    of = ("reviews", asked.by.office.office_id, verdict.value)
    found, following = parts.alerts.reviews.page(of[1], verdict, limit, place_of(after, *of))
    trees, agreed = trees_of(asked.by), agreed_with(asked.by)
    watches, _ = parts.subscriptions.read(Key(one.office_id, one.subscription_id) for one in found)
    items = asked.those(Action.READ_REVIEW, (
        of_review(asked.by, one, watch, agreed, trees)
        for one in found
        if (watch := watches.get(Key(one.office_id, one.subscription_id)))
    ))  # fmt: skip
    return Page(items=[agreed.asked(one.review) for one in items], next=given_out(following, *of))


@router.get("/v1/reviews/<review_id>", tags=_TAGS, summary="One possible match, both sides")
def show(review_id: ReviewId) -> ReviewView:
    asked = asked_on(router)
    review, subscription = asked.the(Reviewed)
    subscription = shown_to(asked.by, subscription)
    agreed = agreed_with(asked.by)
    known = (version.arrest for version in parts.arrests.versions(review.arrests))
    arrests = [shown for arrest in known if (shown := agreed.shown(arrest))]
    return ReviewView(review=agreed.asked(review), subscription=subscription, arrests=arrests)


@router.post("/v1/reviews/<review_id>/confirm", tags=_TAGS, summary="It is the person: tell everyone who watches")
def confirm(review_id: ReviewId) -> Review:
    return _decided(Verdict.CONFIRMED)


@router.post("/v1/reviews/<review_id>/dismiss", tags=_TAGS, summary="It is somebody else: never ask again")
def dismiss(review_id: ReviewId) -> Review:
    return _decided(Verdict.DISMISSED)


def _decided(verdict: Verdict) -> Review:
    asked = asked_on(router)
    review = asked.the(Reviewed).review
    decided = decide(review, verdict, asked.caller.email, parts.reviewing(), datetime.now(UTC))
    return agreed_with(asked.by).asked(decided)
