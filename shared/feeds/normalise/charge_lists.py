"""Several charges in one cell as a program writes a list: `['ASSAULT 3', 'MENACING']`. And how many are kept."""

import re
from collections.abc import Sequence

from shared.arrests.charges import Charge
from shared.feeds.record import ChargeText

MOST_CHARGES = 100  # of at most 2 KB, so that a document stays below the 400 KB of a DynamoDB item
_LIST = re.compile(r"\s*[\[({](?=\s*(?:[brf]?['\"]|[\])}])).*[\])}]\s*", re.DOTALL)
_ITEM = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


def split_lists(texts: tuple[ChargeText, ...]) -> tuple[tuple[ChargeText, ...], bool]:
    """Returns the charges, each with its own text, and whether the lists of one charge have different lengths: each
    statute and each text is then a charge of its own."""
    if not any("[" in cell or "(" in cell or "{" in cell for text in texts for cell in text):
        return texts, False
    split = [_split(text) for text in texts]
    return tuple(charge for charges, _ in split for charge in charges), any(unpaired for _, unpaired in split)


def list_items(cell: str) -> list[str]:
    """The items of a list as Python or JSON writes it; the cell itself, if it is none."""
    if not _LIST.fullmatch(cell):
        return [cell]
    return [_unescaped(match[1] if match[1] is not None else match[2]) for match in _ITEM.finditer(cell)]


def first_charges(charges: Sequence[Charge]) -> tuple[Charge, ...]:
    """At most `MOST_CHARGES`. Where there are more, each is kept once, because most of them are counts of one."""
    return tuple(charges) if len(charges) <= MOST_CHARGES else tuple(dict.fromkeys(charges))[:MOST_CHARGES]


def _split(text: ChargeText) -> tuple[list[ChargeText], bool]:
    items = [list_items(cell) for cell in text]
    lengths = {len(cells) for cells, cell in zip(items, text, strict=True) if cells != [cell] and cell}
    if not lengths:
        return [text], False
    if len(lengths) == 1:
        (length,) = lengths
        columns = [cells if len(cells) == length else cells * length for cells in items]
        return [ChargeText(*fields) for fields in zip(*columns, strict=True)], False
    statutes = [ChargeText(statute=statute) for statute in items[0]]
    return [*statutes, *(ChargeText(charge=charge) for charge in items[1])], True


def _unescaped(item: str) -> str:
    return re.sub(r"\\(.)", r"\1", item).strip()
