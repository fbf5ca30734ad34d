"""What one row is, and what identifies an arrest: measured, not believed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_TOLERATED = 0.02  # share of the repeated numbers that may name two people


class KeyEvidence(NamedTuple):
    """Of a column that may number arrests: how many values come more than once, and what their rows have in common."""

    values: int
    repeated: int
    mixed: int  # repeated values whose rows name different people
    with_other_charges: int  # repeated values of one person whose rows have different charges

    @property
    def numbers_arrests(self) -> bool:
        return self.values > 0 and self.mixed <= self.repeated * _TOLERATED

    @property
    def has_row_per_charge(self) -> bool:
        return self.with_other_charges > 0 and self.with_other_charges >= self.repeated * 0.5


def key_evidence(
    keys: Sequence[str], people: Sequence[tuple[str, ...]], charges: Sequence[tuple[str, ...]]
) -> KeyEvidence:
    """The three have one item a row. A person whose parts are all blank is nobody, and is not compared."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key.strip():
            rows[key.strip()].append(row)
    repeated = [places for places in rows.values() if len(places) > 1]
    mixed = other_charges = 0
    for places in repeated:
        named = {people[row] for row in places if any(people[row])}
        if len(named) > 1:
            mixed += 1
        elif len({charges[row] for row in places}) > 1:
            other_charges += 1
    return KeyEvidence(len(rows), len(repeated), mixed, other_charges)


def rows_of(columns: Mapping[str, Sequence[str]], fields: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """The cells of some fields, one tuple a row; empty tuples where none of the fields has a column."""
    present = [columns[field] for field in fields if field in columns]
    return (
        [tuple(cell.strip().upper() for cell in cells) for cells in zip(*present, strict=True)]
        if present
        else [()] * count
    )
