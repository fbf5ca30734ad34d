"""Record linkage: name parts, the crossed-surname rule, and match weights that do not move by themselves."""

import random
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import pytest

from shared.arrests.person import PersonName, Sex
from shared.matching.linkage.blocking_keys import blocking_keys
from shared.matching.linkage.frequencies import census
from shared.matching.linkage.name_tokens import GIVEN, MIDDLE, SURNAME, NameTokens, tokens_of
from shared.matching.linkage.names import NameComparison, compare_names
from shared.matching.linkage.score import PersonDescription, compare_persons
from shared.matching.linkage.weights import WEIGHTS
from tests.bench.population import Human, human, reported

RECORDED = "b15cbea9b7ad34f136720a57da70d0ee"  # of the weights of version 2026-11-29


def compare(watched: str, other: str) -> NameComparison:
    """Each name as `surname, given, middle`."""
    return compare_names(name_tokens(watched), name_tokens(other), WEIGHTS, census())


def name_tokens(text: str) -> NameTokens:
    surname, given, middle = (*(word.strip() for word in text.split(",")), "", "")[:3]
    return tokens_of(PersonName(surname=surname, given=given, middle=middle))


@pytest.mark.parametrize(
    ("watched", "other", "penalties"),
    [
        ("Quill, Dorian", "Quill, Dorian", []),
        ("Quill, Dorian", "Harbor, Dorian", [(SURNAME, "differs")]),
        ("Quill, Dorian", "Quill, Winifred", [(GIVEN, "differs")]),
        ("Quill, Dorian", "Quill, ", [(GIVEN, "not supplied")]),
        ("Quill Harbor, Dorian", "Quill, Dorian", [(SURNAME, "incomplete")]),
        ("Quill, Dorian, Ezra", "Quill, Dorian, Tobias", [(MIDDLE, "differs")]),
        ("Quill, Dorian, Ezra", "Quill, Dorian", []),
        ("Quill, Dorian", "Dorian, Quill", []),
        ("Quill, Dorian", "Harbor, Winifred", [(SURNAME, "differs"), (GIVEN, "differs")]),
        ("Quill, Dorian", "Harbor, Quill", [(SURNAME, "differs")]),
    ],
)  # fmt: skip
def test_each_name_part_that_does_not_agree_costs_its_penalty_once(
    watched: str, other: str, penalties: list[tuple[str, str]]
) -> None:
    comparison = compare(watched, other)
    table: dict[Any, float] = {**WEIGHTS.penalties}
    expected = sum(table[penalty] for penalty in penalties)
    assert comparison.match_weight - sum(pair.match_weight for pair in comparison.pairs) == pytest.approx(expected)


def test_a_surname_that_stands_among_the_given_names_is_one_difference_and_both_parts_are_named() -> None:
    crossed = compare("Quill, Dorian", "Harbor, Quill")
    assert crossed.differing_parts == (SURNAME, GIVEN)
    assert crossed.match_weight > compare("Quill, Dorian", "Harbor, Winifred").match_weight + 6


def test_the_penalties_are_a_table_and_nothing_else_decides_them() -> None:
    free = replace(WEIGHTS, penalties={})
    quill, harbor = name_tokens("Quill, Dorian"), name_tokens("Harbor, Dorian")
    charged, uncharged = (compare_names(quill, harbor, weights, census()).match_weight for weights in (WEIGHTS, free))
    assert uncharged - charged == 6


def described(person: Human) -> PersonDescription:
    names = [(person.surname, person.given, person.middle), *([(*person.alias, "")] if person.alias else [])]
    tokens = tuple(tokens_of(PersonName(surname=name[0], given=name[1], middle=name[2])) for name in names)
    return PersonDescription(tokens, person.born, None, Sex(person.sex))


def test_weights_grades_and_blocking_keys_of_6_000_invented_pairs_are_those_that_were_recorded() -> None:
    """Stored reasons carry the weight, stored postings the keys: both change only with a new version of the weights, or
    with `arrest-alert repost`. To the last bit. Whoever changes them on purpose records the digest that this test
    says."""
    by = random.Random(20261122)
    people = [human(by) for _ in range(3_000)]
    pairs = [(person, reported(person, by)) for person in people] + list(
        zip(people, people[1:] + people[:1], strict=True)
    )
    digest = blake2b(digest_size=16)
    compared = 0
    for watched, other in pairs:
        comparison = compare_persons(described(watched), described(other))
        compared += comparison is not None
        weight = comparison and (
            float(comparison.match_weight).hex(), comparison.exact, comparison.explanation, comparison.doubts
        )  # fmt: skip
        keys = sorted(blocking_keys(described(watched))), sorted(blocking_keys(described(other), reported=True))
        digest.update(repr((weight, keys)).encode())
    assert compared > 2_900
    assert (WEIGHTS.version, digest.hexdigest()) == ("2026-11-29", RECORDED)
