"""Statute codes: found in a cell, taken apart, and compared part by part.

A code is a body of law and its parts from the section down: `PL 120.05 01`, `PL 1200501` and `N.Y. Penal Law 120.05(1)`
are the Penal Law's 120, 05, 1. Parts and not letters are compared, because `187 PC` and `1870 PC` are two laws. A cell
may hold several codes, and words, classes and counts beside them; an attempt (New York's article 110) is a code of the
offence that was attempted.

Sources: New York Penal Law and Vehicle and Traffic Law, sections as published; NYPD's ten-character law codes (NYC Open
Data, NYPD Arrest Data); California DOJ, code tables of charges.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.numbers import normal_code

NEW_YORK, CALIFORNIA = "NY", "CA"
_LONGEST = 200  # characters; cells of a feed may hold a megabyte
_MOST = 20  # codes of a cell


class StatuteCode(NamedTuple):
    """`law` is "" where the text names none. `parts` begin with the section or its article: the more, the narrower."""

    law: str
    parts: tuple[str, ...]
    attempted: bool = False

    @property
    def text(self) -> str:
        """The form in which codes are compared and indexed."""
        return " ".join((self.law, *self.parts)).strip()

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The texts of the code and of everything above it, down from its first part."""
        return tuple(self._replace(parts=self.parts[:length]).text for length in range(1, len(self.parts) + 1))


@lru_cache(maxsize=65_536)
def watched_codes(statute: str, jurisdiction: str | None) -> tuple[StatuteCode, ...]:
    """The codes that somebody watches: as the jurisdiction writes them or, if it does not read them, as written.

    Without a jurisdiction a code is read only where it cannot be another state's, and the whole text counts as well.
    Empty when there is no code.
    """
    read, written = _read(statute, jurisdiction), tuple(_as_written(statute))
    if read and jurisdiction:
        return read
    return tuple(dict.fromkeys((*read, *written[:1]))) if read else written


@lru_cache(maxsize=65_536)
def reported_codes(cell: str, state: str | None) -> tuple[StatuteCode, ...]:
    """The codes of a charge as an agency reports it: every way in which somebody may watch them.

    A code that its state does not read is found with the name of its law and without it.
    """
    read, written = _read(cell, state), tuple(_as_written(cell))
    without_law = () if read and state else tuple(code._replace(law="") for code in written)
    return tuple(dict.fromkeys((*read, *written, *without_law)))


def is_read(statute: str, jurisdiction: str | None) -> bool:
    """Whether the notation of this jurisdiction is known and a code in the text is written in it."""
    return jurisdiction in _READERS and bool(_read(statute, jurisdiction))


def _read(statute: str, jurisdiction: str | None) -> tuple[StatuteCode, ...]:
    if len(statute) > _LONGEST:
        return ()
    text = " ".join(statute.upper().split())
    codes = [
        code
        for state, read in _READERS.items()
        if jurisdiction in (None, state)
        for code in read(text, state == jurisdiction)
    ]
    return tuple(dict.fromkeys(codes))[:_MOST]


# --- New York: a body of law, an article of up to three digits and a section of two, or a section alone; a subdivision.

_NY_LAWS = {
    "PL": "PL", "P.L.": "PL", "PENAL LAW": "PL", "PENAL": "PL", "VTL": "VTL", "V.T.L.": "VTL", "V&T": "VTL",
    "VEHICLE AND TRAFFIC LAW": "VTL", "VEHICLE & TRAFFIC LAW": "VTL", "PHL": "PHL", "PUBLIC HEALTH LAW": "PHL",
    "CPL": "CPL", "CPLR": "CPLR", "ABC": "ABC", "COR": "COR", "TAX": "TAX", "GBL": "GBL", "EDN": "EDN", "AGM": "AGM",
    "ADM": "AC", "AC": "AC", "ADMIN CODE": "AC", "ADMINISTRATIVE CODE": "AC", "FCA": "FCA", "RPL": "RPL", "SOC": "SOC",
    "ENV": "ENV",
}  # fmt: skip
_DOTTED = frozenset({"PL", "CPL"})  # their sections are numbered by article: 120.05


