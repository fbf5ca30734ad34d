"""Workbooks: the sheet with the arrests, the rows above its header, its columns."""

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import IO

from shared.errors import Rejected
from shared.feeds.formats.tabular import xlsx
from shared.feeds.formats.workbooks import child_process
from shared.feeds.formats.workbooks.sheets import ALL_SHEETS, Sheet
from shared.feeds.suggest.samples.delimited import table_of
from shared.feeds.suggest.samples.sample_table import SampleTable

_OPENERS: Mapping[str, Callable[[IO[bytes]], list[Sheet]]] = {
    "xlsx": xlsx.open_sheets,
    "xls": lambda file: child_process.open_sheets(io.BytesIO(file.read())),
    "ods": lambda file: child_process.open_sheets(io.BytesIO(file.read())),
}
_MOST_ROWS = 3_000  # openpyxl reads about 4,000 rows a second
_ROWS_FOR_CHOICE = 50


def read_workbook(format_name: str, content: bytes) -> SampleTable:
    """Raises Rejected where the file is no workbook, or no sheet of it holds a table."""
    sheets = {sheet.title: sheet for sheet in _OPENERS[format_name](io.BytesIO(content)) if sheet.is_visible}
    first_rows = {title: _rows(sheet, _ROWS_FOR_CHOICE) for title, sheet in sheets.items()}
    filled = {title: sum(len(row) > 1 for row in rows) for title, rows in first_rows.items()}
    chosen = max(filled, key=lambda title: filled[title], default="")
    if not filled.get(chosen):
        raise Rejected(
            "empty", "The workbook has no sheet with a table.", "Ask for a sheet with a header line and rows."
        )
    rows = _rows(sheets[chosen], _MOST_ROWS + 1)
    width = Counter(len(row) for row in rows if row).most_common(1)[0][0]
    width = max(width, max((len(row) for row in rows[:_ROWS_FOR_CHOICE]), default=0)) if width > 1 else width
    table = table_of([row + [""] * (width - len(row)) for row in rows], width)
    header = [column.name for column in table.columns]
    alike = [title for title, rows in first_rows.items() if title != chosen and header in rows]
    doubts = [*table.doubts, *_doubts(filled, chosen, len(rows), alike)]
    is_first = chosen == next(iter(sheets))
    text = ({"sheet": ALL_SHEETS} if alike else {} if is_first else {"sheet": chosen}) | table.text
    return table._replace(format=format_name, text=text, doubts=doubts)


def _doubts(filled: dict[str, int], chosen: str, count: int, alike: Sequence[str]) -> list[str]:
    """`alike` are the sheets with the same header as the chosen one."""
    others = [title for title, rows in filled.items() if rows > 1 and title not in {chosen, *alike}]
    doubts = []
    if alike:
        doubts.append(f"The sheets {', '.join(map(repr, (chosen, *alike)))} have the same columns. Are all to be read?")
    if others:
        doubts.append(f"Only the sheet {chosen!r} is read. Do {', '.join(map(repr, others))} hold arrests too?")
    if count > _MOST_ROWS:
        doubts.append(f"Only the first {_MOST_ROWS:,} rows of the workbook were looked at. Are the others alike?")
    return doubts


def _rows(sheet: Sheet, most: int) -> list[list[str]]:
    """Rows without the blank cells at their ends."""
    return [_trimmed(row) for _, row in islice(sheet.rows(), most)]


def _trimmed(row: Sequence[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return [*row[:end]]
