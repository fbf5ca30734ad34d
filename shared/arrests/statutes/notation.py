"""Statute codes, normalised to one notation: New York's, California's, and all others as capitals and digits.

New York: a body of law, an article of up to three digits, a section of two, a subdivision. `PL 120.05 01`, `PL 1200501`
and `120.05(1)` are PL1200501. California: `187(A) PC`, `PC 187(a)` and `PEN 187 A` are PC187A.
"""

import re
from functools import lru_cache

from shared.arrests.person import normal_code

NEW_YORK, CALIFORNIA = "NY", "CA"
_NY_LAWS = {
    "PL": "PL", "P.L.": "PL", "PENAL LAW": "PL", "PENAL": "PL", "VTL": "VTL", "VEHICLE AND TRAFFIC LAW": "VTL",
    "PHL": "PHL", "CPL": "CPL", "CPLR": "CPLR", "ABC": "ABC", "COR": "COR", "TAX": "TAX", "GBL": "GBL", "EDN": "EDN",
    "AGM": "AGM", "ADM": "AC", "AC": "AC", "FCA": "FCA", "RPL": "RPL", "SOC": "SOC", "ENV": "ENV",
}  # fmt: skip
_CA_LAWS = {
    "PC": "PC", "PEN": "PC", "P.C.": "PC", "VC": "VC", "VEH": "VC", "HS": "HS", "H&S": "HS", "HSC": "HS", "BP": "BP",
    "B&P": "BP", "BPC": "BP", "WI": "WI", "W&I": "WI", "WIC": "WI", "FA": "FA", "FG": "FG", "GC": "GC", "HN": "HN",
}  # fmt: skip


_LONGEST = 80  # characters; longer texts are in no state's notation, and cells of a feed may hold a megabyte


def _law(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_NY = re.compile(
    rf"(?:NYS?\s+)?(?:(?P<law>{_law(_NY_LAWS)})[\s.,§-]*)?(?P<article>\d{{1,3}})\.(?P<section>\d{{2}})"
    r"(?P<letter>[A-Z])?[\s(.,-]*(?:SUB(?:DIVISION|D)?\.?\s*)?\(?0*(?P<sub>\d{1,2})?\)?[\s(.-]*(?P<rest>[A-Z]{0,2})\)?"
)
_CA_AFTER = re.compile(rf"(?P<section>\d+(?:\.\d+)?)(?P<subs>[0-9A-Z()\s]*?)(?P<law>{_law(_CA_LAWS)})")
_CA_BEFORE = re.compile(
    rf"(?P<law>{_law(_CA_LAWS)})[\s.,§-]*(?P<section>\d+(?:\.\d+)?)(?P<subs>[0-9A-Z()\s]*)(?:/[FMI])?"
)


@lru_cache(maxsize=65_536)
def codes(statute: str, jurisdiction: str | None) -> tuple[str, ...]:
    """Every notation of this code by which it may be compared: as it is written, and as its state writes it.

    Without a jurisdiction, a code is rewritten only where it cannot be another state's. Empty when there is no code.
    """
    plain = normal_code(statute)
    if len(statute) > _LONGEST:
        return (plain,) if plain else ()
    notations = [plain] if plain else []
    text = " ".join(statute.upper().split())
    for state, read in _READERS.items():
        if jurisdiction in (None, state):
            code = read(text, state == jurisdiction)
            if code and code not in notations:
                notations.append(code)
    return tuple(notations)


def is_read(statute: str, jurisdiction: str | None) -> bool:
    """Whether the notation of this jurisdiction is known and the statute is written in it."""
    read = _READERS.get(jurisdiction or "")
    return read is not None and len(statute) <= _LONGEST and read(" ".join(statute.upper().split()), True) is not None


def _new_york(text: str, is_its_state: bool) -> str | None:
    """Outside New York, or where nobody knows the state, the code must name its body of law."""
    compact = re.fullmatch(r"(PL|VTL|PHL|CPL|ABC|COR|TAX|GBL|AC|ADM)\s*(\d{7}|\d{5}[0-9A-Z]{0,2})", text)
    if compact:
        return f"{_NY_LAWS[compact[1]]}{compact[2]}"
    code = _NY.fullmatch(text)
    if not code or not (is_its_state or code["law"]):
        return None
    law = _NY_LAWS[code["law"]] if code["law"] else "PL"
    subdivision = code["sub"].zfill(2) if code["sub"] else ""
    return f"{law}{int(code['article'])}{code['section']}{code['letter'] or ''}{subdivision}{code['rest'] or ''}"


def _california(text: str, is_its_state: bool) -> str | None:
    """Outside California, or where nobody knows the state, the body of law must stand behind the section."""
    code = _CA_AFTER.fullmatch(text) or (_CA_BEFORE.fullmatch(text) if is_its_state else None)
    if not code:
        return None
    return f"{_CA_LAWS[code['law']]}{code['section'].replace('.', '')}{normal_code(code['subs'])}"


_READERS = {NEW_YORK: _new_york, CALIFORNIA: _california}
