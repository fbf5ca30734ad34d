"""Delimited text: comma, tab, pipe, semicolon; with or without a header line; quoted cells may span lines."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import BinaryIO, TypeVar

from shared.domain.errors import Rejected
from shared.feeds.contract import (
    ChargeText,
    Draft,
    Dropped,
    EventText,
    NameText,
    PersonText,
    PlaceText,
    Read,
    Reject,
    Skip,
)
from shared.feeds.lines import lines
from shared.feeds.profile import DELIMITERS, Profile
from shared.feeds.records import Cells, Record, Records
from shared.feeds.sensitive import is_sensitive

_WITHHELD = "(withheld: the row has columns that may not be kept, and its cells cannot be told apart)"
_CUT = ("unfinished", "No line end follows the last row, and the cell that may be cut there names the arrest.",
        "Send the file again, whole, with a line end after the last row.")  # fmt: skip

Texts = TypeVar("Texts", EventText, NameText, PersonText, PlaceText, ChargeText)


class Columns:
    """Where our words lie in a row of this file. A missing word points at one empty cell that is added to each row."""

    def __init__(self, header: Sequence[str], profile: Profile) -> None:
        self.names = [_folded(name) for name in header]
        self.said = list(header)
        self._delimiter, self._quote = profile.text.delimiter, profile.text.quote
        barred = {_folded(name) for name in profile.drop}
        self.barred = [at for at, name in enumerate(self.names) if name in barred or is_sensitive(header[at])]
        self._check(profile)
        self._joined: list[list[int]] = []
        self.event = self._texts(EventText, profile)
        self.name = self._texts(NameText, profile)
        self.person = self._texts(PersonText, profile)
        self.place = self._texts(PlaceText, profile)
        self.charge = self._texts(ChargeText, profile)
        kept = [at for at in range(len(header)) if at not in self.barred]
        self.facts = _getter([self._at(name) for name in profile.arrest_key] or kept)
        named = [*profile.arrest_key, *profile.columns.get("number", ())]
        self.last_cell_names_the_arrest = not named or self.names[-1] in {_folded(name) for name in named}
        self.with_person = any(word in profile.columns for word in NameText._fields)

    def row(self, cells: Cells) -> Cells:
        """The cells, the joined cells, an empty one."""
        if not self._joined:
            return [*cells, ""]
        joined = [" ".join(filter(None, (cells[at].strip() for at in parts))) for parts in self._joined]
        return [*cells, *joined, ""]

    def shown(self, cells: Cells, text: str) -> str:
        """The row as it may be kept: cells of barred columns are blanked."""
        if not self.barred:
            return text
        if len(cells) != len(self.names):
            return _WITHHELD
        kept = ["" if at in self.barred else cell for at, cell in enumerate(cells)]
        if not self._quote or self._quote not in text:
            return self._delimiter.join(kept)
        line = io.StringIO()
        csv.writer(line, delimiter=self._delimiter, quotechar=self._quote, lineterminator="").writerow(kept)
        return line.getvalue()

    def _at(self, name: str) -> int:
        return self.names.index(_folded(name))

    def _texts(self, kind: type[Texts], profile: Profile) -> Callable[[Cells], Texts]:
        """A function from a row to these texts; `tuple.__new__` is five times as fast as `_make`."""
        cells = _getter([self._place_of(profile.columns.get(word, ())) for word in kind._fields])
        make = partial(tuple.__new__, kind)
        return lambda row: make(cells(row))

    def _place_of(self, names: Sequence[str]) -> int:
        if len(names) < 2:
            return self._at(names[0]) if names else -1
        self._joined.append([self._at(name) for name in names])
        return len(self.names) + len(self._joined) - 1

    def _check(self, profile: Profile) -> None:
        wanted = dict.fromkeys([*(name for names in profile.columns.values() for name in names), *profile.arrest_key])
        missing = [name for name in wanted if _folded(name) not in self.names]
        if missing:
            raise Rejected("header", f"The header lacks the columns {', '.join(missing)}.{self._hint(profile)}",
                           "Send the file with these columns, or name the new ones in the profile.")  # fmt: skip
        twice = [name for name in wanted if self.names.count(_folded(name)) > 1]
        if twice:
            raise Rejected("header", f"The header has more than one column named {', '.join(twice)}.",
                           "Give each column its own name.")  # fmt: skip
        barred = [name for name in wanted if self._at(name) in self.barred]
        if barred:
            raise Rejected("header", f"The profile reads the columns {', '.join(barred)}, which may not be kept.",
                           "Take them out of `columns` and `arrest_key`.")  # fmt: skip

    def _hint(self, profile: Profile) -> str:
        others = [word for word, sign in DELIMITERS.items() if sign != profile.text.delimiter]
        seen = [word for word in others if len(self.names) == 1 and DELIMITERS[word] in self.names[0]]
        return f" Its columns seem to be parted by a {seen[0]}." if seen else ""


def read(stream: BinaryIO, profile: Profile) -> Iterator[Read]:
    records = Records(lines(stream, profile.text.encoding), profile)
    columns = Columns(_header(records, profile), profile)
    records.width = width = len(columns.names)
    if columns.barred:
        yield Dropped(tuple(columns.said[at].strip() for at in columns.barred))
    for record in records:
        if isinstance(record, Reject):
            yield record._replace(row=_WITHHELD) if columns.barred else record
            continue
        at, text, cells, unfinished = record
        if len(cells) != width:
            yield _of_another_width(record, columns)
        elif unfinished and columns.last_cell_names_the_arrest:
            yield Reject(at, *_CUT, columns.shown(cells, text))
        else:
            yield _draft(record, columns)


def _draft(record: Record, columns: Columns) -> Draft | Skip:
    at, text, cells, unfinished = record
    row = columns.row(cells)
    event = columns.event(row)
    if cells == columns.said:
        return Skip(at, "header repeated")
    numbered = bool(event.number.strip())
    if not numbered and not any(map(str.strip, cells)):
        return Skip(at, "blank line")
    return Draft(
        at,
        columns.shown(cells, text) if columns.barred else text,
        event,
        (columns.name(row),) if columns.with_person else (),
        columns.person(row),
        columns.place(row),
        (columns.charge(row),),
        () if numbered else columns.facts(row),
        None,
        unfinished,
    )


def _of_another_width(record: Record, columns: Columns) -> Reject | Skip:
    found, width = len(record.cells), len(columns.names)
    if not record.text.strip():
        return Skip(record.line, "blank line")
    code = "too-few-cells" if found < width else "too-many-cells"
    return Reject(record.line, code, f"The row has {found} cells, the header {width}.",
                  "Quote cells that hold the delimiter, and send every column in every row.",
                  columns.shown(record.cells, record.text))  # fmt: skip


def _header(records: Records, profile: Profile) -> Sequence[str]:
    rows = iter(records)
    for _ in range(profile.text.skip_lines):
        next(rows, None)
    if profile.text.header:
        return profile.text.header
    for row in rows:
        if isinstance(row, Reject):
            raise Rejected(row.code, f"The header cannot be read: {row.reason}", row.fix)
        if any(map(str.strip, row.cells)):
            return row.cells
    raise Rejected("empty", "The file is empty.", "Send the file again, with its header line.")


def _getter(places: list[int]) -> Callable[[Cells], tuple[str, ...]]:
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()
