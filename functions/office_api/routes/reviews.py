from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel

from functions.office_api import dependencies
from functions.office_api.agreement_filter import agreement_filter
from functions.office_api.cursors import Cursor, cursor_of, place_of
from functions.office_api.endpoints import Routes
from functions.office_api.middleware.authorization import current_request
from functions.office_api.resources import ReviewWithSubscription, folder_trees, readable_subscription, review_resource
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
    trees, agreed = folder_trees(request.by), agreement_filter(request.by)
    subscriptions, _ = dependencies.subscriptions.read(
        SubscriptionKey(review.office_id, review.subscription_id) for review in reviews
    )
    items = request.filter_allowed(
        Action.READ_REVIEW,
        (
            review_resource(request.by, review, subscription, agreed, trees)
            for review in reviews
            if (subscription := subscriptions.get(SubscriptionKey(review.office_id, review.subscription_id)))
        ),
    )
    return ReviewsPage(items=[agreed.redact_review(item.review) for item in items], next=cursor_of(following, *of))


@routes.get("/v1/reviews/{review_id}", action=Action.READ_REVIEW, summary="One possible match, both sides")
def show(review_id: ReviewId) -> ReviewView:
    request = current_request(router)
    review, subscription = request.resource(ReviewWithSubscription)
    subscription = readable_subscription(request.by, subscription)
    agreed = agreement_filter(request.by)
    current = (version.arrest for version in dependencies.arrests.versions(review.arrests))
    arrests = [shown for arrest in current if (shown := agreed.redact_arrest(arrest))]
    return ReviewView(review=agreed.redact_review(review), subscription=subscription, arrests=arrests)


@routes.post(
    "/v1/reviews/{review_id}/confirm",
    action=Action.DECIDE_REVIEW,
    summary="It is the person: tell everyone who watches",
)
def confirm(review_id: ReviewId) -> Review:
    return _decide(ReviewVerdict.CONFIRMED)


@routes.post(
    "/v1/reviews/{review_id}/dismiss", action=Action.DECIDE_REVIEW, summary="It is somebody else: never ask again"
)
def dismiss(review_id: ReviewId) -> Review:
    return _decide(ReviewVerdict.DISMISSED)


def _decide(verdict: ReviewVerdict) -> Review:
    request = current_request(router)
    review = request.resource(ReviewWithSubscription).review
    decided = decide_review(review, verdict, request.caller.email, dependencies.review_deps(), datetime.now(UTC))
    return agreement_filter(request.by).redact_review(decided)
