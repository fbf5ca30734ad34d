"""One row of delimited text to a record, and the header above the rows."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

from shared.errors import Rejected
from shared.feeds.formats.tabular.columns import Cells, Columns
from shared.feeds.formats.tabular.csv_records import CsvRecord, CsvRecords
from shared.feeds.formats.tabular.header import ABOVE_HEADER, header_not_found, is_header, most_lines_above
from shared.feeds.layout import TextLayout
from shared.feeds.record import ReadResult, Reject, Skip

WITHHELD = "(withheld: the row has columns that may not be kept, and its cells cannot be told apart)"
_CUT = (
    "unfinished",
    "No line end follows the last row, and the cell that may be cut there names the arrest.",
    "Send the file again, whole, with a line end after the last row.",
)


def read_row(record: CsvRecord | Reject, columns: Columns, text_layout: TextLayout) -> ReadResult:
    if isinstance(record, Reject):
        return record._replace(row=WITHHELD) if columns.forbidden else record
    line, text, cells, unfinished = record
    cells = columns.fit(cells)
    row = redacted_row(cells, text, columns, text_layout) if columns.forbidden else text
    if len(cells) != columns.width:
        return columns.wrong_width(line, text, row, len(cells))
    if unfinished and columns.last_column_identifies:
        return Reject(line, *_CUT, row, columns.header[-1].strip())
    return columns.raw_record(line, row, cells, unfinished)


def redacted_row(cells: Cells, text: str, columns: Columns, text_layout: TextLayout) -> str:
    """The row with the cells of forbidden columns blank, as the reject file may repeat it."""
    if len(cells) != columns.width:
        return WITHHELD
    redacted = list(cells)
    for position in columns.forbidden:
        redacted[position] = ""
    delimiter, quote = text_layout.delimiter, text_layout.quote
    return csv_line(redacted, delimiter, quote) if quote and quote in text else delimiter.join(redacted)


def csv_line(cells: Cells, delimiter: str = ",", quote: str = '"') -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quotechar=quote, lineterminator="").writerow(cells)
    return line.getvalue()


def header_of(records: CsvRecords, text_layout: TextLayout, above: list[Skip] | None = None) -> Sequence[str]:
    """Returns the header of the layout, or the first record that is one. Raises Rejected where there is none.

    `above` is filled with the records above a header that is found by its cells. They are counted, so that a damaged
    header that is found again further down does not hide the rows between.
    """
    records.skip(text_layout.skip_lines)
    if text_layout.header:
        return text_layout.header
    for record in islice(records, most_lines_above(text_layout)):
        if isinstance(record, CsvRecord) and is_header(record.cells, text_layout):
            return record.cells
        if isinstance(record, Reject) and not text_layout.header_contains:
            raise Rejected(record.code, f"The header cannot be read: {record.reason}", record.fix)
        if above is not None and text_layout.header_contains:
            above.append(Skip(record.line, ABOVE_HEADER))
    raise header_not_found(text_layout)
