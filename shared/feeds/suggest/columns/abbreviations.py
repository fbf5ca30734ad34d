"""Words that no list has, read as abbreviations of words that one has: `DEFN` as defendant, `BRTH` as birth.

Such a reading is a guess: it makes a claim weaker, so that the values must prove it or a person is asked.
"""

import re
from collections.abc import Mapping
from itertools import chain, takewhile

GUESSED = "(guessed)"
_VOWELS = re.compile("[aeiouy]")
_SHORTEST, _SHORTEST_OPENING = 3, 4  # letters of an abbreviation; of one that is the opening of a word
_SHORTEST_WORD = 5  # letters of a word that is worth abbreviating
_MOST_MEANINGS = 2


def guessed_words(word: str, meanings: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a word may abbreviate, with GUESSED; empty where it may abbreviate nothing, or too many things.

    `meanings` has the known spellings.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return frozenset()
    of_words = (held for spelling, held in meanings.items() if _abbreviates(word, spelling))
    meant = frozenset(chain.from_iterable(of_words))
    return meant | {GUESSED} if 0 < len(meant) <= _MOST_MEANINGS else frozenset()


def _abbreviates(word: str, spelling: str) -> bool:
    """Whether a word is the opening of another, or an opening with some of the consonants that follow it."""
    if len(spelling) < _SHORTEST_WORD or word[0] != spelling[0] or len(word) >= len(spelling):
        return False
    opening = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, spelling, strict=False)))
    if opening == len(word):
        return opening >= _SHORTEST_OPENING
    rest, letters = word[opening:], iter(spelling[opening:])
    return not _VOWELS.search(rest) and all(letter in letters for letter in rest)
