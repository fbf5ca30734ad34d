"""The charges of one record: a single charge, several in numbered columns, or several joined in a cell."""

from collections.abc import Callable, Sequence
from functools import partial

from shared.feeds.layout import FileLayout
from shared.feeds.record import DECISION_FIELDS, ChargeText

Charges = tuple[tuple[ChargeText, ...], bool]
"""The charges of a record, and whether the cells of its joined charges have different numbers of items."""

_new_tuple = tuple.__new__  # five times as fast as `_make`
_SUFFICIENT_FIELDS = ("statute", "charge")  # either makes a charge; the other fields only describe one


def charge_reader(layout: FileLayout) -> Callable[[tuple[str, ...]], Charges]:
    """Returns a function from the cells of the charge fields to the charges of the row."""
    if layout.charges == "numbered columns":
        return _numbered_charges
    if layout.charges == "joined in a cell":
        is_mapped = tuple(field in layout.columns for field in ChargeText._fields)
        return partial(_joined_charges, layout.charge_separator, is_mapped)
    return _single_charge


def pair_charges(cells: Sequence[Sequence[str]]) -> Charges:
    """Pairs the items of the charge fields by position. `cells` has those of each field of ChargeText.

    Where the fields have different numbers of items, nobody can tell which item belongs to which charge. Each statute
    and each text is then a charge of its own, and the other fields are left out.
    """
    items = [_without_blank_end(cell_items) for cell_items in cells]
    counts = {len(cell_items) for cell_items in items if cell_items}
    if len(counts) <= 1:
        count = max(counts, default=0)
        columns = [cell_items or [""] * count for cell_items in items]
        return tuple(ChargeText(*fields) for fields in zip(*columns, strict=True)), False
    by_field = dict(zip(ChargeText._fields, items, strict=True))
    return tuple(ChargeText(**{field: item}) for field in _SUFFICIENT_FIELDS for item in by_field[field]), True


def _single_charge(cells: tuple[str, ...]) -> Charges:
    return (_new_tuple(ChargeText, cells),), False


def _numbered_charges(cells: tuple[str, ...]) -> Charges:
    """`cells`: those of the first charge, then those of the second, and so on."""
    width = len(ChargeText._fields)
    charges = (_new_tuple(ChargeText, cells[start : start + width]) for start in range(0, len(cells), width))
    return tuple(charges), False


def _joined_charges(separator: str, is_mapped: tuple[bool, ...], cells: tuple[str, ...]) -> Charges:
    items = [cell.split(separator) if mapped else [] for cell, mapped in zip(cells, is_mapped, strict=True)]
    return pair_charges(for_each_charge(items))


def for_each_charge(items: list[list[str]]) -> list[list[str]]:
    """One decision of a record that has several charges is that of each: `Dismissed` beside `THEFT|FRAUD`."""
    count = max(map(len, items))
    return [
        cells * count if len(cells) == 1 and field in DECISION_FIELDS else cells
        for field, cells in zip(ChargeText._fields, items, strict=True)
    ]


def _without_blank_end(texts: Sequence[str]) -> list[str]:
    """Many systems write the separator behind the last item too."""
    items = [text.strip() for text in texts]
    while items and not items[-1]:
        items.pop()
    return items
