"""Close reviews: an arrest that is sealed, a minor's or of another person now is taken out of its reviews. A review
without arrests says nothing of anybody any more."""

from collections.abc import Iterable

from shared.alerts.reviews.model import is_of_person
from shared.alerts.reviews.table import ReviewsTable
from shared.arrests.model import Arrest
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.model import SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable


def close_reviews(
    review_ids: Iterable[str],
    arrest: Arrest,
    reviews: ReviewsTable,
    subscriptions: SubscriptionsTable,
    pseudonyms: Pseudonyms,
) -> None:
    """Takes the arrest out of those of these reviews that it no longer belongs to. May run twice.

    Raises TryLater if a review kept changing (optimistic lock).
    """
    stored = reviews.read(review_ids)
    watches, _ = subscriptions.read(
        SubscriptionKey(review.office_id, review.subscription_id) for review in stored.values()
    )
    for review in stored.values():
        subscription = watches.get(SubscriptionKey(review.office_id, review.subscription_id))
        if subscription is None or not is_of_person(review, subscription, arrest, pseudonyms):
            reviews.take_out(review.review_id, arrest.arrest_id)
