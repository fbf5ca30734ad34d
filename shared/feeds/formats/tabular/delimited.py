"""Delimited text: comma, tab, pipe, semicolon; with or without a header line; quoted cells may span lines."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from shared.batching import batches
from shared.feeds.formats.layout_keys import COLUMN_KEYS, LayoutKeys
from shared.feeds.formats.streams.lines import lines
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.tabular.columns import Columns
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.formats.tabular.rows import header_of, read_row, redacted_row
from shared.feeds.formats.tabular.typed_rows import read_typed_rows, typed_row_faults
from shared.feeds.layout import FileLayout, TextLayout
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, Skip

LARGEST = LARGEST_DROP  # of a file that one function reads; `split_ranges.py` has the limits of larger ones
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.TEXT
KEYS = LayoutKeys(
    COLUMN_KEYS
    | {
        "text.encoding",
        "text.delimiter",
        "text.quote",
        "text.skip_lines",
        "text.header",
        "text.header_contains",
        "record_types",
    },
    frozenset({"columns"}),
    typed_row_faults,
)

_BATCH = 256  # rows that are read a column at a time


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the header cannot be read or does not fit the layout."""
    records = CsvRecords(lines(stream, layout.text.encoding), layout)
    if layout.record_types:
        return read_typed_rows(records, layout, layout.record_types)
    above = list[Skip]()
    header = header_of(records, layout.text, above)
    records.width = len(header)
    return chain(above, read_rows(records, header, layout))


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
    if {*map(len, rows)} != {columns.width}:
        rows = tuple(map(columns.fit, rows))
    if {*map(len, rows)} != {columns.width} or any(unfinished):
        return None
    shown: Iterable[str] = texts
    if columns.forbidden:
        shown = (redacted_row(cells, text, columns, text_layout) for text, cells in zip(texts, rows, strict=True))
    return columns.raw_records(numbers, shown, rows)
