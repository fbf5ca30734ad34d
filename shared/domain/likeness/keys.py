"""The few keys by which two reports of one person meet, whatever one slip parts them: about ten a person, because an
arrest looks up each of them. A word that many bear is a key only together with the initial of another word, so that the
lists grow slowly with the number of watched persons."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations

from shared.domain.likeness.alike import nicknames_of
from shared.domain.likeness.frequencies import census
from shared.domain.likeness.persons import Described
from shared.domain.likeness.sounds import code_of, sound
from shared.domain.likeness.tokens import Words, bare
from shared.domain.likeness.weights import WEIGHTS

Key = tuple[str, ...]
_OFTEN = 8.0  # bits: a sound that more than one in 256 words of a name has
_RAREST = 12.0


def keys_of(person: Described, *, reported: bool = False) -> set[Key]:
    """Of the watched or the reported person; they meet if they share one.

    The name alone is a key of a reported person with a date of birth only as it is spelt, and only where it is rare:
    with another date a common name, or one that merely sounds alike, could not even be possible, and with a date alike
    the two meet anyway. A watched alias has fewer keys, so that several of them fit into one transaction: another
    surname and another day at once are not looked for, nor, where there is no day, another spelling.
    """
    found: set[Key] = set()
    for name in person.names:
        whole = reported or name is person.names[0]
        if whole and not (reported and person.born):
            codes = sorted({*_heard(name.surname), *_heard(name.given)})
            found.update(("pair", *two) for two in combinations(codes, 2))
            found.update(("word", code) for code in codes if not _is_heard_often(code))
        if not (reported and person.born and _is_common(name)):
            found.update(_spelt(name))
        if person.born:
            _dated(name, person.born, found, whole, reported)
    return found


def _dated(name: Words, born: date, found: set[Key], whole: bool, reported: bool) -> None:
    """The day right, or with its month in its place, and the end of a surname or the initial of a given name, which
    most slips leave as they are; or a word right, or as it sounds, with any two of year, month and day. Beside a common
    word the initial of another one, and beside the month and the day alone, in which one in 365 was born, that of
    another one or of what is short for it.
    """
    add = found.add
    day, year_and_month, year_and_day, month_and_day = _day_and_parts(born)
    for word in name.surname:
        add(("born", day, f"-{word[-2:]}"))
    for word in name.given:
        add(("born", day, word[0]))
    for some, others in ((name.surname, name.given), (name.given, name.surname))[: 2 if whole else 1]:
        for code in _heard(some):
            if _is_heard_often(code):
                for other in others:
                    add(("part", year_and_month, code, other[0]))
                    add(("part", year_and_day, code, other[0]))
                    add(("part", month_and_day, code, other[0]))
            else:
                add(("part", year_and_month, code))
                add(("part", year_and_day, code))
                for other in others:
                    for initial in _initials(other, reported):
                        add(("part", month_and_day, code, initial))


def _spelt(name: Words) -> Iterator[Key]:
    """Two of its words, the one that sounds rarer as it is spelt."""
    words = sorted({bare(word) for word in (*name.surname, *name.given) if len(word) > 1}, key=_rarity, reverse=True)
    return (("spelt", one, sound(other)) for one, other in combinations(words, 2))


@lru_cache(maxsize=65_536)
def _initials(word: str, reported: bool) -> tuple[str, ...]:
    """The watch is posted under every name that stands for this one; an arrest is looked up by the one it gives."""
    others = () if reported else nicknames_of(word)
    return tuple(sorted({one[0] for one in (word, *others)}))


@lru_cache(maxsize=131_072)
def _rarity(word: str) -> tuple[float, str, str]:
    """Words that sound alike lie side by side, so that two spellings of a name are put in one order."""
    code = sound(word)
    return _sound_bits(code), code, word


@lru_cache(maxsize=65_536)
def _heard(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code_of(word) for word in words if len(word) > 1)


@lru_cache(maxsize=65_536)
def _day_and_parts(born: date) -> tuple[str, str, str, str]:
    """The day, which month and day may have changed places in, and any two of the three."""
    low, high = sorted((born.month, born.day))
    year, month, day = born.year, born.month, born.day
    return f"{year}-{low}-{high}", f"{year}-{month}", f"{year}--{day}", f"--{month}-{day}"


def _is_common(name: Words) -> bool:
    bits = _bits("surname", name.surname, WEIGHTS.rarest_surname) + _bits("given", name.given, WEIGHTS.rarest_given)
    return bits < WEIGHTS.possible - WEIGHTS.other_day


@lru_cache(maxsize=131_072)
def _bits(role: str, words: tuple[str, ...], rarest: float) -> float:
    return sum(census().bits(role, word, rarest) for word in words)


def _is_heard_often(code: str) -> bool:
    return _sound_bits(code) < _OFTEN


@lru_cache(maxsize=131_072)
def _sound_bits(code: str) -> float:
    return census().bits("sound", code, _RAREST)
