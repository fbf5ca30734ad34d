"""A list that an office uploads: a table whose columns have our own names, as CSV or as a workbook."""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from shared.errors import Rejected
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.csv_records import CsvRecords
from shared.feeds.formats.tabular.delimited import csv_line
from shared.feeds.formats.tabular.xlsx import rows as rows_of_sheet
from shared.feeds.profiles.model import DELIMITERS, Profile, TextLayout
from shared.feeds.record import Reject

Kind = Literal["csv", "xlsx"]
_WIDTH = ("cells", "The row has {} cells and the header {}.", "Quote cells that hold a delimiter, and fill the row up.")


class TableRow(NamedTuple):
    """`text` is the row as it came; `cells` holds what is not blank, by the name of its column."""

    line: int
    text: str
    cells: Mapping[str, str]


def read_table(content: bytes, kind: Kind, columns: Collection[str]) -> Iterator[TableRow | Reject]:
    """Blank rows are left out. Raises Rejected when the file is no such table, or has a column that is none of ours:
    to pass over what narrows a watch would broaden it."""
    found = _of_text(content) if kind == "csv" else _of_sheet(content)
    header: list[str] = []
    for one in found:
        if isinstance(one, Reject):
            if not header:
                raise Rejected(one.code, f"The header cannot be read: {one.reason}", one.fix)
            yield one
            continue
        line, text, cells = one
        if not any(map(str.strip, cells)):
            continue
        if not header:
            header = _header(cells, columns)
        elif any(cell.strip() for cell in cells[len(header) :]) or (kind == "csv" and len(cells) != len(header)):
            yield Reject(line, _WIDTH[0], _WIDTH[1].format(len(cells), len(header)), _WIDTH[2], text)
        else:
            said = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            yield TableRow(line, text, said)
    if not header:
        raise Rejected("empty", "The file is empty.", "Send it again, with its header line.")


def _header(cells: Sequence[str], columns: Collection[str]) -> list[str]:
    names = ["_".join(cell.casefold().split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    strange = sorted({name or "(blank)" for name in names if name not in columns})
    if strange or len(set(names)) < len(names):
        what = f"is none of ours: {', '.join(strange)}" if strange else "stands there twice"
        raise Rejected("columns", f"A column {what}.", f"The columns are: {', '.join(sorted(columns))}.")
    return names


def _of_text(content: bytes) -> Iterator[tuple[int, str, Sequence[str]] | Reject]:
    first = next(iter(islice(content.split(b"\n"), 1)), b"")
    delimiter = max(DELIMITERS.values(), key=lambda sign: first.count(sign.encode()))
    records = CsvRecords(lines(io.BytesIO(content), "utf-8"), _plain("delimited", delimiter))
    for record in records:
        if isinstance(record, Reject):
            yield record
        else:
            records.width = records.width or len(record.cells)
            yield record.line, record.text, record.cells


def _of_sheet(content: bytes) -> Iterator[tuple[int, str, Sequence[str]]]:
    for number, cells in rows_of_sheet(io.BytesIO(content), _plain("xlsx", ",")):
        yield number, csv_line(cells), cells


def _plain(kind: str, delimiter: str) -> Profile:
    return Profile(agency="upload", format=kind, time_zone="UTC", text=TextLayout(delimiter=delimiter))
