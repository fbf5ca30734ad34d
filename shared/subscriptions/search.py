"""The search of an office's subscriptions: what somebody asks for, and which fit. Pure.

Words are compared without case and accents; numbers and statutes also without blanks and dots. Every word must occur.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from shared.arrests.numbers import normal_code
from shared.matching.criteria import Leaf
from shared.matching.criteria.agency import AgencyWatch
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.criterion import leaves
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.criteria.person import PersonWatch
from shared.matching.criteria.place import PlaceWatch
from shared.matching.criteria.titles import criterion_title
from shared.offices.recipient import Email
from shared.subscriptions.eligible_recipients import eligible_recipients
from shared.subscriptions.folders.model import FolderId, FolderTree
from shared.subscriptions.model import Subscription
from shared.subscriptions.validity import ValidityStatus, last_day, validity_status
from shared.value import FrozenModel
from shared.words.moments import numeric_day

_SHORTEST_CODE = 3  # letters and digits; fewer would be found in every number


class SearchOrder(StrEnum):
    NEWEST = "newest"
    DUE = "due"  # what is due first
    TITLE = "title"


class SubscriptionSearch(FrozenModel):
    """Fields that are left out ask for nothing. Whatever is asked for must hold together."""

    text: str = Field(
        default="",
        max_length=200,
        description="words of a name, number, case number, statute, place, reference, or of the note that you may read",
    )
    folder: FolderId | None = Field(default=None, description="lies in this folder or below it")
    stands: tuple[ValidityStatus, ...] = Field(default=(), max_length=6, description="stands in one of these states")
    mine: bool = Field(default=False, description="true: created by you")
    notified: Email | None = Field(default=None, description="notifies this person")
    order: SearchOrder = SearchOrder.NEWEST


class SearchContext(NamedTuple):
    """What a search is asked with. `trees` are the office's folders and the reader's own; `inside` are the ids of the
    folder that is asked for and of those below it."""

    reader: str
    trees: Collection[FolderTree]
    inside: frozenset[str]
    today: date


def search_context(
    search: SubscriptionSearch, reader: str, trees: Collection[FolderTree], today: date
) -> SearchContext:
    inside = (folder.folder_id for tree in trees for folder in tree.subtree(search.folder or ""))
    return SearchContext(reader, trees, frozenset(inside) if search.folder else frozenset(), today)


def fits(subscription: Subscription, search: SubscriptionSearch, context: SearchContext) -> bool:
    """Whether everything but the text holds."""
    return (
        (not search.mine or subscription.is_owned_by(context.reader))
        and (not search.stands or validity_status(subscription, context.today) in search.stands)
        and (search.folder is None or not context.inside.isdisjoint(subscription.folders))
        and (search.notified is None or _notifies(subscription, search.notified, context.trees))
    )


def contains_text(subscription: Subscription, text: str) -> bool:
    """Whether every word of the text occurs. The caller has taken out of the subscription what its reader may not
    read."""
    searched = list(searched_texts(subscription))
    folded = _folded(" ".join(searched))
    codes = " ".join(normal_code(part) for part in searched)
    return all(
        _folded(word) in folded or (len(code := normal_code(word)) >= _SHORTEST_CODE and code in codes)
        for word in text.split()
    )


def sort_key(subscription: Subscription, order: SearchOrder) -> tuple[float | str, str]:
    """Ascending. The id makes it unique."""
    if order is SearchOrder.TITLE:
        return _folded(criterion_title(subscription.criterion)), subscription.subscription_id
    if order is SearchOrder.DUE:
        return (last_day(subscription) or date.max).isoformat(), subscription.subscription_id
    return -subscription.created_at.timestamp(), subscription.subscription_id


def searched_texts(subscription: Subscription) -> Iterator[str]:
    yield from (subscription.basis.case_number, subscription.reference, subscription.contact)
    yield from (subscription.note.private, subscription.note.public, criterion_title(subscription.criterion))
    for leaf in leaves(subscription.criterion):
        yield from _texts_of(leaf)


def _texts_of(leaf: Leaf) -> Iterator[str]:
    match leaf:
        case PersonWatch():
            yield from map(str, leaf.names)
            yield str(leaf.born or "")
            yield from (numeric_day(leaf.date_of_birth),) if leaf.date_of_birth else ()
        case IdentifierWatch():
            yield from (number.value for number in leaf.numbers)
            yield from (leaf.holder.given, leaf.holder.surname) if leaf.holder else ()
        case ChargeWatch():
            yield from (leaf.statute, leaf.keyword, leaf.family or "")
        case PlaceWatch():
            yield from (leaf.address, leaf.city, leaf.ori, leaf.precinct, leaf.beat, leaf.agency or "")
        case AgencyWatch():
            yield from leaf.agencies


def _notifies(subscription: Subscription, email: str, trees: Iterable[FolderTree]) -> bool:
    return any(eligible.recipient.has_email(email) for eligible in eligible_recipients(subscription, trees))


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
