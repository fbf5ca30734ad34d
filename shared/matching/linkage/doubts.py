"""Doubts: why a reported person who is much like the watched one may be a brother, a son or a namesake.

A match weight adds up what agrees, and relatives agree in nearly everything: twins in surname and day, father and
son in the whole name. So with a doubt a match is never strong, however heavy; a person looks first.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from shared.matching.linkage.dates import GENERATION
from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.linkage.name_tokens import GIVEN, MIDDLE, SURNAME, without_particle
from shared.matching.linkage.names import NameComparison, TokenPair
from shared.matching.linkage.phonetic import phonetic_code

_SAME_NAME = {"equal", "joined", "nickname"}
_BORNE = 15.5  # bits: a name of one person in 46,000; rarer ones in the counts are slips as often as names
_FEMALE_ENDINGS = ("A", "E", "LE", "NE", "TE", "INE", "ETTE")


class Doubt(StrEnum):
    """Who else fits as well. Stored in reasons; `shared/words/english/reasons.py` says it."""

    SIBLING = "sibling"  # same surname, and a given name of its own
    GIVEN_NAME = "given name"  # none, or an initial
    MIDDLE_NAME = "middle name"
    SURNAME = "surname"  # another one, or half of it with another day
    SPELLING = "spelling"  # both names are spelt otherwise, the surname from its first letter
    SUFFIX = "suffix"
    GENERATION = "generation"  # the same name and birthday, a generation apart
    BIRTH = "birth"  # the watch says no day of birth


def doubts_of(
    names: NameComparison, watched_born: date | None, reported_born: date | None, frequencies: TermFrequencies
) -> tuple[Doubt, ...]:
    """Returns each doubt once, the plainest first."""
    return tuple(dict.fromkeys(_doubts(names, watched_born, reported_born, frequencies)))


def _doubts(
    names: NameComparison, watched_born: date | None, reported_born: date | None, frequencies: TermFrequencies
) -> Iterator[Doubt]:
    yield from _given_doubts(names, frequencies)
    watched, reported = names.watched, names.reported
    is_half = (SURNAME, "incomplete") in names.part_results
    if SURNAME in names.differing_parts or (is_half and watched_born != reported_born):
        yield Doubt.SURNAME
    if _are_both_respelt(names.pairs):
        yield Doubt.SPELLING
    if MIDDLE in names.differing_parts and _whole(watched.middle) and _whole(reported.middle):
        yield Doubt.MIDDLE_NAME
    if watched.suffix and reported.suffix and watched.suffix != reported.suffix:
        yield Doubt.SUFFIX
    if watched_born is None:
        yield Doubt.BIRTH
    elif reported_born and abs(watched_born.year - reported_born.year) >= GENERATION:
        yield Doubt.GENERATION


def _given_doubts(names: NameComparison, frequencies: TermFrequencies) -> Iterator[Doubt]:
    pairs = [pair for pair in names.pairs if GIVEN in (pair.watched_part, pair.reported_part)]
    if all(pair.similarity == "initial" for pair in pairs):
        is_other = GIVEN in names.differing_parts
        yield Doubt.SIBLING if is_other and not pairs else Doubt.GIVEN_NAME
        return
    if _has_another_given(names) or any(_is_another_name(pair, frequencies) for pair in pairs):
        yield Doubt.SIBLING


def _has_another_given(names: NameComparison) -> bool:
    """Each side has a given name without partner: XIAO MING and XIAO HONG, or MARIA JOSE and MARIA LUZ."""
    watched_paired = sum(pair.watched_part == GIVEN for pair in names.pairs)
    reported_paired = sum(pair.reported_part == GIVEN for pair in names.pairs)
    return watched_paired < len(names.watched.given) and reported_paired < len(names.reported.given)


def _is_another_name(pair: TokenPair, frequencies: TermFrequencies) -> bool:
    """Whether people bear the other given name, too (JAYDEN, KAYDEN), so that it is no spelling and no slip.

    Where the two sound alike, only the ending of a woman's name makes another name of a man's (DANIEL, DANIELA). A slip
    makes a name that nobody bears of one that somebody does. Of two names that nobody has counted, the first letter
    decides.
    """
    if pair.similarity in _SAME_NAME or pair.similarity == "initial":
        return False
    shorter, longer = sorted((pair.watched, pair.reported), key=len)
    borne = _is_borne(shorter, frequencies) + _is_borne(longer, frequencies)
    if borne == 2 and _is_womans_form(shorter, longer):
        return True
    if pair.similarity == "cut short" or phonetic_code(shorter) == phonetic_code(longer):
        return False
    return borne == 2 or (borne == 0 and shorter[0] != longer[0])


def _is_womans_form(shorter: str, longer: str) -> bool:
    if len(shorter) == len(longer):
        return shorter[:-1] == longer[:-1] and {shorter[-1], longer[-1]} == {"A", "O"}
    return any(shorter + ending == longer for ending in _FEMALE_ENDINGS)


def _is_borne(token: str, frequencies: TermFrequencies) -> bool:
    return frequencies.agreement_weight(GIVEN, token, _BORNE) < _BORNE


def _are_both_respelt(pairs: tuple[TokenPair, ...]) -> bool:
    surnames = [pair for pair in pairs if SURNAME in (pair.watched_part, pair.reported_part)]
    givens = [pair for pair in pairs if pair.watched_part == pair.reported_part == GIVEN]
    return any(map(_starts_otherwise, surnames)) and any(pair.similarity != "equal" for pair in givens)


def _starts_otherwise(pair: TokenPair) -> bool:
    cores = without_particle(pair.watched), without_particle(pair.reported)
    return pair.watched[0] != pair.reported[0] and cores[0][0] != cores[1][0]


def _whole(tokens: tuple[str, ...]) -> bool:
    return any(len(token) > 1 for token in tokens)
