"""Deconfliction: which other owners watch the same person, so that they can speak to each other first. All pure.

A subscription that is silent, or lies in an `unseen` folder, is never shown. Inside an office the owner is named. Of
another office only its name and contact are shown, and only if both offices `shows_watches` and neither has switched
the other off.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from shared.arrests.person import Identifier
from shared.matching.criteria import Leaf, positive_leaves
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.offices.model import Office
from shared.subscriptions.folders.model import FolderTree
from shared.subscriptions.model import Subscription


def person_leaves(subscription: Subscription) -> list[Leaf]:
    """Returns the leaves of its criterion that watch a person; none if it watches a charge or a place."""
    leaves = positive_leaves(subscription.criterion)
    return [leaf for leaf in leaves if isinstance(leaf, IdentifierWatch | PersonWatch)]


def watches_same_person(subscription: Subscription, other: Subscription) -> bool:
    """Whether they share an identifier, or a name with its date of birth. Similar persons count as different."""
    ours, theirs = _identifiers(subscription), _identifiers(other)
    if any(identifier.same_as(candidate) for identifier in ours for candidate in theirs):
        return True
    return not _names_with_birth(subscription).isdisjoint(_names_with_birth(other))


def is_shown(subscription: Subscription, trees: Iterable[FolderTree]) -> bool:
    """Whether others may learn of this subscription. `trees` are those in which its folders may lie."""
    if subscription.silent:
        return False
    return not any(tree.unseen(folder_id) for tree in trees for folder_id in subscription.folders)


def others_in_force(
    subscription: Subscription, candidates: Iterable[Subscription], offices: Mapping[str, Office], now: datetime
) -> list[Subscription]:
    """Returns the candidates, without the subscription itself, that watch the same person and are in force now.

    A candidate of an office that is not in `offices` is left out.
    """

    def counts(other: Subscription) -> bool:
        office = offices.get(other.office_id)
        if office is None or other.subscription_id == subscription.subscription_id:
            return False
        is_in_force = other.in_force(office.local_day(now), office.goes_by)
        return is_in_force and watches_same_person(subscription, other)

    return [other for other in candidates if counts(other)]


def describe_others(
    subscription: Subscription,
    others: Iterable[Subscription],
    offices: Mapping[str, Office],
    is_off: Callable[[str, str], bool],
) -> tuple[str, ...]:
    """Returns what the owner of `subscription` may read of the others, each text once and in their order.

    `others` watch the same person and may be shown (`is_shown`). `is_off` says whether one office, the first, has
    switched the watches of the other off.
    """
    wanted = (
        other
        for other in others
        if not is_off(subscription.office_id, other.office_id) and not is_off(other.office_id, subscription.office_id)
    )
    descriptions = (_description(subscription, other, offices) for other in wanted)
    return tuple(dict.fromkeys(description for description in descriptions if description))


def _description(subscription: Subscription, other: Subscription, offices: Mapping[str, Office]) -> str:
    """An empty string if nothing may be shown."""
    ours, theirs = offices[subscription.office_id], offices.get(other.office_id)
    if theirs is None:
        return ""
    if other.office_id == subscription.office_id:
        return "" if other.is_owned_by(subscription.owner) else other.contact or other.owner
    if not (ours.shows_watches and theirs.shows_watches) or theirs.suspended:
        return ""
    return f"{theirs.name} ({theirs.contact})" if theirs.contact else theirs.name


def _identifiers(subscription: Subscription) -> list[Identifier]:
    leaves = [leaf for leaf in person_leaves(subscription) if isinstance(leaf, IdentifierWatch)]
    return [identifier for leaf in leaves for identifier in leaf.numbers]


def _names_with_birth(subscription: Subscription) -> set[tuple[str, ...]]:
    leaves = [leaf for leaf in person_leaves(subscription) if isinstance(leaf, PersonWatch)]
    return {(*name.key, str(leaf.born or "")) for leaf in leaves for name in leaf.names}
