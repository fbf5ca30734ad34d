"""Delimited text: comma, tab, pipe, semicolon; with or without a header line; quoted cells may span lines."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from shared.batching import batches
from shared.errors import Rejected
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.tabular.columns import Cells, Columns
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject

_TOGETHER = 256  # rows that are read at once
_WITHHELD = "(withheld: the row has columns that may not be kept, and its cells cannot be told apart)"
_CUT = ("unfinished", "No line end follows the last row, and the cell that may be cut there names the arrest.",
        "Send the file again, whole, with a line end after the last row.")  # fmt: skip


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    records = CsvRecords(lines(stream, profile.text.encoding), profile)
    header = header_of(records, profile)
    records.width = len(header)
    return rows(records, header, profile)


def rows(records: CsvRecords, header: Sequence[str], profile: Profile) -> Iterator[ReadResult]:
    """Raises Rejected, before the first row, when the header and the profile do not go together."""
    columns = Columns(header, profile)
    return _rows(records, columns, profile)


def _rows(records: CsvRecords, columns: Columns, profile: Profile) -> Iterator[ReadResult]:
    if columns.barred:
        yield DroppedColumns(tuple(columns.said[at].strip() for at in columns.barred))
    for some in batches(records, _TOGETHER):
        together: Iterable[ReadResult] | None = _together(some, columns, profile)
        yield from together or (_row(one, columns, profile) for one in some)


def _together(some: Sequence[CsvRecord | Reject], columns: Columns, profile: Profile) -> Iterator[RawRecord] | None:
    """Rows that are read at once, because each of them is plainly one; None where one is not, or has more to it."""
    if {*map(type, some)} != {CsvRecord}:
        return None
    lines, texts, rows, unfinished = zip(*some, strict=True)
    if {*map(len, rows)} != {len(columns.names)} or any(unfinished):
        return None
    barred = columns.barred
    kept = (_shown(cells, text, columns, profile) for text, cells in zip(texts, rows, strict=True)) if barred else texts
    return columns.drafts(lines, kept, rows)


def _row(record: CsvRecord | Reject, columns: Columns, profile: Profile) -> ReadResult:
    barred = columns.barred
    if isinstance(record, Reject):
        return record._replace(row=_WITHHELD) if barred else record
    at, text, cells, unfinished = record
    kept = _shown(cells, text, columns, profile) if barred else text
    if len(cells) != len(columns.names):
        return columns.of_another_width(at, text, kept, len(cells))
    if unfinished and columns.last_cell_names_the_arrest:
        return Reject(at, *_CUT, kept)
    return columns.draft(at, kept, cells, unfinished)


def _shown(cells: Cells, text: str, columns: Columns, profile: Profile) -> str:
    """The row as it may be kept: cells of barred columns are blanked."""
    if len(cells) != len(columns.names):
        return _WITHHELD
    kept = list(cells)
    for at in columns.barred:
        kept[at] = ""
    delimiter, quote = profile.text.delimiter, profile.text.quote
    return csv_line(kept, delimiter, quote) if quote and quote in text else delimiter.join(kept)


def csv_line(cells: Cells, delimiter: str = ",", quote: str = '"') -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quotechar=quote, lineterminator="").writerow(cells)
    return line.getvalue()


def header_of(records: CsvRecords, profile: Profile) -> Sequence[str]:
    found = iter(records)
    for _ in range(profile.text.skip_lines):
        next(found, None)
    if profile.text.header:
        return profile.text.header
    for row in found:
        if isinstance(row, Reject):
            raise Rejected(row.code, f"The header cannot be read: {row.reason}", row.fix)
        if any(map(str.strip, row.cells)):
            return row.cells
    raise Rejected("empty", "The file is empty.", "Send the file again, with its header line.")
