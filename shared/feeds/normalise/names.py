"""Names as agencies write them: parts in columns, or a whole name in one cell."""

import re
from collections.abc import Iterable
from functools import lru_cache

from shared.arrests.person import PersonName, normal_name
from shared.feeds.normalise.fast_construct import unchecked_constructor
from shared.feeds.record import NameText

_SUFFIXES = frozenset("JR SR II III IV V".split())
_NOBODY = frozenset(["", *"UNKNOWN UNK UNKN NA NONE NULL NOTAVAILABLE NONAME UNNAMED UNIDENTIFIED".split()])
_BETWEEN_ALIASES = re.compile(r"[;|]")
_made = unchecked_constructor(PersonName)


def names_from(names: Iterable[NameText], aliases: str) -> tuple[PersonName, ...]:
    """The name of record first, then the aliases, each once. Nobody is named `UNKNOWN`."""
    texts = [*names, *(NameText(name=alias) for alias in _BETWEEN_ALIASES.split(aliases))] if aliases else names
    person_names: dict[tuple[str, str], PersonName] = {}
    for text in texts:
        surname, given, middle, suffix, whole = map(_spaced, text)
        if whole and not (surname or given):
            surname, given, middle, suffix = _parts(whole)
        key = normal_name(surname), normal_name(given)
        if not _NOBODY.issuperset(key) and key not in person_names:
            person_names[key] = _made({"surname": surname, "given": given, "middle": middle, "suffix": suffix})
    return tuple(person_names.values())


@lru_cache(65_536)
def _spaced(text: str) -> str:
    return " ".join(text.split())


def _parts(whole: str) -> tuple[str, str, str, str]:
    """`SURNAME JR, GIVEN MIDDLE` or `GIVEN MIDDLE SURNAME JR`."""
    before, comma, after = whole.partition(",")
    words = [word.strip(",") for word in (after if comma else before).split()]
    last = before.split() if comma else []
    suffix = next((word for word in (*last[1:], *words[1:]) if _is_suffix(word)), "")
    last, words = ([word for word in part if word != suffix] for part in (last, words))
    if not comma:
        words, last = words[:-1], words[-1:]
    return " ".join(last), " ".join(words[:1]), " ".join(words[1:]), suffix


def _is_suffix(word: str) -> bool:
    return word.upper().rstrip(".") in _SUFFIXES
