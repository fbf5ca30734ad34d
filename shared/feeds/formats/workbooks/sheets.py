"""The sheets of a workbook as records: one sheet, the one that the profile names, or all that have its columns.

What nobody asked for is counted: each row of another visible sheet is a skip, so that a second sheet of arrests is seen
in the receipt.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from shared.errors import Rejected
from shared.feeds.formats.layout_keys import COLUMN_KEYS, LayoutKeys
from shared.feeds.formats.tabular.columns import Cells, Columns
from shared.feeds.formats.tabular.header import ABOVE_HEADER, header_not_found, is_header, most_lines_above
from shared.feeds.formats.tabular.rows import csv_line
from shared.feeds.layout import FileLayout, TextLayout
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, Skip, moved

SHEET_KEYS = LayoutKeys(
    COLUMN_KEYS | {"text.skip_lines", "text.header", "text.header_contains", "text.sheet"}, frozenset({"columns"})
)
ALL_SHEETS = "all"
OTHER_SHEET = "on a sheet that the profile does not read"
OTHER_COLUMNS = "on a sheet without the columns"
_MOST_COUNTED = 10_000  # rows of another sheet

SheetRow = tuple[int, list[str]]
"""The number of a row, counted from 1, and its cells."""


class Sheet(NamedTuple):
    title: str
    is_visible: bool
    rows: Callable[[], Iterator[SheetRow]]


def read_sheets(sheets: Sequence[Sheet], layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when there is no such sheet, or when no sheet that is read has the columns of the layout.

    The rows of a sheet count on from those of the sheets before it.
    """
    is_all = layout.text.sheet.strip().casefold() == ALL_SHEETS
    chosen = [sheet for sheet in sheets if sheet.is_visible] if is_all else [find_sheet(sheets, layout.text.sheet)]
    before, refused, dropped = 0, list[Rejected](), dict[str, None]()
    for number, sheet in enumerate(chosen, 1):
        results, last = _begin(sheet, layout, dropped), before
        try:
            for result in results:
                last = before + result.line
                yield moved(result, before, "Row", f"sheet {number}") if before else result
        except Rejected as rejection:
            if not is_all or last > before or rejection.code not in ("header", "empty"):
                raise
            refused.append(rejection)
            yield from (skip := [*_counted(sheet, before, OTHER_COLUMNS)])
            last += len(skip)
        before = last
    if len(refused) == len(chosen):
        raise refused[0] if refused else _no_sheet(sheets, layout.text.sheet)
    for sheet in sheets:
        if sheet.is_visible and sheet not in chosen:
            yield from (skip := [*_counted(sheet, before, OTHER_SHEET)])
            before += len(skip)
    if dropped:
        yield DroppedColumns(tuple(dropped))


def find_sheet(sheets: Sequence[Sheet], title: str) -> Sheet:
    """The sheet with this title; for an empty one, the first that is not hidden. Raises Rejected."""
    wanted_title = title.strip().casefold()
    for sheet in sheets:
        if sheet.title.strip().casefold() == wanted_title if wanted_title else sheet.is_visible:
            return sheet
    raise _no_sheet(sheets, title)


def _no_sheet(sheets: Sequence[Sheet], title: str) -> Rejected:
    return Rejected(
        "sheet",
        f"The workbook has no sheet {title!r}." if title.strip() else "It has no sheet.",
        f"It has: {', '.join(sheet.title for sheet in sheets)}.",
    )


def _begin(sheet: Sheet, layout: FileLayout, dropped: dict[str, None]) -> Iterator[RawRecord | Reject | Skip]:
    """Raises Rejected when the header does not fit the layout. `dropped` gets the names of forbidden columns."""
    rows = sheet.rows()
    above = list[Skip]()
    columns = Columns(_header_of(rows, layout.text, above), layout)
    dropped |= dict.fromkeys(columns.forbidden_names)
    yield from above
    yield from _records(rows, columns)


def _records(rows: Iterable[SheetRow], columns: Columns) -> Iterator[RawRecord | Reject | Skip]:
    blank_rows = list[Skip]()  # they count only if another row follows
    for number, row in rows:
        cells = _fit_width(row, columns.width)
        if not any(map(str.strip, cells)):
            blank_rows.append(Skip(number, "blank line"))
            continue
        yield from blank_rows
        blank_rows.clear()
        yield _read_row(number, cells, columns)


def _read_row(number: int, cells: list[str], columns: Columns) -> RawRecord | Reject | Skip:
    text = csv_line(["" if position in columns.forbidden else cell for position, cell in enumerate(cells)])
    if len(cells) > columns.width:
        return columns.wrong_width(number, text, text if not columns.forbidden else "", len(cells))
    return columns.raw_record(number, text, cells, unfinished=False)


def _header_of(rows: Iterator[SheetRow], text_layout: TextLayout, above: list[Skip]) -> Cells:
    for _ in range(text_layout.skip_lines):
        next(rows, None)
    if text_layout.header:
        return text_layout.header
    for number, row in islice(rows, most_lines_above(text_layout)):
        cells = _fit_width(row, 0)
        if is_header(cells, text_layout):
            return cells
        if text_layout.header_contains:
            above.append(Skip(number, ABOVE_HEADER))
    raise header_not_found(text_layout)


def _fit_width(row: list[str], width: int) -> list[str]:
    """Adds blank cells up to the width, or takes away those behind it that are blank."""
    end = len(row)
    while end > width and not row[end - 1].strip():
        end -= 1
    return row[:end] + [""] * (width - end)


def _counted(sheet: Sheet, before: int, why: str) -> Iterator[Skip]:
    """A skip for each row that is not blank, of which no more than enough to be seen are counted."""
    filled = (row for _, row in sheet.rows() if any(map(str.strip, row)))
    return (Skip(before + number, why) for number, _ in enumerate(islice(filled, _MOST_COUNTED), 1))
