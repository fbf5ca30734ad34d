"""Deconfliction as a use case: finds who else watches the person of a subscription. The rules: `deconfliction.py`."""

from collections.abc import Callable, Iterable
from datetime import datetime

from shared.matching.rules import terms_watched
from shared.offices.table import OfficesTable
from shared.subscriptions.deconfliction import describe_others, is_shown, others_in_force, person_leaves
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable


def find_other_subscribers(
    subscription: Subscription,
    index: SubscriptionIndex,
    subscriptions_table: SubscriptionsTable,
    offices_table: OfficesTable,
    now: datetime,
) -> tuple[str, ...]:
    """Describes who else watches the person of this subscription today; empty if it watches no person."""
    candidates, _ = subscriptions_table.read(_keys_for_person(subscription, index))
    offices, _ = offices_table.offices({key.office_id for key in candidates} | {subscription.office_id})
    others = others_in_force(subscription, candidates.values(), offices, now)
    is_off = switched_off_offices(offices, subscriptions_table, now)
    return describe_others(subscription, visible_subscriptions(others, subscriptions_table), offices, is_off)


def switched_off_offices(
    office_ids: Iterable[str], subscriptions_table: SubscriptionsTable, now: datetime
) -> Callable[[str, str], bool]:
    """Returns whether the first office has switched off what the second shows of its watches. One batch read."""
    agreements = subscriptions_table.agreements.read(office_ids)
    return lambda ours, theirs: ours in agreements and agreements[ours].is_office_off(theirs, now)


def visible_subscriptions(
    subscriptions: Iterable[Subscription], subscriptions_table: SubscriptionsTable
) -> list[Subscription]:
    """Returns those that others may be shown, ordered by office, owner and id."""
    ordered = sorted(
        subscriptions,
        key=lambda subscription: (subscription.office_id, subscription.owner, subscription.subscription_id),
    )
    trees = subscriptions_table.read_trees(ordered)
    return [subscription for subscription in ordered if is_shown(subscription, trees[subscription.subscription_id])]


def _keys_for_person(subscription: Subscription, index: SubscriptionIndex) -> set[SubscriptionKey]:
    """Returns every subscription that is posted under a term of the same person, this one included."""
    terms = {term for leaf in person_leaves(subscription) for term in terms_watched(leaf)}
    if not terms:
        return set()
    return {posting.key for postings in index.postings_under(terms).values() for posting in postings}
