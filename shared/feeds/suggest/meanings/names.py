"""How names stand in their columns: the order of a whole name, and the separators of aliases."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from shared.feeds.profiles.model import NameOrder
from shared.feeds.suggest.columns.vocabulary import GIVEN_NAMES

_LOOKED_AT = 2_000  # distinct names
_STRAY = 0.03  # share of the names without a comma that are no names, such as a total
_ALIAS_SEPARATORS = ";|/,"
_DEFAULT_SEPARATORS = ";|"


def name_order(values: Mapping[str, int]) -> NameOrder | None:
    """The order of the names without a comma. None where all have one, but for a few.

    An initial in the middle stands behind the given name, one at the end behind a given name that follows the surname.
    Given names are fewer than surnames. Surnames may be in capitals. Common given names stand where given names stand.
    """
    texts = [*islice(values, _LOOKED_AT)]
    split = [words for text in texts if "," not in text and len(words := text.split()) > 1]
    if len(split) <= len(texts) * _STRAY:
        return None
    votes = [_by_initials(split), _by_capitals(split), _by_given_names(split), _by_repetition(split)]
    return NameOrder.SURNAME_FIRST if sum(votes) < 0 else NameOrder.GIVEN_FIRST


def _by_initials(names: Sequence[Sequence[str]]) -> float:
    """Each vote is from -1 (the surname stands first) to 1 (the given name)."""
    longer = [words for words in names if len(words) > 2]
    return 2 * _balance(
        sum(len(words[1].strip(".")) == 1 for words in longer), sum(len(words[-1].strip(".")) == 1 for words in longer)
    )


def _by_capitals(names: Sequence[Sequence[str]]) -> float:
    mixed = [words for words in names if not all(map(str.isupper, words)) and any(word.isupper() for word in words)]
    return 3 * _balance(
        sum(words[-1].isupper() and len(words[-1]) > 2 for words in mixed),
        sum(words[0].isupper() and len(words[0]) > 2 for words in mixed),
    )


def _by_given_names(names: Sequence[Sequence[str]]) -> float:
    first = sum(words[0].upper() in GIVEN_NAMES for words in names)
    later = sum(any(word.upper() in GIVEN_NAMES for word in words[1:3]) for words in names)
    return 2 * _balance(first, later) if first + later > len(names) * 0.1 else 0.0


def _by_repetition(names: Sequence[Sequence[str]]) -> float:
    first, last, second = ({words[place].upper() for words in names} for place in (0, -1, 1))
    return _balance(len(last), len(first)) + _balance(len(second), len(first)) / 2


def _balance(for_given: int, for_surname: int) -> float:
    return (for_given - for_surname) / max(1, for_given + for_surname)


def alias_separators(values: Mapping[str, int]) -> str:
    """The separators that stand in the cells, where the usual ones do not; a comma may part surname and given name."""
    texts = [*islice(values, _LOOKED_AT)]
    if any(sign in text for text in texts for sign in _DEFAULT_SEPARATORS):
        return ""
    parted = {sign for sign in _ALIAS_SEPARATORS if sum(sign in text for text in texts) > len(texts) * 0.04}
    if "/" in parted:
        return "/"
    many = sum(text.count(",") > 1 for text in texts)
    return "," if "," in parted and many > len(texts) * 0.1 and not _have_pairs(texts) else ""


def _have_pairs(texts: Iterable[str]) -> bool:
    """Whether the commas stand between surname and given name: then a cell with one alias has one comma."""
    words = [part.split() for text in texts if text.count(",") == 1 for part in text.split(",")]
    return bool(words) and sum(len(word) == 1 for word in words) > len(words) * 0.7
