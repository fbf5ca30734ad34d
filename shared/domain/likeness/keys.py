"""The few keys by which two reports of one person meet, whatever one slip parts them. A key that few people share: none
of them grows with the number of watched persons faster than one list in some ten thousand."""

from datetime import date
from functools import lru_cache
from itertools import combinations

from shared.domain.likeness.persons import Described
from shared.domain.likeness.sounds import sound
from shared.domain.likeness.tokens import bare

Key = tuple[str, ...]


def keys_of(person: Described) -> set[Key]:
    """The same for the watched and for the reported person; they meet if they share one."""
    found: set[Key] = set()
    for name in person.names:
        words = [word for word in name.surname + name.given if word]
        codes = sorted({_code(word) for word in words if len(word) > 1})
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


@lru_cache(maxsize=131_072)
def _code(word: str) -> str:
    return sound(bare(word))
