"""A whole name in one cell: the order of its parts, suffixes, aliases, and what rosters write beside a name."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.placeholders import is_no_name_part, is_placeholder
from shared.feeds.normalise.cell_lists import list_items
from shared.feeds.normalise.plain_text import plain_line
from shared.feeds.profiles.model import NameOrder


class NameParts(NamedTuple):
    surname: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""


_SUFFIXES = frozenset("JR SR II III IV 2ND 3RD".split())
_RARE_SUFFIXES = _SUFFIXES | {"V"}  # a letter behind a given name is an initial rather than the fifth
_TITLES = frozenset("MR MRS MS MISS DR HON".split())
_DEGREES = frozenset("MD PHD ESQ DDS".split())
_PARTICLES = frozenset(
    "VAN VON DER DEN DE DEL DELA DELLA DI DA DOS DU LA LE EL AL BIN IBN BEN ST SAINT SAN TER".split()
)
_ALIAS = r"(?:A\s?[./]?\s?K\s?[./]?\s?A\b\.?|ALIAS(?:ES)?\b)"
_MAIDEN = r"(?:N[EÉ]E\b|F\s?[./]?\s?K\s?[./]?\s?A\b\.?|MAIDEN(?: NAME)?\b)"
_KNOWN_AS = re.compile(rf"\s(?P<kind>{_ALIAS}|{_MAIDEN})[\s:.]*(?P<rest>.+)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_STARS = re.compile(r"\*+[^*]*\*+|\*")
_HOLD = re.compile(
    r"[\s/-]{0,4}\b(?:(?:FEDERAL|FED|U\.?S\.? MARSHALS?|USMS|ICE|IMMIGRATION|PAROLE|PROBATION|COUNTY|STATE|COURT|OTHER"
    r" AGENCY)\s+)+(?:HOLD|DETAINER)S?\b|[\s/-]{0,4}\bNO (?:BOND|BAIL)\b|[\s/-]{0,4}\bDO NOT RELEASE\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(?:(?<=\s)|^)[\"“”'‘]([^\"“”'’]+)[\"“”'’](?=\s|,|$)")
_OPENED_BY = re.compile(rf"\s*(?P<kind>{_ALIAS}|{_MAIDEN})[\s:.]*(?P<rest>.+)", re.IGNORECASE)
_ALIAS_WORD = re.compile(rf"\b{_ALIAS}[\s:.]*", re.IGNORECASE)
_IS_MAIDEN = re.compile(_MAIDEN, re.IGNORECASE)
_BETWEEN_ALIASES = re.compile(r"\s*[;|]\s*|\s+/\s*|/\s+")


@lru_cache(65_536)
def read_whole_name(cell: str, order: NameOrder = NameOrder.GIVEN_FIRST) -> tuple[NameParts, ...]:
    """Returns the name, then its aliases. Holds, warnings and titles stay out; a part that says "none" is blank.

    An alias of one word is a nickname with the surname of record, or a maiden name with its given name.
    """
    text = plain_line(cell)
    if is_placeholder(text):
        return (NameParts(),)
    if (names := list_items(text)) != [text]:
        return tuple(dict.fromkeys(parts for name in names for parts in read_whole_name(name, order)))
    known_as: list[tuple[str, str]] = []
    for pattern, opened in ((_BRACKETS, True), (_QUOTED, False)):
        known_as += _taken_out(pattern, text, opened=opened)
        text = pattern.sub(" ", text)
    text = _HOLD.sub(" ", _STARS.sub(" ", text))
    if match := _KNOWN_AS.search(text):
        known_as.append((match["kind"], match["rest"]))
        text = text[: match.start()]
    name = _parts(text, order)
    aliases = [alias for kind, written in known_as for alias in _aliases(kind, written, name)]
    return tuple(dict.fromkeys((name, *aliases)))


def split_aliases(cell: str, separators: str) -> list[str]:
    """Splits the cell of an alias column. `AKA:` in front of a name is no part of it."""
    text = plain_line(cell)
    if (names := list_items(text)) != [text]:
        return names
    text = _ALIAS_WORD.sub(separators[0], text)
    return [part.strip() for part in _any_of(separators).split(text) if part.strip()]


@lru_cache
def _any_of(separators: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(separators)}]")


@lru_cache(65_536)
def clean_part(cell: str) -> str:
    """A surname, given or middle name from a column of its own: without remarks and words that say there is none."""
    text = plain_line(cell)
    text = " ".join(_STARS.sub(" ", _BRACKETS.sub(" ", text)).split())
    return "" if is_no_name_part(text) else text


def _taken_out(pattern: re.Pattern[str], text: str, *, opened: bool) -> Iterator[tuple[str, str]]:
    """Yields (kind, text) of what stands in brackets behind a word such as AKA, or in quotation marks. Anything else in
    brackets is a remark."""
    for match in pattern.finditer(text):
        if not opened:
            yield "AKA", match[1]
        elif says := _OPENED_BY.fullmatch(match[1]):
            yield says["kind"], says["rest"]


def _aliases(kind: str, written: str, name: NameParts) -> Iterator[NameParts]:
    for alias in _BETWEEN_ALIASES.split(written):
        parts = _parts(alias, NameOrder.GIVEN_FIRST)
        if parts.given or not parts.surname:
            if parts.surname:
                yield parts
        elif _IS_MAIDEN.match(kind):
            yield name._replace(surname=parts.surname)
        else:
            yield NameParts(surname=name.surname, given=parts.surname)


def _parts(text: str, order: NameOrder) -> NameParts:
    segments = [" ".join(segment.split()) for segment in re.split("[,;]", text)]
    segments = [segment for segment in segments if segment]
    if not segments:
        return NameParts()
    # `WALKER, JR., JAMES` and `JOHN SMITHSON, JR.`, but `FERNDALE, JUNIOR` and `MARSH, V` are given names
    suffixes = [segment for segment in segments[1:] if _bare(segment) in _SUFFIXES]
    others = [segment for segment in segments[1:] if segment not in suffixes]
    if others:
        surname, suffix = _without_suffix(segments[0].split(), _RARE_SUFFIXES)
        given, behind = _without_suffix(_given_words(" ".join(others)), _SUFFIXES)
        return _named(surname, given, suffix or behind or _bare(*suffixes[:1]))
    words, suffix = _without_suffix(_given_words(segments[0]), _RARE_SUFFIXES)
    return _without_comma(words, suffix or _bare(*suffixes[:1]), order)


def _without_comma(words: list[str], suffix: str, order: NameOrder) -> NameParts:
    if len(words) < 2:
        return _named(words, [], suffix)
    if order is NameOrder.SURNAME_FIRST:
        last = next((index for index, word in enumerate(words) if _bare(word) not in _PARTICLES), 0)
        return _named(words[: last + 1], words[last + 1 :], suffix)
    first = next(
        (index for index, word in enumerate(words[:-1]) if index and _bare(word) in _PARTICLES), len(words) - 1
    )
    return _named(words[first:], words[:first], suffix)


def _named(surname: list[str], given: list[str], suffix: str) -> NameParts:
    surname, given = ([word for word in words if not is_no_name_part(word)] for words in (surname, given))
    return NameParts(" ".join(surname), " ".join(given[:1]), " ".join(given[1:]), suffix)


def _given_words(text: str) -> list[str]:
    """Without a title in front and a degree behind, unless nothing else is there."""
    words = text.split()
    if len(words) > 1 and _bare(words[0]) in _TITLES:
        words = words[1:]
    return words[:-1] if len(words) > 1 and _bare(words[-1]) in _DEGREES else words


def _without_suffix(words: list[str], suffixes: frozenset[str]) -> tuple[list[str], str]:
    """A single word is a name, whatever it looks like."""
    if len(words) > 1 and _bare(words[-1]) in suffixes:
        return words[:-1], _bare(words[-1])
    return words, ""


def _bare(word: str = "") -> str:
    return word.upper().strip(".")
