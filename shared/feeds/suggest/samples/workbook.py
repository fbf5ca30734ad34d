"""Excel workbooks: the sheet with the arrests, the rows above its header, its columns."""

import io
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from shared.errors import Rejected
from shared.feeds.formats.tabular.xlsx import sheet_rows
from shared.feeds.suggest.samples.delimited import table_of
from shared.feeds.suggest.samples.sample_table import SampleTable

_MOST_ROWS = 3_000  # openpyxl reads about 4,000 rows a second
_ROWS_FOR_CHOICE = 50


def read_workbook(content: bytes) -> SampleTable:
    """Raises Rejected where the file is no workbook, or no sheet of it holds a table."""
    titles = _visible_titles(content)
    sheets = {title: _rows(content, title, _ROWS_FOR_CHOICE) for title in titles}
    filled = {title: sum(len(row) > 1 for row in rows) for title, rows in sheets.items()}
    chosen = max(filled, key=lambda title: filled[title], default="")
    if not filled.get(chosen):
        raise Rejected(
            "empty", "The workbook has no sheet with a table.", "Ask for a sheet with a header line and rows."
        )
    rows = _rows(content, chosen, _MOST_ROWS + 1)
    width = Counter(len(row) for row in rows if row).most_common(1)[0][0]
    width = max(width, max((len(row) for row in rows[:_ROWS_FOR_CHOICE]), default=0)) if width > 1 else width
    table = table_of([row + [""] * (width - len(row)) for row in rows], width)
    doubts = [*table.doubts, *_doubts(filled, chosen, len(rows))]
    text = ({"sheet": chosen} if chosen != titles[0] else {}) | table.text
    return table._replace(format="xlsx", text=text, doubts=doubts)


def _doubts(filled: dict[str, int], chosen: str, count: int) -> list[str]:
    others = [title for title, rows in filled.items() if rows > 1 and title != chosen]
    doubts = []
    if others:
        doubts.append(f"Only the sheet {chosen!r} is read. Do {', '.join(map(repr, others))} hold arrests too?")
    if count > _MOST_ROWS:
        doubts.append(f"Only the first {_MOST_ROWS:,} rows of the workbook were looked at. Are the others alike?")
    return doubts


def _visible_titles(content: bytes) -> list[str]:
    """In the order of the workbook. Raises Rejected as `sheet_rows` does, before the workbook is opened."""
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s, which other formats need not wait for

    next(sheet_rows(io.BytesIO(content), ""), None)  # checks the archive
    workbook = load_workbook(io.BytesIO(content), read_only=True)
    return [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _rows(content: bytes, title: str, most: int) -> list[list[str]]:
    """Rows without the blank cells at their ends."""
    return [_trimmed(row) for _, row in islice(sheet_rows(io.BytesIO(content), title), most)]


def _trimmed(row: Sequence[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return [*row[:end]]
