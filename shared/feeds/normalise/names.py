"""Names as agencies write them: parts in columns, or a whole name in one cell."""

import re
from collections.abc import Iterable
from functools import lru_cache

from shared.arrests.person import NOBODY, PersonName, normal_name
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.record import NameText

_SUFFIXES = frozenset("JR SR II III IV V".split())
_ALIAS_SEPARATORS = re.compile(r"[;|]")
_new_name = unchecked_constructor(PersonName)


def parse_names(texts: Iterable[NameText], aliases: str) -> tuple[PersonName, ...]:
    """Returns the name of record, then the aliases, each once. Words for nobody, such as `UNKNOWN`, are no name."""
    if aliases:
        texts = [*texts, *(NameText(name=alias) for alias in _ALIAS_SEPARATORS.split(aliases))]
    names: dict[tuple[str, str], PersonName] = {}
    for text in texts:
        surname, given, middle, suffix, whole = map(_with_single_spaces, text)
        if whole and not (surname or given):
            surname, given, middle, suffix = _split_whole_name(whole)
        key = normal_name(surname), normal_name(given)
        if not NOBODY.issuperset(key) and key not in names:
            names[key] = _new_name({"surname": surname, "given": given, "middle": middle, "suffix": suffix})
    return tuple(names.values())


@lru_cache(65_536)
def _with_single_spaces(text: str) -> str:
    return " ".join(text.split())


def _split_whole_name(whole: str) -> tuple[str, str, str, str]:
    """Returns surname, given, middle, suffix of `SURNAME JR, GIVEN MIDDLE` or `GIVEN MIDDLE SURNAME JR`."""
    before, comma, after = whole.partition(",")
    words = [word.strip(",") for word in (after if comma else before).split()]
    surname = before.split() if comma else []
    suffix = next((word for word in (*surname[1:], *words[1:]) if _is_suffix(word)), "")
    surname, words = ([word for word in part if word != suffix] for part in (surname, words))
    if not comma:
        words, surname = words[:-1], words[-1:]
    return " ".join(surname), " ".join(words[:1]), " ".join(words[1:]), suffix


def _is_suffix(word: str) -> bool:
    return word.upper().rstrip(".") in _SUFFIXES
