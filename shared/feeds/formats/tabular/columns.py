"""Raw records of the rows of a table, text or workbook: the layout compiled for one header."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import repeat
from operator import itemgetter
from typing import Generic, TypeVar

from shared.arrests.numbers import are_plain_numbers, is_number
from shared.feeds.footers import NO_ARREST, is_footer
from shared.feeds.forbidden_fields import FieldFilter, fold_name
from shared.feeds.formats.charge_cells import Charges, charge_reader
from shared.feeds.formats.tabular.csv_records import fits
from shared.feeds.formats.tabular.header import check_header, numbered_charges, without_absent_columns
from shared.feeds.layout import NUMBER_PLACEHOLDER, Cut, FileLayout
from shared.feeds.record import (
    CaseText,
    ChargeText,
    EventText,
    NameText,
    PersonText,
    PlaceText,
    RawRecord,
    Reject,
    Skip,
)

Cells = Sequence[str]

TextTuple = TypeVar("TextTuple", EventText, NameText, PersonText, PlaceText, CaseText)
Parsed = TypeVar("Parsed")
Cell = TypeVar("Cell")

_new_tuple = tuple.__new__  # five times as fast as `_make`
_REMEMBERED = 16_384  # values of each kind, so that memory does not grow with the file
_EMPTY_CELL = -1  # the position of the empty cell that is added to each row, for fields without a column


class FieldGroup(Generic[Parsed]):
    """Fields that are read together, and what is made of their cells, in one row or in whole columns."""

    def __init__(self, parse: Callable[[tuple[str, ...]], Parsed], positions: list[int]) -> None:
        self._parse = parse
        self._cells_of: Callable[[Cells], tuple[str, ...]] = _getter(positions)
        self.columns_of: Callable[[Sequence[Cells]], tuple[Cells, ...]] = _getter(positions)

    def read_row(self, row: Cells) -> Parsed:
        return self._parse(self._cells_of(row))

    def read_columns(self, columns: Sequence[Cells]) -> Iterable[Parsed]:
        return map(self._parse, zip(*self.columns_of(columns), strict=True))


class Columns:
    """Reads the rows below one header. Raises Rejected when the header and the layout do not fit together."""

    def __init__(self, header: Sequence[str], layout: FileLayout) -> None:
        self.header = list(header)
        self._named_width = max((place for place, name in enumerate(header, 1) if name.strip()), default=0)
        self._names = [fold_name(cell) for cell in header]
        self._layout = layout = without_absent_columns(layout, self._names)
        field_filter = FieldFilter(layout.drop)
        self.forbidden = [position for position, name in enumerate(header) if field_filter.is_forbidden(name)]
        check_header(header, layout, self.forbidden)
        self._computed: list[Callable[[Cells], str]] = []  # joined and cut cells, which are added to each row
        self._has_names = any(field in layout.columns for field in NameText._fields)
        self._event, self._name = self._group(EventText), self._group(NameText)
        self._person = self._group(PersonText) if self._has_names else self._cached_group(PersonText)
        self._place, self._case = self._cached_group(PlaceText), self._cached_group(CaseText)
        self._charges = self._charge_group()
        allowed = [position for position in range(len(header)) if position not in self.forbidden]
        self._facts = _getter([self._position(name) for name in layout.arrest_key] or allowed)
        identifying = [*layout.arrest_key, *layout.columns.get("number", ())]
        self.last_column_identifies = not identifying or self._names[-1] in map(fold_name, identifying)

    @property
    def width(self) -> int:
        return len(self._names)

    def fit(self, cells: list[str]) -> list[str]:
        """The cells in the width of the header. Blank cells behind a row, or names behind a header, are often left out
        on one side; anything else stays as it is."""
        if fits(cells, self.width):
            return cells[: self.width]
        is_short = self._named_width <= len(cells) < self.width
        return [*cells, *[""] * (self.width - len(cells))] if is_short else cells

    @property
    def forbidden_names(self) -> tuple[str, ...]:
        return tuple(self.header[position].strip() for position in self.forbidden)

    def raw_record(self, line: int, text: str, cells: Cells, unfinished: bool) -> RawRecord | Skip:
        """`text` is the row as the reject file may repeat it."""
        if cells == self.header:
            return Skip(line, "header repeated")
        row = [*cells, *[compute(cells) for compute in self._computed], ""]
        event = self._event.read_row(row)
        has_number = is_number(event.number, self._layout.blanks)
        if not (has_number or any(map(str.strip, cells))):
            return Skip(line, "blank line")
        charges, unpaired = self._charges.read_row(row)
        return RawRecord(
            line,
            text,
            event,
            (self._name.read_row(row),) if self._has_names else (),
            self._person.read_row(row),
            self._place.read_row(row),
            charges,
            () if has_number else self._facts(row),
            unfinished=unfinished,
            unpaired=unpaired,
            case=self._case.read_row(row),
        )

    def raw_records(
        self, lines: Iterable[int], texts: Iterable[str], rows: Sequence[Cells]
    ) -> Iterator[RawRecord] | None:
        """Vectorised fast path: the same result as `raw_record` for each row, read a column at a time.

        None if a row needs `raw_record`: it repeats the header, or may have no number.
        """
        computed = [[compute(row) for row in rows] for compute in self._computed]
        columns: list[Cells] = [*zip(*rows, strict=True), *computed, [""] * len(rows)]
        numbers, *_ = self._event.columns_of(columns)
        if self.header in rows or not are_plain_numbers(numbers, self._layout.blanks):
            return None
        charges, unpaired = zip(*self._charges.read_columns(columns), strict=True)
        values = zip(
            lines,
            texts,
            self._event.read_columns(columns),
            zip(self._name.read_columns(columns), strict=True) if self._has_names else repeat(()),
            self._person.read_columns(columns),
            self._place.read_columns(columns),
            charges,
            repeat(()),  # facts
            repeat(None),  # kind
            repeat(False),  # unfinished
            unpaired,
            self._case.read_columns(columns),
            strict=False,
        )
        return map(partial(_new_tuple, RawRecord), values)

    def wrong_width(self, line: int, text: str, row: str, count: int) -> Reject | Skip:
        """For a row of `count` cells, more or fewer than the header. `row` is what the reject file may repeat."""
        if not text.strip():
            return Skip(line, "blank line")
        if count < self.width and is_footer(text.replace(self._layout.text.delimiter, " ")):
            return Reject(line, *NO_ARREST, row)
        return Reject(
            line,
            "too-few-cells" if count < self.width else "too-many-cells",
            f"The row has {count} cells, the header {self.width}.",
            "Quote cells that hold the delimiter, and send every column in every row.",
            row,
        )

    def _position(self, name: str) -> int:
        return self._names.index(fold_name(name))

    def _field_position(self, field: str) -> int:
        names, cut = self._layout.columns.get(field, ()), self._layout.cut.get(field)
        if not names or any(NUMBER_PLACEHOLDER in name for name in names):
            return _EMPTY_CELL
        if len(names) == 1 and cut is None:
            return self._position(names[0])
        self._computed.append(_joined_cells([self._position(name) for name in names], cut))
        return self.width + len(self._computed) - 1

    def _positions(self, kind: type[TextTuple | ChargeText]) -> list[int]:
        return [self._field_position(field) for field in kind._fields]

    def _group(self, kind: type[TextTuple]) -> FieldGroup[TextTuple]:
        """For fields whose cells seldom repeat."""
        return FieldGroup(partial(_new_tuple, kind), self._positions(kind))

    def _cached_group(self, kind: type[TextTuple]) -> FieldGroup[TextTuple]:
        """For fields whose cells repeat: equal cells give the same object. The cache key holds only mapped cells."""
        positions = self._positions(kind)
        mapped = [position for position in positions if position != _EMPTY_CELL]
        fill: Callable[[Cells], tuple[str, ...]] = _getter(
            [mapped.index(position) if position != _EMPTY_CELL else _EMPTY_CELL for position in positions]
        )
        parse = lru_cache(_REMEMBERED)(lambda cells: _new_tuple(kind, fill((*cells, ""))))
        return FieldGroup(parse, mapped or [_EMPTY_CELL])

    def _charge_group(self) -> FieldGroup[Charges]:
        numbered = [position for charge in numbered_charges(self._names, self._layout) for position in charge]
        return FieldGroup(lru_cache(_REMEMBERED)(charge_reader(self._layout)), numbered or self._positions(ChargeText))


def _joined_cells(positions: list[int], cut: Cut | None) -> Callable[[Cells], str]:
    """The cells, or the parts of them that `cut` takes, with a space between them."""
    read_cell = cut.apply if cut else str
    return lambda cells: " ".join(filter(None, (read_cell(cells[position]).strip() for position in positions)))


def _getter(positions: list[int]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
    if len(positions) == 1:
        position = positions[0]
        return lambda row: (row[position],)
    return itemgetter(*positions) if positions else lambda row: tuple(row[:0])
