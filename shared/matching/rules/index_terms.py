"""Index terms: under which terms a criterion is posted, and by which terms an arrest looks criteria up. The index is a
percolator: stored queries, found by a document.

A criterion can come true in several ways. Each way is posted under its most selective watch, so that an arrest brings
up few criteria that it does not match. A charge and a precinct are posted together, as a pair.
"""

from collections.abc import Iterator, Set
from functools import lru_cache

from shared.arrests.model import Arrest
from shared.matching.criteria import Combination, Leaf, Term
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.criterion import Way, leaves, ways
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.identifier import term_of
from shared.matching.rules.registry import RULES
from shared.matching.rules.rule import Selectivity, WatchTerms

MOST_POSTINGS = 90  # of one subscription: it is written in one transaction, which has room for 100
_ARREST_TERMS = [rule.arrest_terms for rule in RULES.values() if rule.arrest_terms]
_PAIRED_WITH_PLACE = {Selectivity.CODE, Selectivity.ARTICLE, Selectivity.FAMILY}


class TooBroadError(ValueError):
    """The criterion would watch nearly everybody, or more than can be indexed. The message says what to add."""


def selective_terms(criterion: Leaf | Combination) -> frozenset[Term]:
    """The terms under which a criterion is posted: every arrest that it matches has at least one of them.

    Raises TooBroadError when one way to come true has no selective term, or when there are too many terms.
    """
    terms = {term for way in ways(criterion) for term in _most_selective_terms(way)}
    return _refuse_too_many(terms)


def posting_terms(criterion: Leaf | Combination) -> frozenset[Term]:
    """The selective terms, and an alias term for every other number that the criterion names, so that its subscription
    is found when the number is merged into another. Arrests look up no alias terms. Raises TooBroadError."""
    selective = selective_terms(criterion)
    identifier_watches = (leaf for leaf in leaves(criterion) if isinstance(leaf, IdentifierWatch))
    numbers = {term_of(number) for watch in identifier_watches for number in watch.numbers}
    return _refuse_too_many(selective | {alias_term(term) for term in numbers - selective})


def terms_watched(leaf: Leaf) -> frozenset[Term]:
    """The terms under which everybody is posted who watches the same person or number, alone or beside something
    else."""
    terms = posting_terms(leaf)
    return terms | {alias_term(term) for term in terms} if isinstance(leaf, IdentifierWatch) else terms


def alias_term(term: Term) -> Term:
    return "mention", *term


def terms_of(arrest: ArrestFeatures | Arrest) -> list[Term]:
    """Every term under which a criterion that matches this arrest may be posted. Terms may repeat."""
    features = arrest if isinstance(arrest, ArrestFeatures) else ArrestFeatures(arrest)
    terms: list[Term] = []
    for arrest_terms in _ARREST_TERMS:
        terms += arrest_terms(features)
    for kind, name in (("precinct", features.precinct), ("beat", features.beat)):
        if name:
            for charge in features.charges:
                terms += _with_place(charge.pair_terms, kind, features.arrest.agency, name)
    return terms


@lru_cache(maxsize=65_536)
def _with_place(pair_terms: tuple[Term, ...], *place: str) -> tuple[Term, ...]:
    return tuple([term + place for term in pair_terms])


def _refuse_too_many(terms: Set[Term]) -> frozenset[Term]:
    if len(terms) > MOST_POSTINGS:
        raise TooBroadError(
            f"needs {len(terms)} places in the index, at most {MOST_POSTINGS} are kept; watch fewer "
            "aliases, draw the place smaller, or make several subscriptions of it"
        )
    return frozenset(terms)


def _most_selective_terms(way: Way) -> tuple[Term, ...]:
    single = [terms for leaf in way if (terms := _watch_terms(leaf))]
    choices = [*single, *_pairs_with_place(way, single)]
    if not choices:
        raise TooBroadError(
            "would watch nearly everybody; add a person, an identifier, a charge's code, family or "
            "keyword, or a place to every way in which it can come true; to a person of a common name add the day "
            "or the year of birth"
        )
    return min(choices, key=lambda choice: (choice.selectivity, len(choice.terms))).terms


def _watch_terms(leaf: Leaf) -> WatchTerms | None:
    rule = RULES[type(leaf)]
    return rule.watch_terms(leaf) if rule.watch_terms else None


def _pairs_with_place(way: Way, single: list[WatchTerms]) -> Iterator[WatchTerms]:
    """The way's most selective charge, or else its first charge class, together with its first precinct or beat."""
    places = [watch.terms[0] for watch in single if watch.selectivity is Selectivity.PRECINCT]
    charges = [watch for watch in single if watch.selectivity in _PAIRED_WITH_PLACE]
    classes = [leaf.charge_class for leaf in way if isinstance(leaf, ChargeWatch) and leaf.charge_class]
    if places and charges:
        charge = min(charges, key=lambda watch: watch.selectivity)
        yield WatchTerms(Selectivity.CHARGE_AND_PLACE, tuple(("pair", *term, *places[0]) for term in charge.terms))
    elif places and classes:
        yield WatchTerms(Selectivity.CHARGE_AND_PLACE, (("pair", "class", classes[0], *places[0]),))
