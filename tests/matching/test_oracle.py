"""The index against a naive evaluator: what is found through index terms is exactly what matches."""

import random
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.matching.criteria import Grade, Reason, Term
from shared.matching.criteria.criterion import leaves
from shared.matching.criteria.registry import WATCHES
from shared.matching.rules import ArrestFeatures, TooBroadError, compile_rule, reason_of, selective_terms, terms_of
from tests.matching.invented import an_invented_arrest, an_invented_criterion, naive, parsed


def an_indexed_criterion(by: random.Random) -> tuple[Any, frozenset[Term]]:
    """A criterion that is taken, with the terms under which it is posted."""
    while True:
        try:
            criterion = parsed(an_invented_criterion(by))
            return criterion, selective_terms(criterion)
        except (ValidationError, TooBroadError):
            continue


def level(reason: Reason | None) -> int:
    return 0 if reason is None else 1 if reason.grade is Grade.POSSIBLE else 2


def test_the_index_agrees_with_a_naive_evaluator_over_12_000_random_pairs() -> None:
    agree(20261122, criteria=240, arrests=50)


@pytest.mark.exhaustive
def test_the_index_agrees_with_a_naive_evaluator_over_125_000_random_pairs() -> None:
    agree(20261123, criteria=500, arrests=250)


def agree(seed: int, criteria: int, arrests: int) -> None:
    by = random.Random(seed)
    watched = [an_indexed_criterion(by) for _ in range(criteria)]
    postings = defaultdict(set)
    for number, (_, terms) in enumerate(watched):
        for term in terms:
            postings[term].add(number)
    matchers = [compile_rule(criterion) for criterion, _ in watched]
    disagreements, hits = [], 0
    kinds_that_matched: Counter[str] = Counter()
    for arrest_number in range(arrests):
        arrest = an_invented_arrest(by, arrest_number)
        features = ArrestFeatures(arrest)
        candidates = {number for term in set(terms_of(features)) for number in postings.get(term, ())}
        levels = {number: level(matchers[number](features)) for number in candidates}
        for number, (criterion, _) in enumerate(watched):
            expected = naive(criterion, arrest)
            if expected:
                hits += 1
                kinds_that_matched.update({leaf.watch for leaf in leaves(criterion)})
            if levels.get(number, 0) != expected:
                disagreements.append((criterion, arrest, expected, levels.get(number)))
    assert not disagreements, f"{len(disagreements)} disagree, the first: {disagreements[0]}"
    assert hits > criteria * arrests / 25, "the vocabularies hardly meet: the test shows nothing"
    assert set(kinds_that_matched) == set(WATCHES), "some kind never matched: the test shows nothing of it"


@given(st.integers(min_value=0))
def test_whatever_matches_is_proposed(seed: int) -> None:
    by = random.Random(seed)
    criterion, terms = an_indexed_criterion(by)
    for number in range(20):
        arrest = an_invented_arrest(by, number)
        expected = naive(criterion, arrest)
        assert level(reason_of(criterion, arrest)) == expected
        assert not expected or terms & set(terms_of(arrest))
