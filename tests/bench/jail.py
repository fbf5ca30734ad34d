"""Measures who is told of a county jail's arrests: invented people in families, through the product's own screen.

A county's surnames are not the nation's: a few are far commoner than in the census, so that strangers share a name and
often a day. Among the people are twins, fathers and juniors, half-brothers. Every figure is of grades as the product
gives them, once with the names of the census and once with the county's own counts.
"""

import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, pairwise
from time import process_time
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from shared.arrests.model import Arrest, arrest_id
from shared.arrests.person import Person, PersonName, Sex
from shared.matching.criteria import Criterion, Grade
from shared.matching.linkage.agency_frequencies import AgencyFrequencies, count_names
from shared.matching.linkage.frequencies import TermFrequencies, census
from shared.matching.linkage.name_tokens import tokens_of
from shared.matching.rules.screen import Screen
from tests.bench.population import Human, _table, human, reported
from tests.builders import PSEUDONYMS

PEOPLE, WATCHED, ARRESTS = 10_000, 1_000, 100_000
SEED = 3  # the weights of dates a generation apart, and of none, were set with the county of seed 2 in view
SKEW = 1.6  # sigma of the log-normal factor by which a county's surnames differ from the nation's
_criterion: TypeAdapter[Criterion] = TypeAdapter(Criterion)


class Booked(NamedTuple):
    """A report of an invented person. `number` is the person's, `family` the household's."""

    number: int
    family: int
    suffix: str
    human: Human


def _surnames(by: random.Random) -> Iterator[str]:
    names, sums = _table("dist.all.last")
    shares = [sums[0], *(later - earlier for earlier, later in pairwise(sums))]
    skewed = [*accumulate(share * by.lognormvariate(0, SKEW) for share in shares)]
    while True:
        yield names[bisect(skewed, by.random() * skewed[-1])]


def county(seed: int, people: int) -> list[Booked]:
    """Households of one to three: of a hundred, three have twins, ten father and son of one name, ten half-brothers."""
    by = random.Random(seed)
    surnames, residents = _surnames(by), list[Booked]()
    for family in range(people):
        surname = next(surnames)
        first = human(by)._replace(surname=surname)
        household = [("", first), *_relatives(first, by)]
        residents += [
            Booked(len(residents) + index, family, suffix, person) for index, (suffix, person) in enumerate(household)
        ]
        if len(residents) >= people:
            break
    return residents[:people]


def _relatives(first: Human, by: random.Random) -> list[tuple[str, Human]]:
    kind = by.random()
    born = first.born or date(1980, 1, 1)
    if kind < 0.03:
        twin = human(by)
        return [("", twin._replace(surname=first.surname, born=born))]
    if kind < 0.13:
        birthday = born - timedelta(days=by.randrange(365))
        father = first._replace(born=_years_before(birthday, by.randrange(18, 35)), middle="")
        return [("SR" if by.random() < 0.4 else "", father)]
    if kind < 0.23:
        brother = human(by)
        return [
            (
                "",
                brother._replace(
                    surname=first.surname, middle=first.middle, born=born - timedelta(days=by.randrange(300, 3_000))
                ),
            )
        ]
    return [("", human(by)._replace(surname=first.surname)) for _ in range(by.choice([0, 0, 1, 2]))]


def _years_before(born: date, years: int) -> date:
    return date(born.year - years, born.month, min(born.day, 28))


def arrest_of(booked: Booked, number: int) -> Arrest:
    person = booked.human
    names = [PersonName(surname=person.surname, given=person.given, middle=person.middle, suffix=booked.suffix)]
    if person.alias:
        names.append(PersonName(surname=person.alias[0], given=person.alias[1]))
    return Arrest(
        arrest_id=arrest_id(PSEUDONYMS, "jail", str(number)), agency="jail", number=str(number),
        arrested_on=date(2026, 11, 19),
        person=Person(names=tuple(names), date_of_birth=person.born, sex=Sex(person.sex)),
    )  # fmt: skip


def watch_of(booked: Booked) -> dict[str, Any]:
    person = booked.human
    return {
        "watch": "person", "surname": person.surname, "given": person.given, "middle": person.middle,
        "suffix": booked.suffix, "date_of_birth": person.born, "sex": person.sex,
    }  # fmt: skip


def main(people: int = PEOPLE, watched: int = WATCHED, arrests: int = ARRESTS) -> None:
    by = random.Random(SEED)
    residents = county(SEED, people)
    screen = Screen[int]()
    watched_people = by.sample(residents, watched)
    for booked in watched_people:
        screen.add(booked.number, _criterion.validate_python(watch_of(booked)))
    again = [booked._replace(human=reported(booked.human, by)) for booked in watched_people]
    family_of = {booked.number: booked.family for booked in watched_people}
    strangers = [booked for booked in residents if booked.number not in family_of]
    others = [booked._replace(human=reported(booked.human, by)) for booked in by.choices(strangers, k=arrests)]
    names = ((tokens_of(_name(booked)), booked.human.born) for booked in residents)
    counts = count_names("jail", names, date(2026, 11, 29))
    print(f"\nA county jail: {people:,} people in families, {watched:,} watched, {arrests:,} arrests of others")
    for label, frequencies in (("census", census()), ("own counts", AgencyFrequencies(counts, census()))):
        recalled = Counter(_grade(screen, booked, frequencies) for booked in again)
        began = process_time()
        false = Counter(
            ("relatives" if family_of[hit.key] == booked.family else "strangers", hit.reason.grade)
            for booked in others
            for hit in screen.hits(arrest_of(booked, 0), frequencies)
        )
        rate = arrests / (process_time() - began)
        _print(label, recalled, false, rate, 100_000 / arrests * 1_000 / watched)


def _grade(screen: Screen[int], booked: Booked, frequencies: TermFrequencies) -> Grade | None:
    hits = screen.hits(arrest_of(booked, 0), frequencies)
    return next((hit.reason.grade for hit in hits if hit.key == booked.number), None)


def _print(
    label: str, recalled: Counter[Grade | None], false: Counter[tuple[str, Grade]], rate: float, per: float
) -> None:
    strong, watched = recalled[Grade.STRONG], recalled.total()
    both = strong + recalled[Grade.POSSIBLE]
    print(f"  {label:12}recall: strong {strong / watched:.3f}, both {both / watched:.3f} (target >= .99)")
    for kin in ("strangers", "relatives"):
        counts = ", ".join(f"{grade.value} {false[kin, grade] * per:.0f}" for grade in (Grade.STRONG, Grade.POSSIBLE))
        print(f"              false by {kin}, of 100,000 arrests and 1,000 watches: {counts}")
    print(f"              target of all possible: own counts <= 65, census <= 200   {rate:,.0f} arrests/s")


def _name(booked: Booked) -> PersonName:
    person = booked.human
    return PersonName(surname=person.surname, given=person.given, middle=person.middle, suffix=booked.suffix)


if __name__ == "__main__":
    main()
