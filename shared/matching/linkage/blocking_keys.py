"""The few keys by which two reports of one person meet, whatever one slip parts them: about ten a person, because an
arrest looks up each of them. A word that many bear is a key only together with the initial of another word, so that the
lists grow slowly with the number of watched persons.

Watches are posted under these keys when they are written: a release that changes one is followed by `arrest-alert
repost`, or those written before it miss what is reported after."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations

from shared.matching.linkage.frequencies import census
from shared.matching.linkage.name_tokens import NameTokens, without_particle
from shared.matching.linkage.phonetic import core_phonetic_code, phonetic_code
from shared.matching.linkage.score import PersonDescription
from shared.matching.linkage.weights import WEIGHTS

Key = tuple[str, ...]
_OFTEN = 8.0  # bits: below them a sound is that of more than one word in 256
_RAREST = 12.0


def blocking_keys(person: PersonDescription, *, reported: bool = False) -> set[Key]:
    """Of the watched or the reported person; they meet if they share one.

    The name alone is a key of a reported person with a date of birth only as it is spelt, and only where it is rare:
    with another date a common name, or one that merely sounds alike, could not even be possible, and with a date alike
    the two meet anyway. A watched alias has fewer keys, so that several of them fit into one transaction: another
    surname and another day at once are not looked for, nor, where there is no day, another spelling.
    """
    keys: set[Key] = set()
    for name in person.names:
        whole = reported or name is person.names[0]
        if whole and not (reported and person.date_of_birth):
            codes = sorted({*_heard(name.surname), *_heard(name.given)})
            keys.update(("pair", *two) for two in combinations(codes, 2))
            keys.update(("word", code) for code in codes if not _is_heard_often(code))
        if not (reported and person.date_of_birth and _is_common(name)):
            keys.update(_spelt(name))
        if person.date_of_birth:
            _dated(name, person.date_of_birth, keys, whole=whole)
    return keys


def _dated(name: NameTokens, born: date, keys: set[Key], *, whole: bool) -> None:
    """The day right, or with its month in its place, and the end of a surname or the initial of a given name, which
    most slips leave as they are; or a word right, or as it sounds, with any two of year, month and day. Beside a word
    that too many bear stands the initial of another one: of a watched alias, of one other.
    """
    add = keys.add
    day, parts = _day_and_parts(born)
    for word in name.surname:
        add(("born", day, f"-{word[-2:]}"))
    for word in name.given:
        add(("born", day, word[:1]))
    for some, others in ((name.surname, name.given), (name.given, name.surname))[: 2 if whole else 1]:
        for code in _heard(some):
            bits = _sound_bits(code)
            beside = others if whole or not others else _nth_beside(code, some, others)
            for part, least in parts:
                if bits < least:
                    for other in beside:
                        add(("part", part, code, other[:1]))
                else:
                    add(("part", part, code))


def _nth_beside(code: str, some: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The first given name beside the first surname, the second beside the second."""
    return [others[at % len(others)] for at, word in enumerate(some) if core_phonetic_code(word) == code]


def _spelt(name: NameTokens) -> Iterator[Key]:
    """Two of its words, the one that sounds rarer as it is spelt."""
    words = sorted(
        {without_particle(word) for word in (*name.surname, *name.given) if len(word) > 1}, key=_rarity, reverse=True
    )
    return (("spelt", one, phonetic_code(other)) for one, other in combinations(words, 2))


@lru_cache(maxsize=131_072)
def _rarity(word: str) -> tuple[float, str, str]:
    """Words that sound alike lie side by side, so that two spellings of a name are put in one order."""
    code = phonetic_code(word)
    return _sound_bits(code), code, word


@lru_cache(maxsize=65_536)
def _heard(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(core_phonetic_code(word) for word in words if len(word) > 1)


@lru_cache(maxsize=65_536)
def _day_and_parts(born: date) -> tuple[str, tuple[tuple[str, float], ...]]:
    """The day, whose month and day may have changed places; and any two of year, month and day, each with the bits that
    a sound must have to be a key with no more than these. The more people share the two, the more: year and day one in
    1,800, year and month one in 720; month and day, with a year of which nothing is known, need most."""
    low, high = sorted((born.month, born.day))
    year, month, day = born.year, born.month, born.day
    parts = (f"{year}--{day}", _OFTEN), (f"{year}-{month}", _OFTEN + 1), (f"--{month}-{day}", _OFTEN + 3)
    return f"{year}-{low}-{high}", parts


def _is_common(name: NameTokens) -> bool:
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
