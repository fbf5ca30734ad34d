"""Unknown codes: agency words that no code map explains, and how far a receipt may repeat them.

A wrongly mapped column brings names and numbers instead of codes. What does not look like a code is therefore counted
and not repeated.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

MOST_WORDS = 25  # of one kind; an agency has few codes
_LONGEST_CODE = 24  # characters
_ALWAYS_A_CODE = 4  # characters, or fewer
_OFTEN = 5  # times that a longer word must occur
_MOST_DIGITS = 4
OTHERS = "(other words, which are too long or too rare to be codes)"
TOO_MANY = "(more words than codes have: is the right column mapped?)"


def repeatable_codes(unknown: Counter[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """Maps each kind to its words and how often each occurred. `unknown` counts (kind, word)."""
    kinds: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (kind, word), count in sorted(unknown.items()):
        kinds[kind][word] = count
    return {kind: _redact(words) for kind, words in kinds.items()}


def _redact(words: dict[str, int]) -> dict[str, int]:
    if len(words) > MOST_WORDS:
        return {TOO_MANY: sum(words.values())}
    codes = {word: count for word, count in words.items() if _is_code(word, count)}
    rest = sum(words.values()) - sum(codes.values())
    return codes | ({OTHERS: rest} if rest else {})


def _is_code(word: str, count: int) -> bool:
    """Very short, or short with a digit (`class 6`), or frequent. Never a long number."""
    digits = sum(character.isdigit() for character in word)
    if digits > _MOST_DIGITS or len(word) > _LONGEST_CODE:
        return False
    return len(word) <= _ALWAYS_A_CODE or digits > 0 or count >= _OFTEN
