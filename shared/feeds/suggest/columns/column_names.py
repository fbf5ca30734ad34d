"""What the name of a column claims: which of our fields it may be, and how exactly the name says so.

A name is parted into words, the words are written out (`ARR_DT` is arrest date) and compared with the phrases of
`vocabulary.py`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from shared.feeds.layout import NUMBER_PLACEHOLDER
from shared.feeds.suggest.columns.vocabulary import HOME, OTHER_THINGS, PHRASES, UNUSED, WORDS, WRITTEN_OUT

_NEUTRAL = frozenset(("current", "person"))  # words that change nothing
HOME_WORD = "home"
_OF_ARREST = frozenset(("arrest", "charge", "case", "block", "place"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[A-Za-z]+|\d+|#")
_SHORTEST_GLUED = 5
_VAGUE = 0.8  # strength of a name that says little
_NEARLY_ALL = 0.9
_PENALTY = 0.3  # for each word of a name that a phrase does not explain

Words = frozenset[str]
"""What one word of a name may mean."""


class NameClaim(NamedTuple):
    """`strength` is 1 where every word of the name is explained, less for each that is not."""

    field: str
    strength: float


def _spellings() -> dict[str, Words]:
    meanings: dict[str, Words] = {}
    for word, spellings in WORDS.items():
        for spelling in (word, *spellings.split()):
            meanings[spelling] = meanings.get(spelling, Words()) | {word}
    return meanings | {"#": Words(("number",))}


_MEANINGS: Mapping[str, Words] = _spellings()
_PHRASE_WORDS = [
    (field, phrase.removeprefix("~").split(), _VAGUE if phrase.startswith("~") else 1.0)
    for field, phrases in PHRASES.items()
    for phrase in phrases.split(" | ")
]


def words_of(name: str) -> list[Words]:
    """The words of a name, each as what it may mean; a word that is not known means only itself."""
    spelled = [part.lower() for part in _PARTS.findall(_CAMEL.sub(" ", name.replace(NUMBER_PLACEHOLDER, " ")))]
    written = [word for part in spelled for word in _parted(part)]
    expanded = [word for part in written for word in WRITTEN_OUT.get(part, part).split()]
    return [_MEANINGS.get(word, Words((word,))) for word in expanded]


@lru_cache(4096)
def _parted(word: str) -> tuple[str, ...]:
    """`bookingdate` as `booking date`. The fewest known words that make up the whole; else the word as it is."""
    if word in _MEANINGS or word in WRITTEN_OUT or len(word) < _SHORTEST_GLUED or len(word) > 40:
        return (word,)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end - 1):
            part = word[start:end]
            if (
                start in best
                and (part in _MEANINGS or part in WRITTEN_OUT)
                and (end not in best or len(best[start]) + 1 < len(best[end]))
            ):
                best[end] = (*best[start], part)
    return best.get(len(word), (word,))


def names_place(name: str) -> bool:
    """Whether a name says that it is about the place of the arrest, rather than about an address of somebody."""
    return any(meanings & _OF_ARREST for meanings in words_of(name.replace(".", " ")))


def claims_of(name: str, *, is_path: bool = False) -> list[NameClaim]:
    """The strongest claim first; at most one for each field. In a path only the last name must be explained."""
    *parents, leaf = name.replace("[]", "").split(".") if is_path else [name]
    leaf_words = words_of(leaf)
    context = [word for parent in parents for word in words_of(parent)]
    if not leaf_words:
        return []
    best: dict[str, float] = {}
    for field, phrase, weight in _PHRASE_WORDS:
        if (strength := weight * _strength(phrase, leaf_words, context)) > best.get(field, 0):
            best[field] = strength
    if any(word <= OTHER_THINGS for word in context):
        return [NameClaim(UNUSED, 0.9)]
    if any(word <= OTHER_THINGS for word in leaf_words):
        best = {field: strength for field, strength in best.items() if strength > _NEARLY_ALL} | {UNUSED: 0.9}
    if HOME_WORD in {meaning for word in (*leaf_words, *context) for meaning in word}:
        best = {HOME: best.get(HOME, 0.9)}
    return sorted((NameClaim(field, strength) for field, strength in best.items()), key=lambda claim: -claim.strength)


def _strength(phrase: Iterable[str], leaf: list[Words], context: list[Words]) -> float:
    """0 where a word of the phrase is missing, or all its words stand in the context alone."""
    unexplained, around, explained, phrase_words = [*leaf], [*context], 0, frozenset(phrase)
    for word in phrase:
        holder = next((place for place, meanings in enumerate(unexplained) if word in meanings), None)
        if holder is not None:
            unexplained.pop(holder)
            explained += 1
            continue
        holder = next((place for place, meanings in enumerate(around) if word in meanings), None)
        if holder is None:
            return 0.0
        around.pop(holder)
    if not explained:
        return 0.0
    extra = sum(1 for meanings in unexplained if not meanings & _NEUTRAL and not meanings & phrase_words)
    context_bonus = 0.01 * (len(context) - len(around))
    return max(
        0.1, 1 - _PENALTY * extra - (0.05 if context and not context_bonus else 0) + (context_bonus if extra else 0)
    )
