"""The index against a naive evaluator: what is found through terms is exactly what holds."""

import random
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.matching.criteria import Grade
from shared.matching.rules import ArrestFeatures, TooBroadError, compile_rule, reason_of, selective_terms, terms_of
from tests.matching.invented import a_criterion, an_arrest_of, naive, parsed


def watchable(by: random.Random):
    """A criterion that is taken, with the terms it is posted under."""
    while True:
        try:
            criterion = parsed(a_criterion(by))
            return criterion, selective_terms(criterion)
        except (ValidationError, TooBroadError):
            continue


def level(reason) -> int:
    return 0 if reason is None else 1 if reason.grade is Grade.POSSIBLE else 2


def test_the_index_agrees_with_a_naive_evaluator_over_12_000_random_pairs():
    agree(20261122, criteria=240, arrests=50)


@pytest.mark.exhaustive
def test_the_index_agrees_with_a_naive_evaluator_over_125_000_random_pairs():
    agree(20261123, criteria=500, arrests=250)


def agree(seed: int, criteria: int, arrests: int) -> None:
    by = random.Random(seed)
    watched = [watchable(by) for _ in range(criteria)]
    posted = defaultdict(set)
    for number, (_, anchors) in enumerate(watched):
        for term in anchors:
            posted[term].add(number)
    ready = [compile_rule(criterion) for criterion, _ in watched]
    wrong, hits = [], 0
    for number in range(arrests):
        arrest = an_arrest_of(by, number)
        facts = ArrestFeatures(arrest)
        candidates = {one for term in set(terms_of(facts)) for one in posted.get(term, ())}
        found = {one: level(ready[one](facts)) for one in candidates}
        for one, (criterion, _) in enumerate(watched):
            expected = naive(criterion, arrest)
            hits += expected > 0
            if found.get(one, 0) != expected:
                wrong.append((criterion, arrest, expected, found.get(one)))
    assert not wrong, f"{len(wrong)} disagree, the first: {wrong[0]}"
    assert hits > criteria * arrests / 25, "the vocabularies hardly meet: the test shows nothing"


@given(st.integers(min_value=0))
def test_whatever_holds_is_proposed(seed):
    by = random.Random(seed)
    criterion, anchors = watchable(by)
    for number in range(20):
        arrest = an_arrest_of(by, number)
        expected = naive(criterion, arrest)
        assert level(reason_of(criterion, arrest)) == expected
        assert not expected or anchors & set(terms_of(arrest))
