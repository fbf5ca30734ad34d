"""Reads `promises.md`, which says what promise an id in a test's name stands for."""

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("promises.md")
_ROW = re.compile(r"^\| ([a-z]{0,2}[0-9]+) \| (.+) \|$", re.MULTILINE)
_IDS = re.compile(r"^test_((?:(?!28_cfr_)[a-z]{0,2}[0-9]+_)+)")  # title 28 of the federal rules is no promise


@cache
def sentences() -> dict[str, str]:
    """Maps each id to its sentence. Raises ValueError when an id stands twice."""
    rows = _ROW.findall(FILE.read_text(encoding="utf-8"))
    promises = dict(rows)
    if len(promises) < len(rows):
        raise ValueError(f"{FILE.name}: an id stands twice")
    return promises


def ids_of(test: str) -> list[str]:
    """Returns the ids with which the name of a test begins: `test_s13_71_x` is about s13 and 71."""
    named = _IDS.match(test)
    return named[1].rstrip("_").split("_") if named else []
