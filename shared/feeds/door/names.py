"""Names as agencies write them: parts in columns, or a whole name in one cell."""

import re
from collections.abc import Iterable, Iterator

from shared.domain.identity import PersonName, normal_name
from shared.feeds.contract import NameText

_SUFFIXES = frozenset("JR SR II III IV V".split())
_NOBODY = frozenset("UNKNOWN UNK UNKN NA NONE NULL NOTAVAILABLE NONAME UNNAMED UNIDENTIFIED".split())
_BETWEEN_ALIASES = re.compile(r"[;|]")


def names_from(names: Iterable[NameText], aliases: str) -> tuple[PersonName, ...]:
    """The name of record first, then the aliases, each once; nobody is named `UNKNOWN` or `N/A`."""
    texts = [*names, *(NameText(name=alias) for alias in _BETWEEN_ALIASES.split(aliases))]
    found = {name.key: name for name in reversed([*_named(texts)])}
    return tuple(reversed(found.values()))


def _named(texts: Iterable[NameText]) -> Iterator[PersonName]:
    for text in texts:
        surname, given, middle, suffix, whole = (" ".join(part.split()) for part in text)
        if not (surname or given) and whole:
            surname, given, middle, suffix = _parts(whole)
        words = [word for word in (normal_name(surname), normal_name(given)) if word]
        if words and not _NOBODY.issuperset(words):
            yield PersonName(surname=surname, given=given, middle=middle, suffix=suffix)


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
