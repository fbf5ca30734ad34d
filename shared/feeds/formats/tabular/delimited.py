"""Delimited text: comma, tab, pipe, semicolon; with or without a header line; quoted cells may span lines."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from shared.batching import batches
from shared.errors import Rejected
from shared.feeds.formats.layout_keys import COLUMN_KEYS, LayoutKeys
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.tabular.columns import Cells, Columns
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.layout import FileLayout, TextLayout
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject

LARGEST = LARGEST_DROP  # of a file that one function reads; `split_ranges.py` has the limits of larger ones
DATE_FORMS: tuple[str, ...] = ()
KEYS = LayoutKeys(
    COLUMN_KEYS | {"text.encoding", "text.delimiter", "text.quote", "text.skip_lines", "text.header"},
    frozenset({"columns"}),
)

_BATCH = 256  # rows that are read a column at a time
_WITHHELD = "(withheld: the row has columns that may not be kept, and its cells cannot be told apart)"
_CUT = (
    "unfinished",
    "No line end follows the last row, and the cell that may be cut there names the arrest.",
    "Send the file again, whole, with a line end after the last row.",
)


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the header cannot be read or does not fit the layout."""
    records = CsvRecords(lines(stream, layout.text.encoding), layout)
    header = header_of(records, layout.text)
    records.width = len(header)
    return read_rows(records, header, layout)


def read_rows(records: CsvRecords, header: Sequence[str], layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected before the first row when the header and the layout do not fit together."""
    return _read_rows(records, Columns(header, layout), layout.text)


def _read_rows(records: CsvRecords, columns: Columns, text_layout: TextLayout) -> Iterator[ReadResult]:
    if columns.forbidden:
        yield DroppedColumns(columns.forbidden_names)
    for batch in batches(records, _BATCH):
        results: Iterable[ReadResult] | None = _read_batch(batch, columns, text_layout)
        yield from results or (read_row(record, columns, text_layout) for record in batch)


def _read_batch(
    batch: Sequence[CsvRecord | Reject], columns: Columns, text_layout: TextLayout
) -> Iterator[RawRecord] | None:
    """Vectorised fast path: the same result as `read_row` for each. None if a record needs `read_row`."""
    if {*map(type, batch)} != {CsvRecord}:
        return None
    numbers, texts, rows, unfinished = zip(*batch, strict=True)
    if {*map(len, rows)} != {columns.width} or any(unfinished):
        return None
    shown: Iterable[str] = texts
    if columns.forbidden:
        shown = (_redact(cells, text, columns, text_layout) for text, cells in zip(texts, rows, strict=True))
    return columns.raw_records(numbers, shown, rows)


def read_row(record: CsvRecord | Reject, columns: Columns, text_layout: TextLayout) -> ReadResult:
    if isinstance(record, Reject):
        return record._replace(row=_WITHHELD) if columns.forbidden else record
    line, text, cells, unfinished = record
    row = _redact(cells, text, columns, text_layout) if columns.forbidden else text
    if len(cells) != columns.width:
        return columns.wrong_width(line, text, row, len(cells))
    if unfinished and columns.last_column_identifies:
        return Reject(line, *_CUT, row)
    return columns.raw_record(line, row, cells, unfinished)


def _redact(cells: Cells, text: str, columns: Columns, text_layout: TextLayout) -> str:
    """The row with the cells of forbidden columns blank, as the reject file may repeat it."""
    if len(cells) != columns.width:
        return _WITHHELD
    redacted = list(cells)
    for position in columns.forbidden:
        redacted[position] = ""
    delimiter, quote = text_layout.delimiter, text_layout.quote
    return csv_line(redacted, delimiter, quote) if quote and quote in text else delimiter.join(redacted)


def csv_line(cells: Cells, delimiter: str = ",", quote: str = '"') -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quotechar=quote, lineterminator="").writerow(cells)
    return line.getvalue()


def header_of(records: CsvRecords, text_layout: TextLayout) -> Sequence[str]:
    """Returns the header of the layout, or the first record that is not blank. Raises Rejected where there is none."""
    remaining = iter(records)
    for _ in range(text_layout.skip_lines):
        next(remaining, None)
    if text_layout.header:
        return text_layout.header
    for record in remaining:
        if isinstance(record, Reject):
            raise Rejected(record.code, f"The header cannot be read: {record.reason}", record.fix)
        if any(map(str.strip, record.cells)):
            return record.cells
    raise Rejected("empty", "The file is empty.", "Send the file again, with its header line.")
