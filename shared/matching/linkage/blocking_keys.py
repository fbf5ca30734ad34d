"""Blocking keys: two reports of a person are compared only if they share one.

A person has about ten keys, and an arrest looks up each of them, so keys are chosen to survive one slip and to be
shared by few strangers. A token that many persons bear is a key only together with the initial of another token, so
that the lists grow slowly with the number of watched persons.

Subscriptions are posted under these keys when they are written. After a release that changes a key, run `arrest-alert
repost`: without it, subscriptions written before are not found by arrests reported after.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import combinations

from shared.matching.linkage.frequencies import census
from shared.matching.linkage.name_tokens import GIVEN, SURNAME, NameTokens, without_particle
from shared.matching.linkage.phonetic import core_phonetic_code, phonetic_code
from shared.matching.linkage.score import PersonDescription
from shared.matching.linkage.weights import WEIGHTS

Key = tuple[str, ...]
_COMMON_CODE = 8.0  # bits: below them more than one token in 256 has the phonetic code
_RAREST_CODE = 12.0


def blocking_keys(person: PersonDescription, *, reported: bool = False) -> set[Key]:
    """The keys of the watched or of the reported person. They are a pair if they share one.

    A reported person with a date of birth has keys of the name alone only as it is spelt, and only where the name is
    rare: with another date a common name, or one that merely sounds alike, could not reach the grade possible, and with
    a similar date the two share a key of the date anyway.

    A watched alias has fewer keys than the name of record, so that several aliases fit into one transaction. It is not
    found where both surname and day differ, nor, where there is no day, under another spelling.
    """
    keys: set[Key] = set()
    for name in person.names:
        if reported or not person.date_of_birth:
            _add_undated_keys(name, keys)
        all_keys = reported or name is person.names[0]
        if all_keys and not (reported and person.date_of_birth):
            codes = sorted({*_phonetic_codes(name.surname), *_phonetic_codes(name.given)})
            keys.update(("pair", *pair) for pair in combinations(codes, 2))
            keys.update(("word", code) for code in codes if _code_weight(code) >= _COMMON_CODE)
        if not (reported and person.date_of_birth and _is_common(name)):
            keys.update(_spelling_keys(name))
        if person.date_of_birth:
            _add_date_keys(name, person.date_of_birth, keys, all_keys=all_keys)
    return keys


def is_possible_undated(person: PersonDescription) -> bool:
    """Whether the name of record is rare enough to reach the grade possible without a date of birth."""
    born = WEIGHTS.same_year_only if person.birth_year else WEIGHTS.no_day
    return _full_weight(person.names[0]) + born >= WEIGHTS.possible


def _add_undated_keys(name: NameTokens, keys: set[Key]) -> None:
    """Adds the keys by which a watch is found that has no date of birth: a surname and a given name as they sound."""
    for surname in _phonetic_codes(name.surname):
        for given in _phonetic_codes(name.given):
            keys.add(("undated", surname, given))


def _add_date_keys(name: NameTokens, born: date, keys: set[Key], *, all_keys: bool) -> None:
    """Adds the keys that hold a date of birth.

    The first kind holds the day, with month and day in either order, and the end of a surname or the initial of a given
    name, which most slips leave as they are. The second kind holds a phonetic code and two of year, month and day.
    Beside a common code stands the initial of another token; for a watched alias, of one other token.
    """
    add = keys.add
    day, date_parts = _day_and_date_parts(born)
    for token in name.surname:
        add(("born", day, f"-{token[-2:]}"))
    for token in name.given:
        add(("born", day, token[:1]))
    for tokens, others in ((name.surname, name.given), (name.given, name.surname))[: 2 if all_keys else 1]:
        for code in _phonetic_codes(tokens):
            code_weight = _code_weight(code)
            beside = others if all_keys or not others else _tokens_at_same_place(code, tokens, others)
            for date_part, min_weight in date_parts:
                if code_weight < min_weight:
                    for other in beside:
                        add(("part", date_part, code, other[:1]))
                else:
                    add(("part", date_part, code))


def _tokens_at_same_place(code: str, tokens: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The first given name beside the first surname, the second beside the second."""
    return [others[place % len(others)] for place, token in enumerate(tokens) if core_phonetic_code(token) == code]


def _spelling_keys(name: NameTokens) -> Iterator[Key]:
    """Two tokens of the name: the spelling of the rarer one and the phonetic code of the other."""
    tokens = {without_particle(token) for token in (*name.surname, *name.given) if len(token) > 1}
    rarest_first = sorted(tokens, key=_rarity, reverse=True)
    return (("spelt", rarer, phonetic_code(other)) for rarer, other in combinations(rarest_first, 2))


@lru_cache(maxsize=131_072)
def _rarity(token: str) -> tuple[float, str, str]:
    """Tokens with one phonetic code sort side by side, so that two spellings of a name are sorted alike."""
    code = phonetic_code(token)
    return _code_weight(code), code, token


@lru_cache(maxsize=65_536)
def _phonetic_codes(tokens: tuple[str, ...]) -> frozenset[str]:
    return frozenset(core_phonetic_code(token) for token in tokens if len(token) > 1)


@lru_cache(maxsize=65_536)
def _day_and_date_parts(born: date) -> tuple[str, tuple[tuple[str, float], ...]]:
    """The day, with month and day in ascending order; and each two of year, month and day, with the weight that a
    phonetic code needs to be a key with these two alone.

    The more persons share the two, the rarer the code must be: one in 1,800 shares year and day, one in 720 year and
    month. Month and day need the most, because nothing is known of the year.
    """
    low, high = sorted((born.month, born.day))
    year, month, day = born.year, born.month, born.day
    date_parts = (
        (f"{year}--{day}", _COMMON_CODE),
        (f"{year}-{month}", _COMMON_CODE + 1),
        (f"--{month}-{day}", _COMMON_CODE + 3),
    )
    return f"{year}-{low}-{high}", date_parts


def _is_common(name: NameTokens) -> bool:
    """Too common to reach the grade possible when the dates of birth differ."""
    return _full_weight(name) < WEIGHTS.possible - WEIGHTS.other_day


def _full_weight(name: NameTokens) -> float:
    """Bits that surname and given name add when they are equal."""
    surname = _name_weight(SURNAME, name.surname, WEIGHTS.rarest_surname)
    return surname + _name_weight(GIVEN, name.given, WEIGHTS.rarest_given)


@lru_cache(maxsize=131_072)
def _name_weight(name_part: str, tokens: tuple[str, ...], rarest: float) -> float:
    return sum(census().agreement_weight(name_part, token, rarest) for token in tokens)


@lru_cache(maxsize=131_072)
def _code_weight(code: str) -> float:
    """Bits, by how many surnames and given names of the census have the phonetic code."""
    return census().agreement_weight("sound", code, _RAREST_CODE)
