"""Lines of fixed width: each column stands at its position. Nothing outside of the named positions is read or shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from shared.batching import batches
from shared.feeds.formats.layout_keys import COLUMN_KEYS, KeyFault, LayoutKeys
from shared.feeds.formats.streams.lines import UnfinishedLine, lines
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.formats.tabular.columns import Columns
from shared.feeds.formats.tabular.record_types import RecordTypeReader, columns_by_type, record_type_faults
from shared.feeds.layout import FileLayout, Position, RecordTypes
from shared.feeds.record import DroppedColumns, ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.TEXT

_BATCH = 256  # lines that are read a column at a time
_WITHHELD = "(withheld: the line cannot be decoded, so its columns cannot be told apart)"
_CUT = (
    "unfinished",
    "No line end follows the last line, and it ends before the column that names the arrest.",
    "Send the file again, whole, with a line end after the last line.",
)
_CONTROL = ("control-character", "The line holds a lone carriage return.", "Remove it, or export the file again.")
Positions = Mapping[str, Position]


def _faults(layout: FileLayout) -> Iterator[KeyFault]:
    types = layout.record_types
    own = types.positions.values() if types else ()
    named = {*layout.positions, *(name for positions in own for name in positions)}
    if missing := [name for name in layout.column_names if name not in named and "{n}" not in name]:
        yield KeyFault("positions", f"lacks {', '.join(missing)}; write where they stand in the line")
    if types and types.column not in layout.positions:
        yield KeyFault("positions", f"lacks {types.column}, which says the type of a record; write where it stands")
    yield from record_type_faults(layout)


KEYS = LayoutKeys(
    COLUMN_KEYS | {"text.encoding", "text.skip_lines", "positions", "record_types"},
    frozenset({"columns", "positions"}),
    _faults,
)


class LineColumns(NamedTuple):
    """The columns of one type of line. `identified` is the end of the last column that identifies an arrest."""

    columns: Columns
    spans: tuple[slice, ...]
    forbidden: tuple[slice, ...]
    identified: int

    def cells(self, line: str) -> list[str]:
        """Without blanks around them. What a short line lacks is blank: many systems cut blanks off at its end."""
        return [line[span].strip() for span in self.spans]

    def allowed(self, line: str) -> str:
        """The line with blanks where forbidden columns stand, whatever other column overlaps them."""
        for span in self.forbidden:
            line = line[: span.start] + " " * len(line[span]) + line[span.stop :]
        return line

    def row(self, line: str) -> str:
        """The line as the reject file may repeat it: blank but for the named columns."""
        shown = [" "] * len(line)
        for span in self.spans:
            shown[span] = line[span]
        return "".join(shown).rstrip()


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the columns of the layout do not fit together."""
    numbered = enumerate(lines(stream, layout.text.encoding), 1)
    below = ((number, line) for number, line in numbered if number > layout.text.skip_lines)
    if layout.record_types:
        return _read_typed(below, layout, layout.record_types)
    return _read_plain(below, _line_columns(Columns([*layout.positions], layout), layout.positions, layout))


def _read_plain(numbered: Iterable[tuple[int, str | Reject]], line_columns: LineColumns) -> Iterator[ReadResult]:
    yield from _dropped([line_columns])
    for batch in batches(numbered, _BATCH):
        yield from _read_batch(batch, line_columns) or (_read_line(*pair, line_columns) for pair in batch)


def _read_batch(batch: Sequence[tuple[int, str | Reject]], line_columns: LineColumns) -> Iterator[ReadResult] | None:
    """Vectorised fast path: the same result as `_read_line` for each. None if a line needs `_read_line`."""
    numbers, batch_lines = zip(*batch, strict=True)
    if {*map(type, batch_lines)} != {str} or any("\r" in line or "\0" in line for line in batch_lines):
        return None
    allowed = [line_columns.allowed(line) for line in batch_lines]
    rows = [line_columns.cells(line) for line in allowed]
    return line_columns.columns.raw_records(numbers, map(line_columns.row, allowed), rows)


def _read_line(number: int, line: str | Reject, line_columns: LineColumns) -> ReadResult:
    if isinstance(line, Reject):
        return line._replace(row=_WITHHELD)
    text = line_columns.allowed(line.replace("\0", " "))  # some systems fill columns with NULs
    row = line_columns.row(text)
    if "\r" in text:
        return Reject(number, *_CONTROL, row)
    unfinished = type(line) is UnfinishedLine
    if unfinished and len(text) < line_columns.identified:
        return Reject(number, *_CUT, row)
    return line_columns.columns.raw_record(number, row, line_columns.cells(text), unfinished)


def _read_typed(
    numbered: Iterable[tuple[int, str | Reject]], layout: FileLayout, types: RecordTypes
) -> Iterator[ReadResult]:
    by_type = _columns_by_type(layout, types)
    reader, type_span = RecordTypeReader(types), layout.positions[types.column].span
    yield from _dropped(by_type.values())
    for number, line in numbered:
        word = "" if isinstance(line, Reject) else line[type_span].strip()
        if isinstance(line, Reject):
            yield line._replace(row=_WITHHELD)
        elif not line.strip():
            yield Skip(number, "blank line")
        elif word in by_type:
            yield from reader.read(word, _read_line(number, line, by_type[word]))
        else:
            yield reader.unread(number, word, word)
    yield from reader.finish()


def _columns_by_type(layout: FileLayout, types: RecordTypes) -> dict[str, LineColumns]:
    positions = {word: {**layout.positions, **types.positions.get(word, {})} for word in types.read_types}
    columns = columns_by_type(layout, types, {word: [*positions[word]] for word in positions})
    return {word: _line_columns(columns[word], positions[word], layout) for word in positions}


def _line_columns(columns: Columns, positions: Positions, layout: FileLayout) -> LineColumns:
    spans = tuple(position.span for position in positions.values())
    identifying = [*layout.arrest_key, *layout.columns.get("number", ())] or [*positions]
    return LineColumns(
        columns,
        spans,
        tuple(spans[index] for index in columns.forbidden),
        max((positions[name].end for name in identifying if name in positions), default=0),
    )


def _dropped(line_columns: Iterable[LineColumns]) -> Iterator[DroppedColumns]:
    names = dict.fromkeys(name for each in line_columns for name in each.columns.forbidden_names)
    if names:
        yield DroppedColumns(tuple(names))