def _alternatives(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_CLASS = r"(?:[A-EU]?[FMVI]|VIO)"  # a class of crime beside a code, such as EF, is no subdivision
_SUBDIVISION = rf"""
    \s*\(\s*(?!{_CLASS}\s*\))(?P<paren>[0-9A-Z]{{1,4}})\s*\)
  | [.-](?P<joined>\d{{1,2}}[A-Z]{{0,2}})(?![0-9A-Z.])
  | \s+(?:SUB(?:DIVISION|D)?\.?\s*)?(?P<spaced>\d{{1,2}}[A-Z]{{0,2}})(?![0-9A-Z.:/-]|\s*(?:CTS?|COUNTS?)\b)
"""
_NY = re.compile(
    rf"""
    (?P<attempt>\b(?:ATT(?:EMPT(?:ED)?)?\b[.\s]*(?:TO\s+COMMIT\s+)?))?
    (?:(?<![A-Z])(?P<law>{_alternatives(_NY_LAWS)})[\s.,§-]*(?:(?:SECTION|SEC)\b[\s.]*)?)?
    (?P<article110>(?<![\d.])110(?:\.00)?\s*[/-]\s*)?
    (?:(?<![\d.])(?P<article>\d{{1,3}})\.(?P<section>\d{{2}})(?!\d)(?:-?(?P<letter>[A-Z])(?![A-Z]))?
      |(?P<compact>\d{{4,5}}[0-9A-Z]{{0,5}})(?![0-9A-Z.-])
      |(?P<plain>\d{{1,4}}(?:-\d{{3}})?)(?!\d)(?:-?(?P<plain_letter>[A-Z])(?![0-9A-Z]))?
    )
    """,
    re.VERBOSE,
)
_SUBDIVISIONS = re.compile(_SUBDIVISION, re.VERBOSE)
_RUNS = re.compile(r"\d+|[A-Z]+")


def _new_york(text: str, is_its_state: bool) -> Iterator[StatuteCode]:
    """Outside New York, or where nobody knows the state, the first code must name its body of law."""
    law, position, attempted = "PL" if is_its_state else "", 0, False
    while match := _NY.search(text, position):
        position = match.end()
        named = _NY_LAWS.get(match["law"] or "", "")
        law, attempted = named or law, bool(match["attempt"] or match["article110"] or attempted)
        parts = _new_york_parts(match, law, named)
        if not law or not parts:
            continue
        subdivisions, position = _subdivisions(text, position)
        if parts == ("110", "00"):  # an attempt; what was attempted stands behind it
            attempted = True
            continue
        yield StatuteCode(law, (*parts, *subdivisions), attempted)
        attempted = False


def _new_york_parts(match: re.Match[str], law: str, named: str) -> tuple[str, ...]:
    """A number without a point is a code only behind the name of a law."""
    if match["article"]:
        letter = f"-{match['letter']}" if match["letter"] else ""
        return (str(int(match["article"])), f"{match['section']}{letter}")
    if not named:
        return ()
    if match["compact"]:
        return _compact_parts(match["compact"], law)
    if law in _DOTTED:  # an article alone; `220.0` is a section that nobody finished
        is_article = len(match["plain"]) <= 3 and not match.string.startswith(".", match.end())
        return (str(int(match["plain"])),) if is_article else ()
    letter = f"-{match['plain_letter']}" if match["plain_letter"] else ""
    return (*(str(int(number)) for number in match["plain"].split("-")[:-1]), f"{_last_number(match['plain'])}{letter}")


def _last_number(plain: str) -> str:
    return str(int(plain.rpartition("-")[2]))


def _compact_parts(compact: str, law: str) -> tuple[str, ...]:
    """NYPD's law codes: `PL 1200501` is 120.05(1), `VTL0511001` is section 511, subdivision 1."""
    if law in _DOTTED:
        if len(compact) < 5 or not compact[:5].isdigit():
            return ()
        return (str(int(compact[:3])), compact[3:5], *_runs(compact[5:]))
    if law == "AC":
        title, section, rest = compact[:-4], compact[-4:-1], compact[-1:]
        return (str(int(title)), section, *_runs(rest)) if title.isdigit() and section.isdigit() else ()
    section, rest = compact[:4], compact[4:]
    if re.fullmatch(r"[A-Z]\d\d", rest):
        return (f"{int(section)}-{rest[0]}", *_runs(rest[1:]))
    return (str(int(section)), *_runs(rest))


def _subdivisions(text: str, position: int) -> tuple[tuple[str, ...], int]:
    """Returns the subdivisions that follow a section, and where they end."""
    parts: tuple[str, ...] = ()
    while match := _SUBDIVISIONS.match(text, position):
        position = match.end()
        parts += _runs(match["paren"] or match["joined"] or match["spaced"])
    return parts, position


def _runs(text: str) -> tuple[str, ...]:
    """`02U` is 2, U; noughts alone say nothing."""
    return tuple(run for run in (run.lstrip("0") if run.isdigit() else run for run in _RUNS.findall(text)) if run)


# --- California: a section, which may have a fraction, its subdivisions, and the code before or behind.

_CA_LAWS = {
    "PC": "PC", "PEN": "PC", "P.C.": "PC", "VC": "VC", "VEH": "VC", "HS": "HS", "H&S": "HS", "HSC": "HS", "BP": "BP",
    "B&P": "BP", "BPC": "BP", "WI": "WI", "W&I": "WI", "WIC": "WI", "FA": "FA", "FG": "FG", "GC": "GC", "HN": "HN",
}  # fmt: skip
_CA_NUMBER = (
    r"(?P<section>\d+(?:\.\d+)?(?:-?[A-Z](?![0-9A-Z.]))?)"
    r"(?P<subs>(?:\s?\(\s*[0-9A-Z]{1,4}\s*\)|\s[0-9A-Z](?![0-9A-Z&.]))*)"
)
_CA_AFTER = re.compile(rf"(?<![0-9A-Z.]){_CA_NUMBER}\s*(?P<law>{_alternatives(_CA_LAWS)})(?![A-Z])")
_CA_BEFORE = re.compile(rf"(?<![0-9A-Z])(?P<law>{_alternatives(_CA_LAWS)})[\s.,§-]*{_CA_NUMBER}(?![0-9])")


def _california(text: str, is_its_state: bool) -> Iterator[StatuteCode]:
    """Outside California, or where nobody knows the state, the body of law must stand behind the section."""
    matches = [*_CA_AFTER.finditer(text)] or ([*_CA_BEFORE.finditer(text)] if is_its_state else [])
    for match in matches:
        yield StatuteCode(_CA_LAWS[match["law"]], (match["section"].replace("-", ""), *_runs(match["subs"])))


_READERS = {NEW_YORK: _new_york, CALIFORNIA: _california}
STATES_READ = frozenset(_READERS)
"""The states whose notation is known."""


# --- Every other notation: the first number of the text with what is joined to it, behind the letters that name a law.

_WRITTEN = re.compile(
    r"(?<![A-Z&.])(?P<law>(?:[A-Z&][A-Z&.]*\s){0,2}(?:[A-Z&][A-Z&.]*)?)[\s.,§:-]*"
    r"(?P<number>\d[0-9A-Z.]*(?:[-/:]\s?[0-9A-Z.]+|\s?\([0-9A-Z]+\))*)"
)
_SEPARATORS = re.compile(r"[-/:()\s]+")


def _as_written(statute: str) -> Iterator[StatuteCode]:
    """Yields the text as one word, and the code that is taken apart at its separators."""
    plain = normal_code(statute)
    if plain:
        yield StatuteCode("", (plain,))
    if len(statute) > _LONGEST:
        return
    text = re.sub(r"\bILCS\b", "-", statute.upper())
    text = re.sub(r"\s*-\s*(?=\d)", "-", " ".join(text.split()))
    if match := _WRITTEN.search(text):
        yield StatuteCode(normal_code(match["law"]), _parts_of(match["number"]))


def _parts_of(number: str) -> tuple[str, ...]:
    """A chapter and its section stand on two sides of a point: `893.13` is 893, .13. Six digits and more without a
    separator are pairs, as in the FBI's uniform offence codes: `130119` is 13, 01, 19."""
    first, *others = (part.strip(".") for part in _SEPARATORS.split(number) if part.strip("."))
    if not others and first.isdigit() and len(first) >= 4 and len(first) % 2 == 0:
        return tuple(first[start : start + 2] for start in range(0, len(first), 2))
    chapter, point, section = first.partition(".")
    return (chapter, *([f".{section}"] if point else []), *others)
