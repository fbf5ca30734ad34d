"""Screens arrests for criteria that are in memory: the product's own index terms and rules, without a table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shared.arrests.model import Arrest
from shared.matching.criteria import Combination, Leaf, Reason, Term, is_about
from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.rules.arrest_features import ArrestFeatures
from shared.matching.rules.evaluate import compile_rule
from shared.matching.rules.index_terms import selective_terms, terms_of
from shared.matching.rules.rule import Matcher


class ScreenHit(NamedTuple):
    """`number` is the criterion's, by which it was added."""

    number: int
    reason: Reason


class Screen:
    def __init__(self) -> None:
        self._criteria: dict[int, Leaf | Combination] = {}
        self._postings: defaultdict[Term, list[int]] = defaultdict(list)
        self._matchers: dict[int, Matcher] = {}

    def add(self, number: int, criterion: Leaf | Combination) -> None:
        """Raises TooBroadError, and then adds nothing."""
        for term in selective_terms(criterion):
            self._postings[term].append(number)
        self._criteria[number] = criterion

    def candidates(self, features: ArrestFeatures) -> Sequence[int]:
        """The criteria that share an index term with the arrest, in the order of their numbers."""
        return sorted({number for term in terms_of(features) for number in self._postings.get(term, ())})

    def hits(self, arrest: Arrest, frequencies: TermFrequencies | None = None) -> Iterator[ScreenHit]:
        """Yields whatever the product would match; of a minor nothing. Without `frequencies` the census counts."""
        if arrest.juvenile:
            return
        features = ArrestFeatures(arrest, frequencies)
        for number in self.candidates(features):
            criterion = self._criteria[number]
            if is_about(criterion, arrest.kind) and (reason := self._matcher(number, criterion)(features)):
                yield ScreenHit(number, reason)

    def _matcher(self, number: int, criterion: Leaf | Combination) -> Matcher:
        if number not in self._matchers:
            self._matchers[number] = compile_rule(criterion)
        return self._matchers[number]
