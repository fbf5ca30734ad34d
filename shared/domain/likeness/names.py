"""Two names, word by word: which words found each other, how, and what that is worth."""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from shared.domain.likeness.alike import alike
from shared.domain.likeness.frequencies import Frequencies
from shared.domain.likeness.tokens import Words
from shared.domain.likeness.weights import Weights

SURNAME, GIVEN, MIDDLE = "surname", "given", "middle"


class Pair(NamedTuple):
    """Two words that found each other, with the part of the name that each stands in."""

    worth: float
    kind: str
    one: str
    other: str
    role: str
    other_role: str


class Likeness(NamedTuple):
    bits: float
    pairs: tuple[Pair, ...]
    swapped: bool
    apart: tuple[str, ...]  # parts of the name that both sides give and that are not alike

    @property
    def words(self) -> str:
        """What is not plainly equal, in words; empty when nothing is worth a word."""
        notes = [_NOTES[pair.kind].format(role=_ROLES[pair.role], one=pair.one, other=pair.other)
                 for pair in self.pairs if pair.kind in _NOTES and pair.role != MIDDLE]  # fmt: skip
        notes += [f"{_ROLES[role]} differs" for role in self.apart]
        return "; ".join([*notes, *(["surname and given name swapped"] if self.swapped else [])])


_ROLES = {SURNAME: "surname", GIVEN: "given name", MIDDLE: "middle name"}
_NOTES = {
    "one letter": "{role} one letter apart: {one} / {other}",
    "two letters": "{role} two letters apart: {one} / {other}",
    "sounds alike": "{role} sounds alike: {one} / {other}", "nickname": "{role} a short form: {one} / {other}",
    "cut short": "{role} cut short: {one} / {other}", "near": "{role} spelt nearly alike: {one} / {other}",
    "initial": "{role} only an initial: {one} / {other}",
}  # fmt: skip


def compare(one: Words, other: Words, weights: Weights, frequencies: Frequencies) -> Likeness:
    """`one` is the watched name, `other` the reported one."""
    mine, theirs = _roles(one), _roles(other)
    mine, theirs = _gaps_closed(mine, theirs)
    pairs = _pairs(mine, theirs, weights, frequencies)
    against, apart = _against(mine, theirs, pairs, weights)
    bits = sum(pair.worth for pair in pairs) + against + _suffixes(one.suffix, other.suffix, weights)
    crossed = [pair for pair in pairs if SURNAME in (pair.role, pair.other_role) and pair.role != pair.other_role]
    return Likeness(bits, tuple(pairs), len(crossed) >= 2 or (len(crossed) == 1 == len(pairs)), apart)


Roles = dict[str, tuple[str, ...]]


def _roles(words: Words) -> Roles:
    return {SURNAME: words.surname, GIVEN: words.given, MIDDLE: words.middle}


def _gaps_closed(one: Roles, other: Roles) -> tuple[Roles, Roles]:
    """JO ANN and JOANN, SMITH JONES and SMITHJONES: a gap is no difference, nor is a second given name there."""
    one, other = dict(one), dict(other)
    if one[SURNAME] != other[SURNAME] and "".join(one[SURNAME]) == "".join(other[SURNAME]):
        one[SURNAME] = other[SURNAME] = ("".join(one[SURNAME]),)
    if one[GIVEN] != other[GIVEN]:
        for mine in ((GIVEN,), (GIVEN, MIDDLE)):
            for theirs in ((GIVEN,), (GIVEN, MIDDLE)):
                whole = "".join(word for role in mine for word in one[role])
                if whole and whole == "".join(word for role in theirs for word in other[role]):
                    one |= dict.fromkeys(mine, ()) | {GIVEN: (whole,)}
                    other |= dict.fromkeys(theirs, ()) | {GIVEN: (whole,)}
                    return one, other
    return one, other


def _pairs(one: Roles, other: Roles, weights: Weights, frequencies: Frequencies) -> list[Pair]:
    """The best pairs first, every word in one pair at most."""
    found = [
        (_pair(mine, theirs, role, other_role, weights, frequencies), at, there)
        for at, (role, mine) in enumerate((role, word) for role, words in one.items() for word in words)
        for there, (other_role, theirs) in enumerate((role, word) for role, words in other.items() for word in words)
    ]
    ranked = sorted((one for one in found if one[0] is not None), key=lambda one: -one[0].worth if one[0] else 0.0)
    taken: list[Pair] = []
    mine_taken: set[int] = set()
    theirs_taken: set[int] = set()
    for pair, at, there in ranked:
        if pair is not None and at not in mine_taken and there not in theirs_taken:
            taken.append(pair)
            mine_taken.add(at)
            theirs_taken.add(there)
    return taken


def _pair(one: str, other: str, role: str, other_role: str, weights: Weights, frequencies: Frequencies) -> Pair | None:
    kind = alike(one, other)
    if kind is None or (kind == "initial" and SURNAME in (role, other_role) and role != other_role):
        return None
    worth = weights.shares[kind] * min(
        _bits(role, one, weights, frequencies), _bits(other_role, other, weights, frequencies)
    )
    crossed = SURNAME in (role, other_role) and role != other_role
    return Pair(worth * (weights.crossed if crossed else 1.0), kind, one, other, role, other_role)


@lru_cache(maxsize=65_536)
def _bits(role: str, word: str, weights: Weights, frequencies: Frequencies) -> float:
    if role == SURNAME:
        return frequencies.bits(SURNAME, word, weights.rarest_surname)
    return frequencies.bits(GIVEN, word, weights.rarest_given) * (0.5 if role == MIDDLE else 1.0)


def _against(one: Roles, other: Roles, pairs: list[Pair], weights: Weights) -> tuple[float, tuple[str, ...]]:
    """What found no partner though both sides say something there; what a side does not say speaks hardly against."""
    mine, theirs = Counter(pair.role for pair in pairs), Counter(pair.other_role for pair in pairs)
    costs = {SURNAME: weights.other_surname, GIVEN: weights.other_given, MIDDLE: weights.other_middle}
    apart = tuple(
        role
        for role in costs
        if one[role] and other[role] and not (mine[role] and theirs[role]) and not (role == MIDDLE and mine[role])
    )
    bits = sum(costs[role] for role in apart)
    if not (one[GIVEN] and other[GIVEN]):
        bits += weights.no_given
    if mine[SURNAME] and (mine[SURNAME] < len(one[SURNAME]) or theirs[SURNAME] < len(other[SURNAME])):
        bits += weights.half_a_surname
    return bits, apart


def _suffixes(one: str, other: str, weights: Weights) -> float:
    if not (one and other):
        return 0.0
    return weights.same_suffix if one == other else weights.other_suffix
