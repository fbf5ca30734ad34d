"""Where a criterion is posted, and what an arrest is looked up by.

A criterion can come true in several ways; each way is posted under the most selective of its watches, so that an arrest
brings up few criteria that it does not hit. A charge in a precinct is posted under the two as a pair.
"""

from collections.abc import Iterator, Set
from functools import lru_cache

from shared.arrests.model import Arrest
from shared.matching.criteria import Combination, Leaf, Term
from shared.matching.criteria.charge import ChargeWatch
from shared.matching.criteria.criterion import Way, leaves, ways
from shared.matching.criteria.identifier import IdentifierWatch
from shared.matching.rules import identifier
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.registry import RULES
from shared.matching.rules.rule import ARTICLE, CODE, FAMILY, PAIR, PRECINCT, WatchTerms

MOST_POSTINGS = 90  # of one subscription, so that it is written in one transaction, which has room for 100
_TERMS_OF = [route.arrest_terms for route in RULES.values()]
_PAIRED = {CODE, ARTICLE, FAMILY}


class TooBroadError(ValueError):
    """It would watch everybody, or more than can be indexed. The message says what to add."""


def selective_terms(criterion: Leaf | Combination) -> frozenset[Term]:
    """The terms under which it is posted: whatever it hits brings up at least one. Raises TooBroadError."""
    return _few_enough({term for way in ways(criterion) for term in _anchor(way).terms})


def posting_terms(criterion: Leaf | Combination) -> frozenset[Term]:
    """Its anchors, and every other number that it names, so that who watches a number is found when it is merged into
    another. No arrest is looked up by a mention. Raises TooBroadError."""
    anchors = selective_terms(criterion)
    numbers = {
        identifier.term_of(number)
        for leaf in leaves(criterion)
        if isinstance(leaf, IdentifierWatch)
        for number in leaf.numbers
    }
    return _few_enough(anchors | {alias_term(term) for term in numbers - anchors})


def terms_watched(leaf: Leaf) -> frozenset[Term]:
    """Under these lies whoever watches the same, alone or beside something else; a number that is only named beside a
    more selective one as well."""
    terms = posting_terms(leaf)
    return terms | {alias_term(term) for term in terms} if isinstance(leaf, IdentifierWatch) else terms


def _few_enough(terms: Set[Term]) -> frozenset[Term]:
    if len(terms) > MOST_POSTINGS:
        raise TooBroadError(
            f"needs {len(terms)} places in the index, at most {MOST_POSTINGS} are kept; watch fewer "
            "aliases, draw the place smaller, or make several subscriptions of it"
        )
    return frozenset(terms)


def alias_term(term: Term) -> Term:
    return "mention", *term


def terms_of(arrest: ArrestFeatures | Arrest) -> list[Term]:
    """Every term that somebody may be posted under who watches something of this arrest."""
    facts = arrest if isinstance(arrest, ArrestFeatures) else ArrestFeatures(arrest)
    found: list[Term] = []
    for terms in _TERMS_OF:
        found += terms(facts)
    for kind, name in (("precinct", facts.precinct), ("beat", facts.beat)):
        if name:
            for charge in facts.charges:
                found += _pairs(charge.pairs, kind, facts.arrest.agency, name)
    return found


@lru_cache(maxsize=65_536)
def _pairs(charge: tuple[Term, ...], *where: str) -> tuple[Term, ...]:
    return tuple([what + where for what in charge])


def _anchor(way: Way) -> WatchTerms:
    """The most selective anchor of one way to come true."""
    anchors = [anchor for leaf in way if (anchor := RULES[type(leaf)].watch_terms(leaf))]
    anchors += _paired(way, anchors)
    if not anchors:
        raise TooBroadError(
            "would watch nearly everybody; add a person, an identifier, a charge's code, family or "
            "keyword, or a place to every way in which it can come true"
        )
    return min(anchors, key=lambda anchor: (anchor.selectivity, len(anchor.terms)))


def _paired(way: Way, anchors: list[WatchTerms]) -> Iterator[WatchTerms]:
    wheres = [anchor for anchor in anchors if anchor.selectivity == PRECINCT]
    whats = [anchor for anchor in anchors if anchor.selectivity in _PAIRED]
    classes = [leaf.charge_class for leaf in way if isinstance(leaf, ChargeWatch) and leaf.charge_class]
    for where in wheres[:1]:
        if whats:
            what = min(whats, key=lambda anchor: anchor.selectivity)
            yield WatchTerms(PAIR, tuple(("pair", *term, *where.terms[0]) for term in what.terms))
        elif classes:
            yield WatchTerms(PAIR, (("pair", "class", classes[0], *where.terms[0]),))
