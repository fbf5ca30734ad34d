"""How a name sounds: a code of its consonants, the same for most spellings of one name in the United States."""

import re
from functools import lru_cache

from shared.matching.linkage.name_tokens import without_particle

# In this order: a letter without which the rule cannot apply, what it looks for, what it writes. Made for names as
# police write them down by ear; English first, with the Spanish, German and Slavic spellings that are common here.
_RULES = [
    ("N", r"^(?:KN|GN|PN)", "N"), ("W", r"^WR", "R"), ("P", r"^PS", "S"), ("X", r"^X", "S"),
    ("C", r"^(?:MC|MAC)(?=[^AEIOU])", "MK"), ("H", r"SCH", "S"), ("H", r"TCH", "S"), ("", r"(?:SH|CH|CZ|SZ|TS)", "S"),
    ("H", r"PH", "F"), ("H", r"GHT", "T"), ("H", r"GH", ""), ("G", r"DG(?=[EIY])", "J"), ("H", r"TH", "T"),
    ("K", r"CK", "K"), ("C", r"C(?=[EIY])", "S"), ("C", r"C", "K"), ("Q", r"Q", "K"), ("X", r"X", "KS"),
    ("Z", r"Z", "S"), ("V", r"V", "F"), ("L", r"LL(?=[AO])", "L"), ("G", r"G(?=[EI])", "J"), ("B", r"MB$", "M"),
    ("P", r"MPS", "MS"), ("D", r"D(?=T)", ""), ("", r"^[AEIOUY]+", "A"), ("H", r"^H(?=[AEIOU])", "A"),
    ("", r"(?<!^)[AEIOUYHW]+", ""), ("", r"(.)\1+", r"\1"),
]  # fmt: skip
_COMPILED = [(needs, re.compile(pattern).sub, by) for needs, pattern, by in _RULES]
_LONGEST = 5


@lru_cache(maxsize=131_072)
def phonetic_code(word: str) -> str:
    """At most five letters, so that a slip late in a long name changes nothing."""
    for needs, replaced, by in _COMPILED:
        if needs in word:
            word = replaced(by, word)
    return word[:_LONGEST]


@lru_cache(maxsize=131_072)
def core_phonetic_code(word: str) -> str:
    """The sound without the particles: what names are looked up by."""
    return phonetic_code(without_particle(word))
