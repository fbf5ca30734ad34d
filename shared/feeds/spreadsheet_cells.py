"""Cells that a spreadsheet would take for a formula are written with an apostrophe before them, and read without it.

A clerk opens a reject file or a report in a spreadsheet; a cell that begins with `=` would run there (CSV injection).
Source: OWASP, "CSV Injection": `= + - @`, tab, line ends, and their full-width forms.
"""

_GUARD = "'"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """Returns the cell as it may stand in a file for spreadsheets."""
    return f"{_GUARD}{text}" if text.startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """Returns what was guarded. An apostrophe before anything else belongs to the text."""
    bare = text.lstrip(_GUARD) if text.startswith(_GUARD) else text
    return bare if bare.startswith(_RISKY) else text
