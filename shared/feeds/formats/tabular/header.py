"""Whether the header of a table and its layout fit together: no column is missing, ambiguous or forbidden."""

import re
from collections.abc import Collection, Iterator, Sequence

from shared.errors import Rejected
from shared.feeds.forbidden_fields import fold_name
from shared.feeds.layout import DELIMITERS, NUMBER_PLACEHOLDER, FileLayout, TextLayout
from shared.feeds.record import ChargeText

MOST_LINES_ABOVE = 100
ABOVE_HEADER = "above the header"


def most_lines_above(text_layout: TextLayout) -> int | None:
    """Lines among which a header is looked for by its cells. None: it is the first line that is not blank."""
    return MOST_LINES_ABOVE if text_layout.header_contains else None


def is_header(cells: Sequence[str], text_layout: TextLayout) -> bool:
    """Whether the cells are the header: the first that are not blank, or those that the layout says it contains."""
    if not text_layout.header_contains:
        return any(map(str.strip, cells))
    return {*map(fold_name, cells)}.issuperset(map(fold_name, text_layout.header_contains))


def header_not_found(text_layout: TextLayout) -> Rejected:
    if not text_layout.header_contains:
        return Rejected("empty", "The file is empty.", "Send the file again, with its header line.")
    return Rejected(
        "header",
        f"None of the first {MOST_LINES_ABOVE} lines has the cells {', '.join(text_layout.header_contains)}.",
        "Send the file with its header line, or name in `text.header_contains` what the new header has.",
    )


def check_header(header: Sequence[str], layout: FileLayout, forbidden_positions: Collection[int]) -> None:
    """Raises Rejected for missing columns; else for duplicate ones; else for forbidden ones that the layout reads."""
    names = [fold_name(cell) for cell in header]
    if missing := missing_columns(names, layout):
        raise Rejected(
            "header",
            f"The header lacks the columns {', '.join(missing)}.{_delimiter_hint(names, layout)}",
            "Send the file with these columns, or name the new ones in the profile.",
        )
    if duplicates := duplicate_columns(names, layout):
        raise Rejected(
            "header",
            f"The header has more than one column named {', '.join(duplicates)}.",
            "Give each column its own name.",
        )
    if forbidden := forbidden_columns(header, layout, forbidden_positions):
        raise Rejected(
            "header",
            f"The profile reads the columns {', '.join(forbidden)}, which may not be kept.",
            "Take them out of `columns` and `arrest_key`.",
        )


def without_absent_columns(layout: FileLayout, names: Sequence[str]) -> FileLayout:
    """Returns the layout without the optional columns that the header lacks. `names` are folded."""
    absent = {name for name in layout.optional if fold_name(name) not in names}
    if not absent:
        return layout
    columns = {field: tuple(name for name in ours if name not in absent) for field, ours in layout.columns.items()}
    present = {field: ours for field, ours in columns.items() if ours}
    key = tuple(name for name in layout.arrest_key if name not in absent)
    return layout.model_copy(update={"columns": present, "arrest_key": key})


def missing_columns(names: Sequence[str], layout: FileLayout) -> list[str]:
    """The columns that the layout reads and the header lacks, as the layout writes them. `names` are folded."""
    charge_patterns = [name for field in ChargeText._fields for name in layout.columns.get(field, ())]
    missing = [name for name in _single_columns(layout) if fold_name(name) not in names]
    patterns = [name for name in layout.column_names if _is_numbered(layout, name)]
    return missing + [
        pattern for pattern in patterns if pattern not in charge_patterns or not any(numbered_positions(names, pattern))
    ]


def duplicate_columns(names: Sequence[str], layout: FileLayout) -> list[str]:
    """The columns that the layout reads and the header has more than once. `names` are folded."""
    return [name for name in _single_columns(layout) if names.count(fold_name(name)) > 1]


def forbidden_columns(header: Sequence[str], layout: FileLayout, forbidden_positions: Collection[int]) -> list[str]:
    """The columns that the layout reads although they are forbidden. The header has all columns of the layout."""
    names = [fold_name(cell) for cell in header]
    single = [name for name in _single_columns(layout) if names.index(fold_name(name)) in forbidden_positions]
    charges = [position for positions in numbered_charges(names, layout) for position in positions]
    return single + [header[position].strip() for position in charges if position in forbidden_positions]


def numbered_charges(names: Sequence[str], layout: FileLayout) -> list[list[int]]:
    """Columns such as `Charge 1`, `Class 1`, `Charge 2`: for each number the positions of the fields of a charge.

    -1 stands for a field that the number has no column for. Empty where the layout has no numbered columns.
    """
    by_number: dict[int, dict[str, int]] = {}
    if layout.charges != "numbered columns":
        return []
    for field in ChargeText._fields:
        for pattern in layout.columns.get(field, ()):
            for number, position in numbered_positions(names, pattern):
                by_number.setdefault(number, {})[field] = position
    return [[by_number[number].get(field, -1) for field in ChargeText._fields] for number in sorted(by_number)]


def numbered_positions(names: Sequence[str], pattern: str) -> Iterator[tuple[int, int]]:
    """Yields (number, position) of the columns that a pattern such as `Charge {n}` stands for; `01` is 1."""
    before, _, after = fold_name(pattern).partition(NUMBER_PLACEHOLDER)
    numbered_name = re.compile(f"{re.escape(before)}([0-9]{{1,3}}){re.escape(after)}")
    for position, name in enumerate(names):
        if match := numbered_name.fullmatch(name):
            yield int(match[1]), position


def _is_numbered(layout: FileLayout, name: str) -> bool:
    return layout.charges == "numbered columns" and NUMBER_PLACEHOLDER in name


def _single_columns(layout: FileLayout) -> list[str]:
    return [name for name in layout.column_names if not _is_numbered(layout, name)]


def _delimiter_hint(names: Sequence[str], layout: FileLayout) -> str:
    """A header of one column usually means another delimiter."""
    others = [word for word, sign in DELIMITERS.items() if sign != layout.text.delimiter]
    seen = [word for word in others if len(names) == 1 and DELIMITERS[word] in names[0]]
    return f" Its columns seem to be parted by a {seen[0]}." if seen else ""
