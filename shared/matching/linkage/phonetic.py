"""Phonetic codes: a code of the consonants of a name token, the same for most spellings of one name in the United
States."""

import re
from functools import lru_cache

from shared.matching.linkage.name_tokens import without_particle

# Applied in this order: a letter without which the rule cannot apply, the pattern, what replaces it. Made for names as
# police write them down by ear: English first, then the Spanish, German and Slavic spellings that are common in the US.
_RULES = [
    ("N", r"^(?:KN|GN|PN)", "N"), ("W", r"^WR", "R"), ("P", r"^PS", "S"), ("X", r"^X", "S"),
    ("C", r"^(?:MC|MAC)(?=[^AEIOU])", "MK"), ("H", r"SCH", "S"), ("H", r"TCH", "S"), ("", r"(?:SH|CH|CZ|SZ|TS)", "S"),
    ("H", r"PH", "F"), ("H", r"GHT", "T"), ("H", r"GH", ""), ("G", r"DG(?=[EIY])", "J"), ("H", r"TH", "T"),
    ("K", r"CK", "K"), ("C", r"C(?=[EIY])", "S"), ("C", r"C", "K"), ("Q", r"Q", "K"), ("X", r"X", "KS"),
    ("Z", r"Z", "S"), ("V", r"V", "F"), ("L", r"LL(?=[AO])", "L"), ("G", r"G(?=[EI])", "J"), ("B", r"MB$", "M"),
    ("P", r"MPS", "MS"), ("D", r"D(?=T)", ""), ("", r"^[AEIOUY]+", "A"), ("H", r"^H(?=[AEIOU])", "A"),
    ("", r"(?<!^)[AEIOUYHW]+", ""), ("", r"(.)\1+", r"\1"),
]  # fmt: skip
_COMPILED = [(letter, re.compile(pattern).sub, replacement) for letter, pattern, replacement in _RULES]
_LENGTH = 5  # letters: a slip late in a long name changes nothing


@lru_cache(maxsize=131_072)
def phonetic_code(token: str) -> str:
    for letter, substitute, replacement in _COMPILED:
        if letter in token:
            token = substitute(replacement, token)
    return token[:_LENGTH]


@lru_cache(maxsize=131_072)
def core_phonetic_code(token: str) -> str:
    """The phonetic code of the token without its particles. Blocking keys are made of it."""
    return phonetic_code(without_particle(token))
