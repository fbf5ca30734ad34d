"""The persons whose names are counted: a fair sample of each agency's, of bounded size."""

import tracemalloc
from datetime import date, timedelta
from typing import Any

import pytest

from shared.arrests.model import Arrest, Flag
from shared.matching.linkage.name_sample import NameSample, named_person
from tests.builders import an_arrest

DAY = date(1990, 1, 1)


def of(agency: str, number: int, surname: str = "Example", **facts: Any) -> Arrest:
    born = DAY + timedelta(days=number)
    return an_arrest(f"{number}", surname=surname, born=born, agency=agency, sid=None, **facts)


def test_a_person_who_was_arrested_often_counts_once_and_in_whatever_spelling() -> None:
    sample = NameSample()
    sample.add(an_arrest(str(number), surname=surname) for number, surname in enumerate(["O'Brien", "OBRIEN"] * 5))
    assert len(sample.people("roster")) == len(sample) == 1


def test_all_agencies_together_have_no_more_persons_than_fit_and_the_small_ones_keep_theirs() -> None:
    sample = NameSample(most=200)
    largest = 0
    for number in range(1_000):
        sample.add([of("large", number), *([of("small", number)] if number < 60 else [])])
        largest = max(largest, len(sample))
    assert largest == 200
    assert len(sample.people("small")) == 60
    assert 100 < len(sample.people("large")) <= 140


def test_a_sample_has_the_shares_of_those_whom_it_stands_for_whoever_was_arrested_more_often() -> None:
    """A fifth are named Nguyen, and the others are arrested five times each."""
    sample = NameSample(most=1_000)
    for number in range(6_000):
        is_fifth = number % 5 == 0
        arrest = of("roster", number, "Nguyen" if is_fifth else "Example")
        sample.add([arrest] * (1 if is_fifth else 5))
    people = sample.people("roster")
    share = sum(name.surname == ("NGUYEN",) for name, _ in people) / len(people)
    assert len(people) > 800
    assert share == pytest.approx(0.2, abs=0.04)  # three standard errors of 800 persons


def test_the_order_in_which_arrests_are_read_changes_nothing() -> None:
    arrests = [of("roster", number) for number in range(900)]
    samples = []
    for order in (arrests, arrests[::-1]):
        sample = NameSample(most=500)
        sample.add(order)
        samples.append(set(sample.people("roster")))
    smaller, larger = sorted(samples, key=len)
    assert smaller <= larger


def test_a_person_of_the_sample_takes_four_hundred_bytes_at_most() -> None:
    """So `MOST_PERSONS` take 400 MB of the function's 1,769."""
    sample, persons = NameSample(), 5_000
    arrests = [of("roster", number, surname=f"Van der {chr(65 + number % 26) * 9}") for number in range(persons)]
    sample.add(arrests[:1])
    tracemalloc.start()
    try:
        sample.add(arrests)
        assert tracemalloc.get_traced_memory()[0] / persons < 400
    finally:
        tracemalloc.stop()
    assert len(sample) == persons


@pytest.mark.parametrize(
    "facts",
    [{"juvenile": True}, {"flags": (Flag.SEALED_AND_OPEN,)}, {"surname": ""}],
    ids=lambda facts: next(iter(facts)),
)
def test_a_juvenile_a_sealed_arrest_and_one_without_a_surname_are_not_counted(facts: dict[str, Any]) -> None:
    assert named_person(of("roster", 1)) is not None
    assert named_person(of("roster", 1, **facts)) is None
