"""Who else watches a person: asked for one subscription, and for everybody whom one arrest hits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from shared.domain.alerts import Match
from shared.domain.deconfliction import others_of, persons_in, same_person, shown
from shared.domain.matching import terms_watched
from shared.domain.offices import Office
from shared.domain.subscriptions import Subscription
from shared.domain.watches import Grade
from shared.tables.folders import TreeKey
from shared.tables.offices import OfficesTable
from shared.tables.subscriptions import SubscriptionsTable
from shared.tables.watch_list import WatchList


def who_else(
    one: Subscription, watch_list: WatchList, at: SubscriptionsTable, offices: OfficesTable, now: datetime
) -> tuple[str, ...]:
    """Who else watches today the person whom this one watches; nobody when it watches none."""
    terms = {term for leaf in persons_in(one) for term in terms_watched(leaf)}
    keys = {row.key for rows in watch_list.posted_under(terms).values() for row in rows} if terms else set()
    found, _ = at.read(keys)
    known, _ = offices.offices({key.office_id for key in found} | {one.office_id})
    alike = [
        two
        for two in found.values()
        if two.office_id in known and two.subscription_id != one.subscription_id and same_person(one, two)
        and two.in_force(now.astimezone(known[two.office_id].zone).date(), known[two.office_id].goes_by)
    ]  # fmt: skip
    return others_of(one, _shown(alike, at), known)


def with_others(matches: Sequence[Match], offices: Mapping[str, Office], at: SubscriptionsTable) -> list[Match]:
    """Matches of one arrest, each with who else was hit by the same person. What is no more than possible may be
    somebody else and names nobody."""
    about = [one.subscription for one in matches if one.reason.grade is not Grade.POSSIBLE]
    persons = [one for one in about if persons_in(one)]
    if len({(one.office_id, one.owner) for one in persons}) < 2:
        return list(matches)
    seen = _shown(persons, at)
    ids = {one.subscription_id for one in persons}
    return [
        one.model_copy(update={"others": others_of(one.subscription, seen, offices)})
        if one.subscription.subscription_id in ids
        else one
        for one in matches
    ]


def _shown(some: Iterable[Subscription], at: SubscriptionsTable) -> list[Subscription]:
    listed = sorted(some, key=lambda one: (one.office_id, one.owner, one.subscription_id))
    keys = {one.subscription_id: _trees_of(one) for one in listed}
    trees = at.folders.read(key for some_keys in keys.values() for key in some_keys)
    return [one for one in listed if shown(one, (trees[key] for key in keys[one.subscription_id]))]


def _trees_of(one: Subscription) -> list[TreeKey]:
    return [TreeKey(one.office_id), TreeKey(one.office_id, one.owner.casefold())] if one.folders else []
