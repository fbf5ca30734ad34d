"""Who else watches the same person, so that two who mean the same one speak to each other first.

Nobody is shown who watches silently, or in a folder that is `unseen`. Inside an office the owner is named; of another
office that name and its contact alone, and only where both offices `show_watches`.
"""

from collections.abc import Iterable, Mapping

from shared.arrests.person import Identifier
from shared.matching.criteria import Leaf, positive_leaves
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.offices.model import Office
from shared.subscriptions.folders.model import FolderTree
from shared.subscriptions.model import Subscription


def person_leaves(subscription: Subscription) -> list[Leaf]:
    """The watches of a person in it; none when it watches a charge or a place."""
    return [leaf for leaf in positive_leaves(subscription.criterion) if isinstance(leaf, IdentifierWatch | PersonWatch)]


def watches_same_person(subscription: Subscription, other: Subscription) -> bool:
    """A number of both is the same, or a name with its date of birth. Who is merely alike is somebody else here."""
    ours, theirs = (_numbers(each) for each in (subscription, other))
    if any(mine.same_as(yours) for mine in ours for yours in theirs):
        return True
    return not _named(subscription).isdisjoint(_named(other))


def is_shown(subscription: Subscription, trees: Iterable[FolderTree]) -> bool:
    """Whether others may be shown that it is there."""
    hidden = any(tree.unseen(folder_id) for tree in trees for folder_id in subscription.folders)
    return not subscription.silent and not hidden


def describe_others(
    subscription: Subscription, among: Iterable[Subscription], offices: Mapping[str, Office]
) -> tuple[str, ...]:
    """In words, each once. `among` are watches of the same person that may be shown."""
    mine = offices[subscription.office_id]
    found: list[str] = []
    for other in among:
        theirs = offices.get(other.office_id)
        if theirs is None:
            continue
        if other.office_id == subscription.office_id:
            if other.owner.casefold() != subscription.owner.casefold():
                found.append(other.contact or other.owner)
        elif mine.shows_watches and theirs.shows_watches and not theirs.suspended:
            found.append(f"{theirs.name} ({theirs.contact})" if theirs.contact else theirs.name)
    return tuple(dict.fromkeys(found))


def _numbers(subscription: Subscription) -> list[Identifier]:
    return [
        number for leaf in person_leaves(subscription) if isinstance(leaf, IdentifierWatch) for number in leaf.numbers
    ]


def _named(subscription: Subscription) -> set[tuple[str, ...]]:
    named = [leaf for leaf in person_leaves(subscription) if isinstance(leaf, PersonWatch)]
    return {(*name.key, str(leaf.date_of_birth)) for leaf in named for name in leaf.names}
