"""Reviews of possible matches: both sides, and the decision to confirm or dismiss."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.decide_review import decide_review
from shared.alerts.reviews.model import Review, ReviewVerdict
from shared.alerts.view import CurrentReview, ShownArrest, ShownReview, ShownSubscription, show_review
from shared.matching.criteria.titles import criterion_title
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.etags import etag_of, may_match, names_state
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.gate.agreement_filter import AgreementFilter, agreement_filter
from shared.office_api.gate.authentication import SignedIn
from shared.office_api.gate.relations import folder_trees
from shared.office_api.gate.resources import LoadedResource, readable_subscription, review_resources
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes.office.me import PossibleMatches, possible_matches_of
from shared.subscriptions.model import SubscriptionKey

routes = Routes("reviews")
router = routes.router
ReviewId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the possible match.")]


class ReviewView(BaseModel):
    """Both sides: the subscription, and every arrest of the reported person."""

    review: ShownReview
    subscription: ShownSubscription
    arrests: list[ShownArrest]


class ReviewSummary(BaseModel):
    """What a list shows of a possible match. `days` is how long it has waited, or had when it was decided."""

    review_id: str
    title: str = Field(description="What is watched, in one line.")
    case_number: str
    waiting_since: datetime
    days: int


class ReviewsPage(BaseModel):
    """`summaries` has one for each of `items`, in the same order. `yours` counts what waits for your verdict."""

    items: list[ShownReview]
    summaries: list[ReviewSummary]
    yours: PossibleMatches
    next: str | None


@routes.get("/v1/reviews", action=Action.LIST_REVIEWS, summary="List possible matches, newest first")
def list_reviews(
    verdict: Annotated[
        ReviewVerdict, Query(description="Only possible matches with this verdict.")
    ] = ReviewVerdict.WAITING,
    oldest_first: Annotated[bool, Query(description="Those that have waited longest first.")] = False,
    limit: Limit = 50,
    after: Cursor = "",
) -> ReviewsPage:
    """A possible match notifies nobody until somebody confirms it. A page may hold fewer items than `limit`, or none,
    and still have a `next`."""
    request = current_request(router)
    of = ("reviews", request.by.office.office_id, verdict.value, *(["oldest first"] if oldest_first else []))
    reviews, following = dependencies.alerts.reviews.page(
        of[1], verdict, limit, place_of(after, *of), oldest_first=oldest_first
    )
    agreed = agreement_filter(request.by)
    items = request.filter_allowed(Action.READ_REVIEW, _review_resources(request.by, reviews, agreed))
    listed: list[CurrentReview] = [item for item in items if item.review.verdict is verdict]
    now = datetime.now(UTC)
    return ReviewsPage(
        items=[show_review(item, agreed.withheld(item.review.agency)) for item in listed],
        summaries=[_summary(item, now) for item in listed],
        yours=possible_matches_of(request.by, now),
        next=cursor_of(following, *of),
    )


def _summary(current: CurrentReview, now: datetime) -> ReviewSummary:
    review, subscription = current.review, current.subscription
    return ReviewSummary(
        review_id=review.review_id,
        title=criterion_title(subscription.criterion),
        case_number=subscription.basis.case_number,
        waiting_since=review.created_at,
        days=((review.decided_at or now) - review.created_at).days,
    )


def _review_resources(by: SignedIn, reviews: Sequence[Review], agreed: AgreementFilter) -> list[LoadedResource]:
    """Reads folders and subscriptions once for the whole page. A review without its subscription is left out."""
    trees = folder_trees(by)
    keys = {review.review_id: SubscriptionKey(review.office_id, review.subscription_id) for review in reviews}
    subscriptions, _ = dependencies.subscriptions.read(keys.values())
    pairs = [(review, subscriptions.get(keys[review.review_id])) for review in reviews]
    known = [(review, subscription) for review, subscription in pairs if subscription]
    return review_resources(by, known, agreed, trees)


@routes.get("/v1/reviews/{review_id}", action=Action.READ_REVIEW, summary="Read a possible match, both sides")
def read_review(review_id: ReviewId) -> Response[ReviewView]:
    """The subscription, and every arrest of the reported person. The ETag names the verdict that you have read."""
    request = current_request(router)
    current, agreed = request.resource(CurrentReview), agreement_filter(request.by)
    both_sides = ReviewView(
        review=show_review(current, agreed.withheld(current.review.agency)),
        subscription=readable_subscription(request.by, current.subscription),
        arrests=[shown for arrest in current.arrests if (shown := agreed.show_arrest(arrest))],
    )
    etag = etag_of(current.review)
    return Response(status_code=HTTPStatus.OK, content_type="application/json", body=both_sides, headers={"ETag": etag})


def _read_again(_ids: Ids, **_arguments: object) -> ShownReview:
    request = current_request(router)
    current = request.resource(CurrentReview)
    return show_review(current, agreement_filter(request.by).withheld(current.review.agency))


@routes.post(
    "/v1/reviews/{review_id}/confirm",
    action=Action.DECIDE_REVIEW,
    summary="Confirm a possible match",
    replay=Replay(answer=_read_again),
)
def confirm_review(review_id: ReviewId) -> ShownReview:
    """It is the same person. The recipients of the subscription are notified. To confirm what was dismissed, send the
    ETag of the possible match as If-Match."""
    return _decide(ReviewVerdict.CONFIRMED)


@routes.post(
    "/v1/reviews/{review_id}/dismiss",
    action=Action.DECIDE_REVIEW,
    summary="Dismiss a possible match",
    replay=Replay(answer=_read_again),
)
def dismiss_review(review_id: ReviewId) -> ShownReview:
    """It is another person. This person is never proposed for this subscription again. To dismiss what was confirmed,
    send the ETag of the possible match as If-Match: whoever was told of it is then told that it was another person."""
    return _decide(ReviewVerdict.DISMISSED)


def _decide(verdict: ReviewVerdict) -> ShownReview:
    request = current_request(router)
    current = request.resource(CurrentReview)
    review = current.review
    _require_open(review)
    _require_known_verdict(review, verdict)
    decided = decide_review(
        current.stored, verdict, request.caller.email, dependencies.review_deps(), datetime.now(UTC)
    )
    shown = current._replace(review=decided.model_copy(update={"arrests": review.arrests}))
    return show_review(shown, agreement_filter(request.by).withheld(review.agency))


def _require_open(review: Review) -> None:
    """Raises RefusalError (409) if nothing is left to decide."""
    if review.verdict is ReviewVerdict.CLOSED:
        problem = FieldProblem(field="review_id", mend="nothing is to be done; it needs no decision any more")
        raise RefusalError(HTTPStatus.CONFLICT, "Its arrests are of another person now, or may not be read.", [problem])


def _require_known_verdict(review: Review, verdict: ReviewVerdict) -> None:
    """Raises RefusalError (409, 412) unless whoever changes a verdict has read it: two people may decide at once."""
    may_match(router.current_event, review)
    if review.verdict in (ReviewVerdict.WAITING, verdict) or names_state(router.current_event):
        return
    day = f" on {review.decided_at:%Y-%m-%d}" if review.decided_at else ""
    consequence = (
        "whoever was told of it is then told that it was another person"
        if review.verdict is ReviewVerdict.CONFIRMED
        else "whoever is to be told of it then is"
    )
    problem = FieldProblem(
        field="If-Match", mend=f"read the possible match again and send its ETag to change that; {consequence}"
    )
    detail = f"{review.decided_by} {review.verdict.value} this possible match{day}."
    raise RefusalError(HTTPStatus.CONFLICT, detail, [problem])
