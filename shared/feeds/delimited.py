"""Delimited text: comma, tab, pipe, semicolon; with or without a header line; quoted cells may span lines."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from shared.domain.errors import Rejected
from shared.feeds.columns import Cells, Columns
from shared.feeds.contract import Dropped, Read, Reject
from shared.feeds.lines import lines
from shared.feeds.profile import Profile
from shared.feeds.records import Records

_WITHHELD = "(withheld: the row has columns that may not be kept, and its cells cannot be told apart)"
_CUT = ("unfinished", "No line end follows the last row, and the cell that may be cut there names the arrest.",
        "Send the file again, whole, with a line end after the last row.")  # fmt: skip


def read(stream: BinaryIO, profile: Profile) -> Iterator[Read]:
    records = Records(lines(stream, profile.text.encoding), profile)
    header = header_of(records, profile)
    records.width = len(header)
    return rows(records, header, profile)


def rows(records: Records, header: Sequence[str], profile: Profile) -> Iterator[Read]:
    """Raises Rejected, before the first row, when the header and the profile do not go together."""
    columns = Columns(header, profile)
    return _rows(records, columns, profile)


def _rows(records: Records, columns: Columns, profile: Profile) -> Iterator[Read]:
    width, barred, draft = len(columns.names), columns.barred, columns.draft
    if barred:
        yield Dropped(tuple(columns.said[at].strip() for at in barred))
    for record in records:
        if isinstance(record, Reject):
            yield record._replace(row=_WITHHELD) if barred else record
            continue
        at, text, cells, unfinished = record
        kept = _shown(cells, text, columns, profile) if barred else text
        if len(cells) != width:
            yield columns.of_another_width(at, text, kept, len(cells))
        elif unfinished and columns.last_cell_names_the_arrest:
            yield Reject(at, *_CUT, kept)
        else:
            yield draft(at, kept, cells, unfinished)


def _shown(cells: Cells, text: str, columns: Columns, profile: Profile) -> str:
    """The row as it may be kept: cells of barred columns are blanked."""
    if len(cells) != len(columns.names):
        return _WITHHELD
    kept = list(cells)
    for at in columns.barred:
        kept[at] = ""
    delimiter, quote = profile.text.delimiter, profile.text.quote
    return written(kept, delimiter, quote) if quote and quote in text else delimiter.join(kept)


def written(cells: Cells, delimiter: str = ",", quote: str = '"') -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, quotechar=quote, lineterminator="").writerow(cells)
    return line.getvalue()


def header_of(records: Records, profile: Profile) -> Sequence[str]:
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
