"""What a rule is: how one kind of watch is indexed and decided."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

from shared.matching.criteria import Leaf, Reason, Term
from shared.matching.rules.arrest_features import ArrestFeatures

Matcher = Callable[[ArrestFeatures], Reason | None]
"""A compiled watch. It returns why an arrest is a match, or None."""


class Selectivity(IntEnum):
    """The most selective first: the fewer arrests bring up such a term, the better."""

    IDENTIFIER = 0
    PERSON = 1
    ADDRESS = 2
    CHARGE_AND_PLACE = 3
    CODE = 4
    CELLS = 5
    PRECINCT = 6
    ARTICLE = 7
    FAMILY = 8
    ORI = 9
    KEYWORD = 10


class WatchTerms(NamedTuple):
    """The index terms under which a watch is posted, all of them, and how selective they are."""

    selectivity: Selectivity
    terms: tuple[Term, ...]


class Rule(NamedTuple):
    """How a kind of watch is indexed and decided. The index only proposes candidates: an arrest is a match only if the
    matcher says so, and every arrest that it matches must have one of the watch's terms.

    `watch_terms` gives the terms of a watch, or None where it is too broad to be indexed by itself. `arrest_terms`
    gives every term by which an arrest could be found, a bounded number whatever is watched. A kind that only narrows
    others has neither.
    """

    watch: type[Leaf]
    matcher: Callable[..., Matcher]
    watch_terms: Callable[..., WatchTerms | None] | None = None
    arrest_terms: Callable[[ArrestFeatures], Sequence[Term]] | None = None
