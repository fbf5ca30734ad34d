"""The rows of a reject file, taken apart again for a page: which columns to look at, and every cell of the row.

A reject file names the columns of a reject (`column`, `value`) or, where it does not, its code says which fields of the
profile are meant.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shared.feeds.profiles.model import Profile
from shared.feeds.record import NameText
from shared.feeds.spreadsheet_cells import unguarded

_DATES = ("arrested", "arrested_time", "event_date", "event_time")
_IDENTIFIERS = ("sid", "fbi", "person_number")
_FIELDS_OF_CODE: Mapping[str, tuple[str, ...]] = {
    "bad-date": _DATES,
    "unknown-event": ("event",),
    "mixed-arrest": ("number",),
    "seal-key": ("number", *_IDENTIFIERS, "arrested"),
    "identity-numbers": (*_IDENTIFIERS, *(f"former_{name}" for name in _IDENTIFIERS)),
    "identity-name": NameText._fields,
}
"""The fields of rejects whose code means several of them, and of those that reject files of before do not name."""
_LONGEST_CELL = 1 << 20  # a line of a feed has at most 1 MiB


class ReadReject(NamedTuple):
    """`columns` are the agency's names of the columns to look at; `value` is what stood there, where that is known.
    `cells` are those of the row as the agency wrote it, without forbidden ones; `header` names them, where the profile
    says how the columns of a file without a header are called."""

    line: int
    code: str
    reason: str
    fix: str
    columns: tuple[str, ...]
    value: str
    header: tuple[str, ...]
    cells: tuple[str, ...]


def read_rejected_rows(content: bytes, profile: Profile | None) -> Iterator[ReadReject]:
    """Yields the rows in the order of the file. `content` is the reject file, or its beginning up to a line end."""
    csv.field_size_limit(_LONGEST_CELL)
    for reject in csv.DictReader(io.StringIO(content.decode("utf-8", "replace"))):
        texts = {name: unguarded(text) for name, text in reject.items() if isinstance(text, str)}
        column, code = texts.get("column", ""), texts.get("code", "")
        cells = _cells_of(texts.get("row", ""), profile)
        header = profile.text.header if profile and len(profile.text.header or ()) == len(cells) else ()
        yield ReadReject(
            line=int(texts.get("line") or 0),
            code=code,
            reason=texts.get("reason", ""),
            fix=texts.get("fix", ""),
            columns=(column,) if column else _columns_of(code, profile),
            value=texts.get("value", ""),
            header=tuple(header or ()),
            cells=cells,
        )


def _columns_of(code: str, profile: Profile | None) -> tuple[str, ...]:
    if profile is None:
        return ()
    columns = [name for field in _FIELDS_OF_CODE.get(code, ()) for name in profile.columns.get(field, ())]
    return tuple(columns or (profile.arrest_key if code == "mixed-arrest" else ()))


def _cells_of(row: str, profile: Profile | None) -> tuple[str, ...]:
    """A row that is no row of cells, such as a JSON object, is one cell."""
    if profile is None or profile.format not in ("delimited", "xlsx") or not row:
        return (row,) if row else ()
    delimiter, quote = (",", '"') if profile.format == "xlsx" else (profile.text.delimiter, profile.text.quote)
    if not quote:
        return tuple(row.split(delimiter))
    return tuple(next(csv.reader([row], delimiter=delimiter, quotechar=quote), ()))
