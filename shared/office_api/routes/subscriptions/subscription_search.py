"""The search of subscriptions, and what a page shows of each.

The search is a POST: names and numbers do not belong into addresses, which end in logs.
"""

from datetime import UTC, datetime
from itertools import islice

from pydantic import BaseModel, Field

from shared.access import Action
from shared.alerts.view import ShownSubscription
from shared.office_api import dependencies
from shared.office_api.answers.cursors import Cursor, Limit, cursor_of, place_of
from shared.office_api.answers.subscription_summaries import SubscriptionSummary, summarize
from shared.office_api.endpoints import Routes
from shared.office_api.gate.relations import Trees, folder_trees
from shared.office_api.gate.resources import readable_subscription, subscription_resource
from shared.office_api.middleware.authorization import AuthorizedRequest, current_request
from shared.office_api.routes import examples
from shared.office_api.routes.subscriptions.subscriptions import SubscriptionId
from shared.subscriptions.model import Subscription
from shared.subscriptions.search import SubscriptionSearch, contains_text, fits, search_context, sort_key

routes = Routes("subscriptions")
router = routes.router
_MOST = 10_000  # subscriptions of an office that a search looks through


class FoundSubscriptions(BaseModel):
    """`summaries` has what a list shows of each of `items`, in the same order. `total` counts all that fit."""

    items: list[ShownSubscription]
    summaries: list[SubscriptionSummary]
    total: int
    complete: bool = Field(description="False if your office has more subscriptions than were looked through: 10,000.")
    next: str | None


@routes.post(
    "/v1/subscriptions/search",
    action=Action.LIST_SUBSCRIPTIONS,
    summary="Search your office's subscriptions",
    example=examples.SUBSCRIPTION_SEARCH,
)
def search_subscriptions(search: SubscriptionSearch, limit: Limit = 50, after: Cursor = "") -> FoundSubscriptions:
    """Among those that you may read. If subscriptions change while you turn pages, one may show twice or be left
    out."""
    request, now = current_request(router), datetime.now(UTC)
    of = ("subscription search", request.by.office.office_id)
    first, trees = int(place_of(after, *of) or 0), folder_trees(request.by)
    found, complete = _found(search, request, trees, now)
    page = found[first : first + limit]
    following = str(first + limit) if first + limit < len(found) else None
    return FoundSubscriptions(
        items=page,
        summaries=summarize(page, request, now, trees),
        total=len(found),
        complete=complete,
        next=cursor_of(following, *of),
    )


@routes.get(
    "/v1/subscriptions/{subscription_id}/summary",
    action=Action.READ_SUBSCRIPTION,
    summary="Read what a page shows of a subscription",
)
def summarize_subscription(subscription_id: SubscriptionId) -> SubscriptionSummary:
    """Its title in words, its folders, what is due, and whether it reaches anybody."""
    request = current_request(router)
    subscription = readable_subscription(request.by, request.resource(Subscription))
    (summary,) = summarize([subscription], request, datetime.now(UTC))
    return summary


def _found(
    search: SubscriptionSearch, request: AuthorizedRequest, trees: Trees, now: datetime
) -> tuple[list[ShownSubscription], bool]:
    """Everything that fits and that the caller may read, in order; and whether that is all. The text is looked for once
    more in what the caller may read of each: the first look only spares asking the policy about all the others."""
    by = request.by
    context = search_context(search, by.user.email, trees, by.office.local_day(now))
    stored = list(islice(dependencies.subscriptions.all_of(by.office.office_id), _MOST + 1))
    fitting = (
        subscription_resource(by, subscription, trees)
        for subscription in stored[:_MOST]
        if fits(subscription, search, context) and contains_text(subscription, search.text)
    )
    readable = [
        readable_subscription(by, subscription, trees)
        for subscription in request.filter_allowed(Action.READ_SUBSCRIPTION, fitting)
    ]
    found = [subscription for subscription in readable if contains_text(subscription, search.text)]
    found.sort(key=lambda subscription: sort_key(subscription, search.order))
    return found, len(stored) <= _MOST
