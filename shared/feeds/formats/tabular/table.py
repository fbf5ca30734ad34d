"""A list that an office uploads: a table whose columns have our own names, as CSV or as a workbook."""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from shared.errors import Rejected
from shared.feeds.forbidden_fields import is_forbidden_name
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.csv_records import CsvRecords
from shared.feeds.formats.tabular.rows import csv_line
from shared.feeds.formats.tabular.xlsx import sheet_rows
from shared.feeds.layout import DELIMITERS, FileLayout, TextLayout
from shared.feeds.record import Reject
from shared.feeds.spreadsheet_cells import unguarded

TableKind = Literal["csv", "xlsx"]
_WIDTH = ("cells", "The row has {} cells and the header {}.", "Quote cells that hold a delimiter, and fill the row up.")


class TableRow(NamedTuple):
    """`text` is the row as it came; `cells` maps the name of a column to its cell, without blank cells."""

    line: int
    text: str
    cells: Mapping[str, str]


class RawRow(NamedTuple):
    line: int
    text: str
    cells: Sequence[str]

    @property
    def is_blank(self) -> bool:
        return not any(map(str.strip, self.cells))


def read_table(
    content: bytes, kind: TableKind, columns: Collection[str], notes: Collection[str] = ()
) -> Iterator[TableRow | Reject]:
    """Yields the rows below the header, without blank ones. Columns in `notes` may be there, and say nothing.

    Raises Rejected when the file is no such table, or has a column that is not in `columns`: ignoring a column that
    narrows a subscription would broaden the subscription.
    """
    header: list[str] = []
    for row in _text_rows(content) if kind == "csv" else _sheet_rows(content):
        if isinstance(row, Reject):
            if not header:
                raise Rejected(row.code, f"The header cannot be read: {row.reason}", row.fix)
            yield row
        elif row.is_blank:
            continue
        elif not header:
            header = _header_of(row.cells, columns, notes)
        else:
            yield _table_row(row, header, kind)
    if not header:
        raise Rejected("empty", "The file is empty.", "Send it again, with its header line.")


def _table_row(row: RawRow, header: Sequence[str], kind: TableKind) -> TableRow | Reject:
    line, text, cells = row
    if any(cell.strip() for cell in cells[len(header) :]) or (kind == "csv" and len(cells) != len(header)):
        return Reject(line, _WIDTH[0], _WIDTH[1].format(len(cells), len(header)), _WIDTH[2], text)
    filled = {name: unguarded(cell.strip()) for name, cell in zip(header, cells, strict=False) if cell.strip()}
    return TableRow(line, text, filled)


def _header_of(cells: Sequence[str], columns: Collection[str], notes: Collection[str]) -> list[str]:
    names = ["_".join(cell.casefold().split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if forbidden := sorted({name for name in names if name not in columns and is_forbidden_name(name)}):
        raise Rejected(
            "columns",
            f"A column names what nobody here may keep: {', '.join(forbidden)}.",
            "Take the column out. Whom an order protects, victims and witnesses, numbers of Social Security and their "
            "like are in no list.",
        )
    unknown = sorted({name or "(blank)" for name in names if name not in columns and name not in notes})
    if unknown or len(set(names)) < len(names):
        fault = f"is none of ours: {', '.join(unknown)}" if unknown else "stands there twice"
        raise Rejected("columns", f"A column {fault}.", f"The columns are: {', '.join(sorted(columns))}.")
    return names


def _text_rows(content: bytes) -> Iterator[RawRow | Reject]:
    first_line = content.partition(b"\n")[0]
    delimiter = max(DELIMITERS.values(), key=lambda sign: first_line.count(sign.encode()))
    records = CsvRecords(lines(io.BytesIO(content), "utf-8"), FileLayout(text=TextLayout(delimiter=delimiter)))
    for record in records:
        if isinstance(record, Reject):
            yield record
        else:
            records.width = records.width or len(record.cells)
            yield RawRow(record.line, record.text, record.cells)


def _sheet_rows(content: bytes) -> Iterator[RawRow]:
    for number, cells in sheet_rows(io.BytesIO(content), ""):
        yield RawRow(number, csv_line(cells), cells)
