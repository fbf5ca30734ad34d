"""What the name of a column claims: which of our fields it may be, and how exactly the name says so.

A name is parted into words, the words are written out (`ARR_DT` is arrest date) and compared with the phrases of
`vocabulary.py`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from shared.feeds.layout import NUMBER_PLACEHOLDER
from shared.feeds.suggest.columns import spanish
from shared.feeds.suggest.columns.abbreviations import GUESSED, guessed_words
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
_GUESS_PENALTY = 0.1  # for each word that is read as a guessed abbreviation
_PLACE_PREFIXES = {"a": "arrest", "h": "home", "r": "home"}  # as in `ALOC` and `HCITY`
_PLACE_WORDS = frozenset(("address", "city", "state", "postcode"))
_ALL_WRITTEN_OUT: Mapping[str, str] = {**WRITTEN_OUT, **spanish.WRITTEN_OUT}

Words = frozenset[str]
"""What one word of a name may mean, with GUESSED where it is read as an abbreviation."""


class NameClaim(NamedTuple):
    """`strength` is 1 where every word of the name is explained, less for each that is not."""

    field: str
    strength: float


def _spellings(*lists: Mapping[str, str]) -> dict[str, Words]:
    meanings: dict[str, Words] = {}
    for word, spellings in chain.from_iterable(words.items() for words in lists):
        for spelling in (word, *spellings.split()):
            meanings[spelling] = meanings.get(spelling, Words()) | {word}
    return meanings | {"#": Words(("number",))}


_ENGLISH: Mapping[str, Words] = _spellings(WORDS)
_MEANINGS: Mapping[str, Words] = _spellings(WORDS, spanish.WORDS)
_PHRASE_WORDS = [
    (field, phrase.removeprefix("~").split(), _VAGUE if phrase.startswith("~") else 1.0)
    for field, phrases in PHRASES.items()
    for phrase in phrases.split(" | ")
]


_KNOWN = frozenset((*_MEANINGS, *_ALL_WRITTEN_OUT, *(word for _, phrase, _ in _PHRASE_WORDS for word in phrase)))
"""Words into which a name in one piece may be parted."""


def words_of(name: str) -> list[Words]:
    """The words of a name, each as what it may mean; a word that is not known means only itself."""
    plain = unicodedata.normalize("NFKD", name.replace(NUMBER_PLACEHOLDER, " "))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    spelled = [part.lower() for part in _PARTS.findall(_CAMEL.sub(" ", letters))]
    content_words = [part for part in spelled if part not in spanish.STOPWORDS] or spelled
    written = [word for part in content_words for word in _parted(part)]
    return [_meaning(word) for part in written for word in _ALL_WRITTEN_OUT.get(part, part).split()]


def says_something(name: str) -> bool:
    """Whether a name has a word that tells what its column is. `FIELD_07` has none."""
    words = [word for part in _PARTS.findall(name.lower()) for word in _parted(part)]
    return any(_MEANINGS[word] - _NEUTRAL for word in words if word in _MEANINGS)


@lru_cache(4096)
def _meaning(word: str) -> Words:
    if word in _KNOWN:
        return _MEANINGS.get(word, Words((word,)))
    return guessed_words(word, _ENGLISH) or Words((word,))


@lru_cache(4096)
def _parted(word: str) -> tuple[str, ...]:
    """`bookingdate` as `booking date`. The fewest known words that make up the whole; else the word as it is."""
    if word in _KNOWN or len(word) > 40:
        return (word,)
    if word[0] in _PLACE_PREFIXES and _MEANINGS.get(word[1:], Words()) & _PLACE_WORDS and len(word) > 3:
        return (_PLACE_PREFIXES[word[0]], word[1:])
    if len(word) < _SHORTEST_GLUED:
        return (word,)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end - 1):
            if (
                start in best
                and word[start:end] in _KNOWN
                and (end not in best or len(best[start]) + 1 < len(best[end]))
            ):
                best[end] = (*best[start], word[start:end])
    return best.get(len(word), (word,))


def names_place(name: str) -> bool:
    """Whether a name says that it is about the place of the arrest, rather than about an address of somebody."""
    return any(meanings & _OF_ARREST for meanings in words_of(name.replace(".", " ")))


def names_second_surname(name: str) -> bool:
    """Whether a name is that of the second of two surnames, as of the mother's in Spanish."""
    return any(meanings & {"maternal", "second"} for meanings in words_of(name))


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
    guessed = 0
    for word in phrase:
        holder = next((place for place, meanings in enumerate(unexplained) if word in meanings), None)
        if holder is not None:
            guessed += GUESSED in unexplained.pop(holder)
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
        0.1,
        1
        - _PENALTY * extra
        - _GUESS_PENALTY * guessed
        - (0.05 if context and not context_bonus else 0)
        + (context_bonus if extra else 0),
    )
