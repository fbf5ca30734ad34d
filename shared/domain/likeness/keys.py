"""The few keys by which two reports of one person meet, whatever one slip parts them. A key that few people share: none
of them grows with the number of watched persons faster than one list in some ten thousand."""

from datetime import date
from functools import lru_cache
from itertools import combinations

from shared.domain.likeness.frequencies import census
from shared.domain.likeness.persons import Described
from shared.domain.likeness.sounds import sound
from shared.domain.likeness.tokens import Words, bare
from shared.domain.likeness.weights import WEIGHTS

Key = tuple[str, ...]


def keys_of(person: Described, *, reported: bool = False) -> set[Key]:
    """Of the watched or the reported person; they meet if they share one.

    The name alone is no key of a reported person with a date of birth and a common name: with another date it could
    not even be possible, and with a date alike the two meet anyway.
    """
    found: set[Key] = set()
    for name in person.names:
        words = [word for word in name.surname + name.given if word]
        codes = sorted({_code(word) for word in words if len(word) > 1})
        if not (reported and person.born and _is_common(name)):
            found.update(("pair", *two) for two in combinations(codes, 2))
        if person.born:
            _dated(codes, words, person.born, found)
    return found


def _dated(codes: list[str], words: list[str], born: date, found: set[Key]) -> None:
    """Any one of year, month, day may be wrong, or month and day swapped; or the day right and a word badly wrong."""
    day = str(born.toordinal())
    low, high = sorted((born.month, born.day))
    year_low, year_high, month_and_day = str(born.year * 100 + low), str(born.year * 100 + high), str(low * 100 + high)
    for word in words:
        found.add(("born", day, word[0]))
    for code in codes:
        found.add(("year", code, year_low))
        found.add(("year", code, year_high))
        found.add(("month and day", code, month_and_day))


def _is_common(name: Words) -> bool:
    bits = sum(_bits("surname", word, WEIGHTS.rarest_surname) for word in name.surname)
    bits += sum(_bits("given", word, WEIGHTS.rarest_given) for word in name.given)
    return bits < WEIGHTS.possible - WEIGHTS.other_day


@lru_cache(maxsize=131_072)
def _bits(role: str, word: str, rarest: float) -> float:
    return census().bits(role, word, rarest)


@lru_cache(maxsize=131_072)
def _code(word: str) -> str:
    return sound(bare(word))
