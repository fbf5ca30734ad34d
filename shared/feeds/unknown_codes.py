"""Words that no code map knows, as far as a receipt may repeat them: a column that is mapped wrongly brings names."""

from collections import Counter, defaultdict
from collections.abc import Mapping

MOST_WORDS = 25  # of one kind; codes are few
_LONGEST, _SHORT, _OFTEN, _MOST_DIGITS = 24, 4, 5, 4
OTHERS = "(other words, which are too long or too rare to be codes)"
TOO_MANY = "(more words than codes have: is the right column mapped?)"


def repeatable_codes(unknown: Counter[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """How often each word was met, by kind. What does not look like a code is counted, not repeated."""
    kinds: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (kind, word), count in sorted(unknown.items()):
        kinds[kind][word] = count
    return {kind: _told(words) for kind, words in kinds.items()}


def _told(words: dict[str, int]) -> dict[str, int]:
    if len(words) > MOST_WORDS:
        return {TOO_MANY: sum(words.values())}
    told = {word: count for word, count in words.items() if _is_code(word, count)}
    rest = sum(words.values()) - sum(told.values())
    return told | ({OTHERS: rest} if rest else {})


def _is_code(word: str, count: int) -> bool:
    """Very short, or short with a figure (`class 6`), or met again and again; never a long number."""
    if sum(sign.isdigit() for sign in word) > _MOST_DIGITS or len(word) > _LONGEST:
        return False
    return len(word) <= _SHORT or any(sign.isdigit() for sign in word) or count >= _OFTEN
