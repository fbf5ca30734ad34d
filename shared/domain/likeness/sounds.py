"""How a name sounds: a code of its consonants, the same for most spellings of one name in the United States."""

import re
from functools import lru_cache

# In this order. Made for names as police write them down by ear; English first, with the Spanish, German and Slavic
# spellings that are common here.
_RULES = [
    (r"^(?:KN|GN|PN)", "N"), (r"^WR", "R"), (r"^PS", "S"), (r"^X", "S"), (r"^(?:MC|MAC)(?=[^AEIOU])", "MK"),
    (r"SCH", "S"), (r"TCH", "S"), (r"(?:SH|CH|CZ|SZ|TS)", "S"), (r"PH", "F"), (r"GHT", "T"), (r"GH", ""),
    (r"DG(?=[EIY])", "J"), (r"TH", "T"), (r"CK", "K"), (r"C(?=[EIY])", "S"), (r"[CQ]", "K"), (r"X", "KS"), (r"Z", "S"),
    (r"V", "F"), (r"LL(?=[AO])", "L"), (r"G(?=[EI])", "J"), (r"MB$", "M"), (r"MPS", "MS"), (r"D(?=T)", ""),
    (r"^[AEIOUY]+", "A"), (r"^H(?=[AEIOU])", "A"), (r"(?<!^)[AEIOUYHW]+", ""), (r"(.)\1+", r"\1"),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), by) for pattern, by in _RULES]
_LONGEST = 5


@lru_cache(maxsize=131_072)
def sound(word: str) -> str:
    """At most five letters, so that a slip late in a long name changes nothing."""
    for pattern, by in _COMPILED:
        word = pattern.sub(by, word)
    return word[:_LONGEST]
