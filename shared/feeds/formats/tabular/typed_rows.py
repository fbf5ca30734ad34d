"""Delimited rows of several types. Each type may have columns of its own; the type stands in the same cell of all."""

from collections.abc import Iterator, Mapping, Sequence

from shared.errors import Rejected
from shared.feeds.forbidden_fields import fold_name
from shared.feeds.formats.layout_keys import KeyFault
from shared.feeds.formats.tabular.columns import Columns
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.formats.tabular.record_types import RecordTypeReader, columns_by_type, record_type_faults
from shared.feeds.formats.tabular.rows import WITHHELD, header_of, read_row
from shared.feeds.layout import FileLayout, RecordTypes
from shared.feeds.record import DroppedColumns, ReadResult, Reject, Skip


def read_typed_rows(records: CsvRecords, layout: FileLayout, types: RecordTypes) -> Iterator[ReadResult]:
    """Raises Rejected when the header cannot be read, or does not fit the layout."""
    headers = headers_by_type(records, layout, types)
    type_cell = _type_cell(headers, types)
    by_type = columns_by_type(layout, types, headers)
    return _read_typed_rows(records, layout, RecordTypeReader(types), by_type, type_cell)


def _read_typed_rows(
    records: CsvRecords, layout: FileLayout, reader: RecordTypeReader, by_type: Mapping[str, Columns], type_cell: int
) -> Iterator[ReadResult]:
    dropped = dict.fromkeys(name for columns in by_type.values() for name in columns.forbidden_names)
    if dropped:
        yield DroppedColumns(tuple(dropped))
    for record in records:
        if isinstance(record, Reject):
            yield record._replace(row=WITHHELD) if dropped else record
            continue
        word = record.cells[type_cell].strip() if type_cell < len(record.cells) else ""
        if not any(map(str.strip, record.cells)):
            yield Skip(record.line, "blank line")
        elif word in by_type:
            yield from reader.read(word, read_row(record, by_type[word], layout.text))
        elif _is_header(record, by_type):
            yield Skip(record.line, "header repeated")
        else:
            yield reader.unread(record.line, word, WITHHELD if dropped else record.text)
    yield from reader.finish()


def _is_header(record: CsvRecord, by_type: Mapping[str, Columns]) -> bool:
    return any(record.cells == columns.header for columns in by_type.values())


def headers_by_type(records: CsvRecords, layout: FileLayout, types: RecordTypes) -> dict[str, Sequence[str]]:
    """The header of the file is that of the types for which the layout names none."""
    if all(word in types.headers for word in types.read_types):
        records.skip(layout.text.skip_lines)
        return dict(types.headers)
    header = header_of(records, layout.text)
    return {word: types.headers.get(word, header) for word in types.read_types}


def _type_cell(headers: Mapping[str, Sequence[str]], types: RecordTypes) -> int:
    """Raises Rejected when the headers do not have the column of the type in one place."""
    column = fold_name(types.column)
    places = {[*map(fold_name, header), column].index(column) for header in headers.values()}
    if len(places) > 1 or any(place >= len(header) for header in headers.values() for place in places):
        raise Rejected(
            "header",
            f"The column {types.column}, which says the type of a row, is missing, or not in one place of all types.",
            "Name in `record_types` the column of the type as the header does.",
        )
    return places.pop()


def typed_row_faults(layout: FileLayout) -> Iterator[KeyFault]:
    yield from record_type_faults(layout)
    if layout.record_types and layout.record_types.positions:
        yield KeyFault("record_types.positions", "is of lines of fixed width; write `headers`")
