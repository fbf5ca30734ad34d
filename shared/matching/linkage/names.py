"""Comparison of two names: pairs their name tokens, then compares surname, given name and middle name.

The match weight is the sum of the paired tokens (term frequency times the share of their similarity), the penalty of
each name part that does not agree (`Weights.penalties`), and the suffix.
"""

from functools import lru_cache
from typing import NamedTuple

from shared.matching.linkage.frequencies import TermFrequencies
from shared.matching.linkage.name_tokens import GIVEN, MIDDLE, SURNAME, NameTokens
from shared.matching.linkage.string_similarity import string_similarity
from shared.matching.linkage.weights import PartResult, Similarity, Weights


class TokenPair(NamedTuple):
    """A token of the watched name and one of the reported name that are alike, each with the part it stands in."""

    match_weight: float
    similarity: Similarity
    watched: str
    reported: str
    watched_part: str
    reported_part: str


class NameComparison(NamedTuple):
    """`match_weight` in bits. `swapped`: surname and given name have changed places. `part_results`: one for each name
    part. `watched` and `reported`: the tokens that were compared, gaps closed."""

    match_weight: float
    pairs: tuple[TokenPair, ...]
    swapped: bool
    part_results: tuple[tuple[str, PartResult], ...]
    watched: NameTokens
    reported: NameTokens

    @property
    def differing_parts(self) -> tuple[str, ...]:
        """The name parts that both sides give and that are not alike."""
        return tuple([name_part for name_part, result in self.part_results if result in ("differs", "crossed")])

    @property
    def explanation(self) -> str:
        """Says what is not plainly equal. Empty when nothing is worth a word."""
        notes = [
            _NOTES[pair.similarity].format(part=_PART_NAMES[pair.watched_part], pair=pair)
            for pair in self.pairs
            if pair.similarity in _NOTES and pair.watched_part != MIDDLE
        ]
        notes += [f"{_PART_NAMES[name_part]} differs" for name_part in self.differing_parts]
        return "; ".join([*notes, *(["surname and given name swapped"] if self.swapped else [])])


_PART_NAMES = {SURNAME: "surname", GIVEN: "given name", MIDDLE: "middle name"}
_NOTES: dict[Similarity, str] = {
    "one letter": "{part} one letter apart: {pair.watched} / {pair.reported}",
    "two letters": "{part} two letters apart: {pair.watched} / {pair.reported}",
    "sounds alike": "{part} sounds alike: {pair.watched} / {pair.reported}",
    "nickname": "{part} a short form: {pair.watched} / {pair.reported}",
    "cut short": "{part} cut short: {pair.watched} / {pair.reported}",
    "near": "{part} spelt nearly alike: {pair.watched} / {pair.reported}",
    "initial": "{part} only an initial: {pair.watched} / {pair.reported}",
}


def compare_names(
    watched: NameTokens, reported: NameTokens, weights: Weights, frequencies: TermFrequencies
) -> NameComparison:
    if _may_differ_by_gaps(watched, reported):
        watched, reported = _close_gaps(watched, reported)
    pairs = _pair_tokens(watched, reported, weights, frequencies)
    results = _compare_parts(watched, reported, pairs)
    crossed = sum([_crosses(pair.watched_part, pair.reported_part) for pair in pairs])
    penalty = sum([weights.penalties.get(result, 0.0) for result in results])
    return NameComparison(
        match_weight=sum([pair.match_weight for pair in pairs])
        + penalty
        + _suffix_weight(watched.suffix, reported.suffix, weights),
        pairs=tuple(pairs),
        swapped=crossed >= 2 or (crossed == 1 == len(pairs)),
        part_results=results,
        watched=watched,
        reported=reported,
    )


# Gaps between tokens


def _may_differ_by_gaps(watched: NameTokens, reported: NameTokens) -> bool:
    """A cheap test that is seldom true. Names that are equal except for gaps begin with the same letter."""
    if watched.surname != reported.surname and watched.key[0] == reported.key[0]:
        return True
    ours, theirs = watched.key[1], reported.key[1]
    return watched.given != reported.given and (not ours or not theirs or ours[0] == theirs[0])


def _close_gaps(watched: NameTokens, reported: NameTokens) -> tuple[NameTokens, NameTokens]:
    """Joins tokens where that makes the two names equal: JO ANN and JOANN, SMITH JONES and SMITHJONES. A middle name
    may belong to the given name."""
    same_surname = watched.surname != reported.surname and watched.key[0] == reported.key[0]
    surnames = (watched.key[:1], reported.key[:1]) if same_surname else (watched.surname, reported.surname)
    if watched.given != reported.given:
        for given, middle in _joined_givens(watched):
            for other_given, other_middle in _joined_givens(reported):
                if given and given == other_given:
                    return (
                        NameTokens(surnames[0], (given,), middle, watched.suffix),
                        NameTokens(surnames[1], (given,), other_middle, reported.suffix),
                    )
    if same_surname:
        return watched._replace(surname=surnames[0]), reported._replace(surname=surnames[1])
    return watched, reported


