"""A list in one cell, as Python or JSON writes it: `['ASSAULT 3', 'MENACING']`."""

import re

_LIST = re.compile(r"\s*[\[({](?=\s*(?:[brf]?['\"]|[\])}])).*[\])}]\s*", re.DOTALL)
_ITEM = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_LONGEST = 20_000  # characters


def list_items(cell: str) -> list[str]:
    """The items of the list; the cell itself, if it is none."""
    if len(cell) > _LONGEST or not _LIST.fullmatch(cell):
        return [cell]
    return [_unescaped(match[1] if match[1] is not None else match[2]) for match in _ITEM.finditer(cell)]


def _unescaped(item: str) -> str:
    return re.sub(r"\\(.)", r"\1", item).strip()
