from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.cursors import Cursor, given_out, place_of
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.resources import Reviewed, agreed_with, of_review, shown_to, trees_of
from shared.access import Action
from shared.alerts.decide_review import decide_review
from shared.alerts.reviews.model import Review, ReviewVerdict
from shared.arrests.model import Arrest
from shared.subscriptions.model import Subscription, SubscriptionKey

routes = Routes("reviews")
router = routes.router
ReviewId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class ReviewView(BaseModel):
    """Both sides: the watch, and every arrest of the person reported."""

    review: Review
    subscription: Subscription
    arrests: list[Arrest]


class ReviewsPage(BaseModel):
    items: list[Review]
    next: str | None


@routes.get("/v1/reviews", action=Action.LIST_REVIEWS, summary="Possible matches that wait for your word, newest first")
def index(
    verdict: Annotated[ReviewVerdict, Query()] = ReviewVerdict.WAITING,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: Cursor = "",
) -> ReviewsPage:
    """A page may hold fewer than `limit`, even none, and still have a next one."""
    request = current_request(router)
    of = ("reviews", request.by.office.office_id, verdict.value)
    reviews, following = dependencies.alerts.reviews.page(of[1], verdict, limit, place_of(after, *of))
    trees, agreed = trees_of(request.by), agreed_with(request.by)
    watches, _ = dependencies.subscriptions.read(
        SubscriptionKey(review.office_id, review.subscription_id) for review in reviews
    )
    items = request.filter_allowed(
        Action.READ_REVIEW,
        (
            of_review(request.by, review, watch, agreed, trees)
            for review in reviews
            if (watch := watches.get(SubscriptionKey(review.office_id, review.subscription_id)))
        ),
    )
    return ReviewsPage(items=[agreed.asked(one.review) for one in items], next=given_out(following, *of))


@routes.get("/v1/reviews/{review_id}", action=Action.READ_REVIEW, summary="One possible match, both sides")
def show(review_id: ReviewId) -> ReviewView:
    request = current_request(router)
    review, subscription = request.resource(Reviewed)
    subscription = shown_to(request.by, subscription)
    agreed = agreed_with(request.by)
    known = (version.arrest for version in dependencies.arrests.versions(review.arrests))
    arrests = [shown for arrest in known if (shown := agreed.shown(arrest))]
    return ReviewView(review=agreed.asked(review), subscription=subscription, arrests=arrests)


@routes.post(
    "/v1/reviews/{review_id}/confirm",
    action=Action.DECIDE_REVIEW,
    summary="It is the person: tell everyone who watches",
)
def confirm(review_id: ReviewId) -> Review:
    return _decided(ReviewVerdict.CONFIRMED)


@routes.post(
    "/v1/reviews/{review_id}/dismiss", action=Action.DECIDE_REVIEW, summary="It is somebody else: never ask again"
)
def dismiss(review_id: ReviewId) -> Review:
    return _decided(ReviewVerdict.DISMISSED)


def _decided(verdict: ReviewVerdict) -> Review:
    request = current_request(router)
    review = request.resource(Reviewed).review
    decided = decide_review(review, verdict, request.caller.email, dependencies.reviewing(), datetime.now(UTC))
    return agreed_with(request.by).asked(decided)
