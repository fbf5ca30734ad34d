from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.office_api import parts
from functions.office_api.caller import caller_of
from functions.office_api.problems import not_found
from shared.domain.arrests import Arrest
from shared.domain.reviews import Review, Verdict
from shared.domain.subscriptions import Subscription
from shared.reviewing import decide

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
    after: Annotated[str, Query(max_length=200)] = "",
) -> Page:
    """A page may hold fewer than `limit`, even none, and still have a next one."""
    caller = caller_of(router.current_event)
    found, following = parts.alerts.reviews.page(caller.office.office_id, verdict, limit, after or None)
    return Page(items=[one for one in found if _concerning(one, caller.email)], next=following)


@router.get("/v1/reviews/<review_id>", tags=_TAGS, summary="One possible match, both sides")
def show(review_id: ReviewId) -> ReviewView:
    review, subscription = _mine(review_id)
    subscription = subscription.as_read_by(caller_of(router.current_event).email)
    arrests = [version.arrest for version in parts.arrests.versions(review.arrests)]
    return ReviewView(review=review, subscription=subscription, arrests=arrests)


@router.post("/v1/reviews/<review_id>/confirm", tags=_TAGS, summary="It is the person: tell everyone who watches")
def confirm(review_id: ReviewId) -> Review:
    return _decided(review_id, Verdict.CONFIRMED)


@router.post("/v1/reviews/<review_id>/dismiss", tags=_TAGS, summary="It is somebody else: never ask again")
def dismiss(review_id: ReviewId) -> Review:
    return _decided(review_id, Verdict.DISMISSED)


def _decided(review_id: str, verdict: Verdict) -> Review:
    email = caller_of(router.current_event).email
    review, _ = _mine(review_id)
    return decide(review, verdict, email, parts.reviewing(), datetime.now(UTC))


def _mine(review_id: str) -> tuple[Review, Subscription]:
    caller = caller_of(router.current_event)
    review = parts.alerts.reviews.find(review_id)
    if review is None or review.office_id != caller.office.office_id:
        raise not_found("review")
    subscription = parts.subscriptions.find(review.office_id, review.subscription_id)
    if subscription is None or not review.may_be_decided_by(caller.email, subscription):
        raise not_found("review")
    return review, subscription


def _concerning(review: Review, email: str) -> bool:
    subscription = parts.subscriptions.find(review.office_id, review.subscription_id)
    return subscription is not None and review.may_be_decided_by(email, subscription)
