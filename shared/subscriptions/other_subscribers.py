"""Who else watches a person: asked for one subscription, and for everybody whom one arrest hits."""

from collections.abc import Iterable
from datetime import datetime

from shared.matching.rules import terms_watched
from shared.offices.table import OfficesTable
from shared.subscriptions.deconfliction import describe_others, is_shown, person_leaves, watches_same_person
from shared.subscriptions.folders.table import TreeKey
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Subscription
from shared.subscriptions.table import SubscriptionsTable


def find_other_subscribers(
    subscription: Subscription,
    watch_list: SubscriptionIndex,
    subscriptions_table: SubscriptionsTable,
    offices: OfficesTable,
    now: datetime,
) -> tuple[str, ...]:
    """Who else watches today the person whom this one watches; nobody when it watches none."""
    terms = {term for leaf in person_leaves(subscription) for term in terms_watched(leaf)}
    keys = {row.key for rows in watch_list.postings_under(terms).values() for row in rows} if terms else set()
    subscriptions, _ = subscriptions_table.read(keys)
    known, _ = offices.offices({key.office_id for key in subscriptions} | {subscription.office_id})
    alike = [
        two
        for two in subscriptions.values()
        if two.office_id in known
        and two.subscription_id != subscription.subscription_id
        and watches_same_person(subscription, two)
        and two.in_force(now.astimezone(known[two.office_id].zone).date(), known[two.office_id].goes_by)
    ]
    return describe_others(subscription, shown_subscriptions(alike, subscriptions_table), known)


def shown_subscriptions(
    subscriptions: Iterable[Subscription], subscriptions_table: SubscriptionsTable
) -> list[Subscription]:
    listed = sorted(
        subscriptions,
        key=lambda subscription: (subscription.office_id, subscription.owner, subscription.subscription_id),
    )
    keys = {one.subscription_id: _trees_of(one) for one in listed}
    trees = subscriptions_table.folders.read(key for some_keys in keys.values() for key in some_keys)
    return [one for one in listed if is_shown(one, (trees[key] for key in keys[one.subscription_id]))]


def _trees_of(subscription: Subscription) -> list[TreeKey]:
    return (
        [TreeKey(subscription.office_id), TreeKey(subscription.office_id, subscription.owner.casefold())]
        if subscription.folders
        else []
    )
