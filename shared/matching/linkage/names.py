"""Two names, word by word: which words found each other, how, and what that is worth."""

from functools import lru_cache
from typing import NamedTuple

from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.linkage.name_tokens import GIVEN, MIDDLE, SURNAME, NameTokens
from shared.matching.linkage.string_similarity import string_similarity
from shared.matching.linkage.weights import Weights


class TokenPair(NamedTuple):
    """Two words that found each other, with the part of the name that each stands in."""

    match_weight: float
    similarity: str
    watched: str
    reported: str
    watched_part: str
    reported_part: str


class NameComparison(NamedTuple):
    match_weight: float
    pairs: tuple[TokenPair, ...]
    swapped: bool
    differing_parts: tuple[str, ...]  # parts of the name that both sides give and that are not alike

    @property
    def explanation(self) -> str:
        """What is not plainly equal, in words; empty when nothing is worth a word."""
        notes = [
            _NOTES[pair.similarity].format(role=_ROLES[pair.watched_part], one=pair.watched, other=pair.reported)
            for pair in self.pairs
            if pair.similarity in _NOTES and pair.watched_part != MIDDLE
        ]
        notes += [f"{_ROLES[role]} differs" for role in self.differing_parts]
        return "; ".join([*notes, *(["surname and given name swapped"] if self.swapped else [])])


_ROLES = {SURNAME: "surname", GIVEN: "given name", MIDDLE: "middle name"}
_NOTES = {
    "one letter": "{role} one letter apart: {one} / {other}",
    "two letters": "{role} two letters apart: {one} / {other}",
    "sounds alike": "{role} sounds alike: {one} / {other}", "nickname": "{role} a short form: {one} / {other}",
    "cut short": "{role} cut short: {one} / {other}", "near": "{role} spelt nearly alike: {one} / {other}",
    "initial": "{role} only an initial: {one} / {other}",
}  # fmt: skip


def compare_names(
    tokens: NameTokens, other: NameTokens, weights: Weights, frequencies: TermFrequencies
) -> NameComparison:
    """`one` is the watched name, `other` the reported one."""
    if _gaps_may_matter(tokens, other):
        tokens, other = _gaps_closed(tokens, other)
    pairs = _pairs(tokens, other, weights, frequencies)
    crossed = sum([(pair.watched_part == SURNAME) != (pair.reported_part == SURNAME) for pair in pairs])
    against, apart = _against(tokens, other, pairs, weights)
    bits = sum([pair.match_weight for pair in pairs]) + against + _suffixes(tokens.suffix, other.suffix, weights)
    return NameComparison(bits, tuple(pairs), crossed >= 2 or (crossed == 1 == len(pairs)), apart)


def _gaps_may_matter(tokens: NameTokens, other: NameTokens) -> bool:
    """Seldom, and whatever is equal but for its gaps begins alike."""
    if tokens.surname != other.surname and tokens.key[0] == other.key[0]:
        return True
    mine, theirs = tokens.key[1], other.key[1]
    return tokens.given != other.given and (not mine or not theirs or mine[0] == theirs[0])


def _gaps_closed(tokens: NameTokens, other: NameTokens) -> tuple[NameTokens, NameTokens]:
    """JO ANN and JOANN, SMITH JONES and SMITHJONES: a gap is no difference, nor is a second given name there."""
    same = tokens.surname != other.surname and tokens.key[0] == other.key[0]
    mine, theirs = (tokens.key[:1], other.key[:1]) if same else (tokens.surname, other.surname)
    for first, middle in _splits(tokens):
        for second, others in _splits(other):
            if tokens.given != other.given and first and first == second:
                return NameTokens(mine, (first,), middle, tokens.suffix), NameTokens(
                    theirs, (second,), others, other.suffix
                )
    if same:
        return tokens._replace(surname=mine), other._replace(surname=theirs)
    return tokens, other


def _splits(tokens: NameTokens) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The given name without gaps and what is left for the middle: without the middle words and with them."""
    return (tokens.key[1], tokens.middle), (tokens.key[1] + "".join(tokens.middle), ())


def _pairs(tokens: NameTokens, other: NameTokens, weights: Weights, frequencies: TermFrequencies) -> list[TokenPair]:
    """The best pairs first, every word in one pair at most."""
    found: list[tuple[TokenPair, int, int]] = []
    for at, mine in enumerate(tokens.parts_and_tokens):
        for there, theirs in enumerate(other.parts_and_tokens):
            kind = string_similarity(mine[1], theirs[1])
            if kind and (pair := _pair(kind, mine, theirs, weights, frequencies)):
                found.append((pair, at, there))
    if len(found) > 1:
        found.sort(key=lambda one: -one[0].match_weight)
    taken: list[TokenPair] = []
    mine_taken: set[int] = set()
    theirs_taken: set[int] = set()
    for pair, at, there in found:
        if at not in mine_taken and there not in theirs_taken:
            taken.append(pair)
            mine_taken.add(at)
            theirs_taken.add(there)
    return taken


def _pair(
    kind: str, mine: tuple[str, str], theirs: tuple[str, str], weights: Weights, frequencies: TermFrequencies
) -> TokenPair | None:
    (role, one), (other_role, other) = mine, theirs
    crossed = role != other_role and SURNAME in (role, other_role)
    if crossed and kind == "initial":
        return None
    worth = weights.shares[kind] * min(
        _bits(role, one, weights, frequencies), _bits(other_role, other, weights, frequencies)
    )
    return TokenPair(worth * (weights.crossed if crossed else 1.0), kind, one, other, role, other_role)


@lru_cache(maxsize=65_536)
def _bits(role: str, word: str, weights: Weights, frequencies: TermFrequencies) -> float:
    if role == SURNAME:
        return frequencies.bits(SURNAME, word, weights.rarest_surname)
    return frequencies.bits(GIVEN, word, weights.rarest_given) * (0.5 if role == MIDDLE else 1.0)


def _against(
    tokens: NameTokens, other: NameTokens, pairs: list[TokenPair], weights: Weights
) -> tuple[float, tuple[str, ...]]:
    """What found no partner though both sides say something there; what a side does not say speaks hardly against.
    A surname that crossed over leaves one word on each side, in two parts of the name: that is one difference."""
    mine, theirs = [pair.watched_part for pair in pairs], [pair.reported_part for pair in pairs]
    bits = 0.0
    apart: tuple[str, ...] = ()
    if tokens.surname and other.surname and not (SURNAME in mine and SURNAME in theirs):
        bits, apart = weights.other_surname, (SURNAME,)
    if tokens.given and other.given and not (GIVEN in mine and GIVEN in theirs):
        bits += 0.0 if apart and _once_crossed(pairs) else weights.other_given
        apart += (GIVEN,)
    if tokens.middle and other.middle and MIDDLE not in mine:
        bits += weights.other_middle
        apart += (MIDDLE,)
    if not (tokens.given and other.given):
        bits += weights.no_given
    if SURNAME in mine and SURNAME in theirs:
        halved = mine.count(SURNAME) < len(tokens.surname) or theirs.count(SURNAME) < len(other.surname)
        bits += weights.half_a_surname if halved else 0.0
    return bits, apart


def _once_crossed(pairs: list[TokenPair]) -> bool:
    return sum({pair.watched_part, pair.reported_part} == {SURNAME, GIVEN} for pair in pairs) == 1


def _suffixes(one: str, other: str, weights: Weights) -> float:
    if not (one and other):
        return 0.0
    return weights.same_suffix if one == other else weights.other_suffix
