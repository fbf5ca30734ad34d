"""Screens arrests for criteria that are in memory: the product's own index terms and rules, without a table."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Set
from typing import Generic, NamedTuple, TypeVar

from shared.arrests.model import Arrest, EventKind
from shared.matching.criteria import Combination, Leaf, Reason, Term, is_about
from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.evaluate import compile_rule
from shared.matching.rules.index_terms import selective_terms, terms_of
from shared.matching.rules.rule import Matcher

Key = TypeVar("Key", bound=Hashable)


class ScreenHit(NamedTuple, Generic[Key]):
    """`key` is the criterion's, under which it was added."""

    key: Key
    reason: Reason


class Screen(Generic[Key]):
    """Each rule is compiled when its criterion is first proposed: most of a long list never are."""

    def __init__(self) -> None:
        self._criteria: dict[Key, Leaf | Combination] = {}
        self._chosen: dict[Key, Set[EventKind] | None] = {}
        self._postings: defaultdict[Term, list[Key]] = defaultdict(list)
        self._matchers: dict[Key, Matcher] = {}

    def add(self, key: Key, criterion: Leaf | Combination, chosen: Set[EventKind] | None = None) -> None:
        """`chosen` are the kinds of event that are asked for, as for `is_about`. Raises TooBroadError, and then adds
        nothing."""
        for term in selective_terms(criterion):
            self._postings[term].append(key)
        self._criteria[key], self._chosen[key] = criterion, chosen

    def hits(self, arrest: Arrest, frequencies: TermFrequencies | None = None) -> Iterator[ScreenHit[Key]]:
        """Yields whatever the product would match, in the order in which the index proposes it; of a minor nothing.
        Without `frequencies` the census counts."""
        if arrest.juvenile:
            return
        features = ArrestFeatures(arrest, frequencies)
        for key in dict.fromkeys(key for term in terms_of(features) for key in self._postings.get(term, ())):
            asked = is_about(self._criteria[key], arrest.kind, self._chosen[key])
            if asked and (reason := self._matcher(key)(features)):
                yield ScreenHit(key, reason)

    def _matcher(self, key: Key) -> Matcher:
        if key not in self._matchers:
            self._matchers[key] = compile_rule(self._criteria[key])
        return self._matchers[key]
