from collections.abc import Callable, Sequence
from typing import NamedTuple

from shared.matching.criteria import Leaf, Reason, Term
from shared.matching.rules.arrest_features import ArrestFeatures

Matcher = Callable[[ArrestFeatures], Reason | None]
"""One watch, made ready: why this arrest is a hit, or None."""

IDENTIFIER, PERSON, ADDRESS, PAIR, CODE, CELLS, PRECINCT, ARTICLE, FAMILY, ORI, KEYWORD = range(11)
"""How selective an anchor is, the most selective first: the fewer arrests bring a term up, the better it is."""


class WatchTerms(NamedTuple):
    """The terms under which a watch is posted, all of them, and how selective they are."""

    selectivity: int
    terms: tuple[Term, ...]


class Rule(NamedTuple):
    """How one kind of watch is found and decided. The index proposes and decides nothing: an arrest is a hit only if
    the matcher says so, and whatever the matcher hits brings up one of the anchor's terms.

    `terms`: every anchor's term that could hit this arrest, a bounded number whatever is watched.
    """

    matcher: Callable[..., Matcher]
    watch_terms: Callable[..., WatchTerms | None]
    arrest_terms: Callable[[ArrestFeatures], Sequence[Term]]


Narrow = Sequence[Leaf]
