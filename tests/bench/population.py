"""An invented population: watched persons, their later arrests reported with slips, and arrests of everybody else.

Names are drawn with their frequencies in the census of 1990. Nobody here is a real person. Thresholds were set on seed
1; every printed figure comes from another seed.
"""

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

from nicknames import NickNamer

TUNED_ON = 1
MEASURED_ON = 2
CLEAN = 0.35  # of reports have no slip that matters; two thirds of the rest have one, one third two


class Human(NamedTuple):
    surname: str
    given: str
    middle: str
    sex: str
    born: date | None
    alias: tuple[str, str] | None = None


@cache
def _table(name: str) -> tuple[list[str], list[float]]:
    rows = [line.split() for line in (files("names") / name).read_text().splitlines()]
    return [row[0] for row in rows], list(accumulate(float(row[1]) + 0.0005 for row in rows))


def _drawn(name: str, by: random.Random) -> str:
    names, sums = _table(name)
    return names[bisect(sums, by.random() * sums[-1])]


def human(by: random.Random) -> Human:
    sex = "F" if by.random() < 0.25 else "M"
    first = "dist.female.first" if sex == "F" else "dist.male.first"
    surname = _drawn("dist.all.last", by)
    if by.random() < 0.06:
        surname += "-" + _drawn("dist.all.last", by)
    born = date(2026, 1, 1) - timedelta(days=int(365.25 * by.triangular(18, 75, 27)) + by.randrange(365))
    return Human(surname, _drawn(first, by), _drawn(first, by) if by.random() < 0.6 else "", sex, born)


def reported(person: Human, by: random.Random) -> Human:
    """Returns the same person as an agency writes it down."""
    report = person._replace(middle=by.choice([person.middle, person.middle[:1], ""]))
    if by.random() < CLEAN:
        return report
    for _ in range(1 if by.random() < 2 / 3 else 2):
        report = by.choices([slip for slip, _ in SLIPS], [weight for _, weight in SLIPS])[0](report, by)
    return report


def _typo(word: str, by: random.Random) -> str:
    index = by.randrange(len(word))
    letter = by.choice("ABCDEFGHIJKLMNOPRSTUVWYZ")
    return by.choice([
        word[:index] + word[index + 1 :] if len(word) > 3 else word + letter, word[:index] + letter + word[index:],
        word[:index] + letter + word[index + 1 :], word[:index] + word[index : index + 2][::-1] + word[index + 2 :],
        word[:index] + word[index : index + 1] + word[index:],
    ])  # fmt: skip


_BY_EAR = [("PH", "F"), ("CK", "K"), ("Y", "I"), ("IE", "Y"), ("Z", "S"), ("C", "K"), ("LL", "L"), ("TH", "T"),
           ("EE", "EA"), ("EI", "IE"), ("S", "Z"),
           ("OU", "U"), ("SON", "SEN"), ("ER", "AR"), ("X", "KS"), ("TT", "T"), ("N", "NN")]  # fmt: skip


def _by_ear(word: str, by: random.Random) -> str:
    able = [pair for pair in _BY_EAR if pair[0] in word[1:]]
    if not able:
        return _typo(word, by)
    old, new = by.choice(able)
    return word[0] + word[1:].replace(old, new, 1)


@cache
def _nicks() -> NickNamer:
    return NickNamer()


def _nick(person: Human, by: random.Random) -> Human:
    nicknames = sorted(_nicks().nicknames_of(person.given.lower()))
    return (
        person._replace(given=by.choice(nicknames).upper())
        if nicknames
        else person._replace(given=_typo(person.given, by))
    )


def _shifted(person: Human, by: random.Random) -> Human:
    born = person.born
    if born is None:
        return person
    change = by.randrange(4)
    if change == 0 and born.day <= 12:
        return person._replace(born=date(born.year, born.day, born.month))
    if change == 1:
        return person._replace(born=_day(born.year + by.choice([-10, -1, 1, 10]), born.month, born.day))
    if change == 2:
        return person._replace(
            born=_day(
                born.year, born.month, by.choice([born.day + 1, born.day - 1, born.day % 10 * 10 + born.day // 10])
            )
        )
    return person._replace(born=_day(born.year, by.choice([born.month + 1, born.month - 1]), born.day))


def _day(year: int, month: int, day: int) -> date:
    return date(year, min(max(month, 1), 12), min(max(day, 1), 28))


def _halved(person: Human, by: random.Random) -> Human:
    surnames = person.surname.split("-")
    return person._replace(
        surname=by.choice(surnames) if len(surnames) > 1 else f"{person.surname}-{_drawn('dist.all.last', by)}"
    )


def _renamed(person: Human, by: random.Random) -> Human:
    """Returns the person booked under another name, with the true name as an alias."""
    return person._replace(surname=_drawn("dist.all.last", by), alias=(person.surname, person.given))


Slip = Callable[[Human, random.Random], Human]
SLIPS: list[tuple[Slip, float]] = [
    (lambda person, by: person._replace(surname=_typo(person.surname, by)), 18),
    (lambda person, by: person._replace(given=_typo(person.given, by)), 14),
    (lambda person, by: person._replace(surname=_by_ear(person.surname, by)), 10),
    (lambda person, by: person._replace(given=_by_ear(person.given, by)), 8),
    (_nick, 10),
    (_shifted, 18),
    (lambda person, by: person._replace(given=person.given[:1]), 3),
    (lambda person, by: person._replace(surname=person.given, given=person.surname), 4),
    (_halved, 4),
    (lambda person, by: person._replace(surname=person.surname[:6], given=person.given[:6]), 3),
    (_renamed, 4),
    (lambda person, by: person._replace(born=None), 2),
    (lambda person, by: person._replace(given=person.middle or person.given, middle=""), 2),
]


def population(seed: int, watched: int, strangers: int) -> tuple[list[Human], list[tuple[int, Human]], Iterator[Human]]:
    """Returns the watched persons, a report of each with its number, and the arrests of everybody else."""
    by = random.Random(seed)
    people = [human(by) for _ in range(watched)]
    re_arrests = [(number, reported(person, by)) for number, person in enumerate(people)]
    return people, re_arrests, (human(by) for _ in range(strangers))