def _joined_givens(tokens: NameTokens) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The given name without gaps and the middle tokens that are left: without the middle name, and with it."""
    return (tokens.key[1], tokens.middle), (tokens.key[1] + "".join(tokens.middle), ())


# Pairs of tokens


def _pair_tokens(
    watched: NameTokens, reported: NameTokens, weights: Weights, frequencies: TermFrequencies
) -> list[TokenPair]:
    """The heaviest pairs first. Each token is in one pair at most."""
    candidates: list[tuple[TokenPair, int, int]] = []
    for watched_index, (watched_part, watched_token) in enumerate(watched.parts_and_tokens):
        for reported_index, (reported_part, reported_token) in enumerate(reported.parts_and_tokens):
            similarity = string_similarity(watched_token, reported_token)
            if similarity is None or (similarity == "initial" and _crosses(watched_part, reported_part)):
                continue
            weight = weights.shares[similarity] * min(
                _token_weight(watched_part, watched_token, weights, frequencies),
                _token_weight(reported_part, reported_token, weights, frequencies),
            )
            if _crosses(watched_part, reported_part):
                weight *= weights.crossed
            pair = TokenPair(weight, similarity, watched_token, reported_token, watched_part, reported_part)
            candidates.append((pair, watched_index, reported_index))
    return _each_token_once(candidates)


def _each_token_once(candidates: list[tuple[TokenPair, int, int]]) -> list[TokenPair]:
    if len(candidates) > 1:
        candidates.sort(key=lambda candidate: -candidate[0].match_weight)
    pairs: list[TokenPair] = []
    watched_taken: set[int] = set()
    reported_taken: set[int] = set()
    for pair, watched_index, reported_index in candidates:
        if watched_index not in watched_taken and reported_index not in reported_taken:
            pairs.append(pair)
            watched_taken.add(watched_index)
            reported_taken.add(reported_index)
    return pairs


def _crosses(watched_part: str, reported_part: str) -> bool:
    """One of the two parts is the surname and the other is not."""
    return (watched_part == SURNAME) != (reported_part == SURNAME)


@lru_cache(maxsize=65_536)
def _token_weight(name_part: str, token: str, weights: Weights, frequencies: TermFrequencies) -> float:
    """Bits that an equal token adds. A middle name counts half of what it would count as a given name."""
    if name_part == SURNAME:
        return frequencies.agreement_weight(SURNAME, token, weights.rarest_surname)
    return frequencies.agreement_weight(GIVEN, token, weights.rarest_given) * (0.5 if name_part == MIDDLE else 1.0)


# Name parts


def _compare_parts(
    watched: NameTokens, reported: NameTokens, pairs: list[TokenPair]
) -> tuple[tuple[str, PartResult], ...]:
    """One result for each name part."""
    surname = _compare_surnames(watched, reported, pairs)
    return (
        (SURNAME, surname),
        (GIVEN, _compare_givens(watched, reported, pairs, surname)),
        (MIDDLE, _compare_middles(watched, reported, pairs)),
    )


def _compare_surnames(watched: NameTokens, reported: NameTokens, pairs: list[TokenPair]) -> PartResult:
    watched_paired = sum([pair.watched_part == SURNAME for pair in pairs])
    reported_paired = sum([pair.reported_part == SURNAME for pair in pairs])
    if watched_paired and reported_paired:
        all_paired = watched_paired == len(watched.surname) and reported_paired == len(reported.surname)
        return "agrees" if all_paired else "incomplete"
    return "differs" if watched.surname and reported.surname else "not supplied"


def _compare_givens(
    watched: NameTokens, reported: NameTokens, pairs: list[TokenPair], surname: PartResult
) -> PartResult:
    if not (watched.given and reported.given):
        return "not supplied"
    if GIVEN in [pair.watched_part for pair in pairs] and GIVEN in [pair.reported_part for pair in pairs]:
        return "agrees"
    return "crossed" if surname == "differs" and _is_one_crossed_surname(pairs) else "differs"


def _compare_middles(watched: NameTokens, reported: NameTokens, pairs: list[TokenPair]) -> PartResult:
    if not (watched.middle and reported.middle):
        return "not supplied"
    return "agrees" if MIDDLE in [pair.watched_part for pair in pairs] else "differs"


def _is_one_crossed_surname(pairs: list[TokenPair]) -> bool:
    """The crossed-surname rule: exactly one surname stands among the given names of the other side.

    It leaves a surname without partner on one side and a given name on the other. That is one difference, so the given
    name gets no penalty beside the surname's.
    """
    return sum([{pair.watched_part, pair.reported_part} == {SURNAME, GIVEN} for pair in pairs]) == 1


def _suffix_weight(watched: str, reported: str, weights: Weights) -> float:
    if not (watched and reported):
        return 0.0
    return weights.same_suffix if watched == reported else weights.other_suffix
