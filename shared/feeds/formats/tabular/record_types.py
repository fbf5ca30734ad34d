"""Rows of several kinds in one file: arrests, the charges that belong to them, and rows that are ignored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from shared.feeds.forbidden_fields import fold_name
from shared.feeds.formats.layout_keys import KeyFault
from shared.feeds.formats.tabular.columns import Columns
from shared.feeds.formats.tabular.header import without_absent_columns
from shared.feeds.layout import FileLayout, RecordTypes
from shared.feeds.record import RawRecord, ReadResult, Reject, Skip

_UNKNOWN = (
    "record-type",
    "The row is of a type that the profile does not name.",
    "Name the type in `record_types`, as arrests, charges or ignored.",
)
_NO_ARREST = (
    "reference",
    "The row is a charge of an arrest that is not in the file.",
    "Send the arrest and its charges in one file.",
)


def columns_by_type(layout: FileLayout, types: RecordTypes, headers: Mapping[str, Sequence[str]]) -> dict[str, Columns]:
    """Maps each type that is read to the columns of its rows; `headers` has the names of its columns.

    Raises Rejected when no type has one of the columns of the layout, or when they do not fit together otherwise.
    """
    everywhere = layout.model_copy(update={"optional": tuple(layout.column_names)})
    columns = dict[str, Columns]()
    for word in types.read_types:
        names = [fold_name(name) for name in headers[word]]
        columns[word] = Columns(headers[word], without_absent_columns(everywhere, names))
    return columns


class RecordTypeReader:
    """Gives each row the meaning of its type. A row of a charge becomes a record of its arrest with that charge."""

    def __init__(self, types: RecordTypes) -> None:
        self._types = types
        self._last: RawRecord | None = None
        self._by_number: dict[str, RawRecord] = {}
        self._waiting: defaultdict[str, list[RawRecord]] = defaultdict(list)

    def unread(self, line: int, word: str, row: str) -> Skip | Reject:
        """What becomes of a row whose type is none that is read."""
        return Skip(line, f"record type {word}") if word in self._types.ignored else Reject(line, *_UNKNOWN, row)

    def read(self, word: str, result: ReadResult) -> Iterator[ReadResult]:
        """Yields what the row gives; nothing yet for a charge that stands before its arrest."""
        if not isinstance(result, RawRecord):
            yield result
        elif word in self._types.charges:
            yield from self._charge(result)
        else:
            self._last = result
            if number := result.event.number.strip():
                self._by_number[number] = result
            yield result
            yield from (_with_charge_of(result, charge) for charge in self._waiting.pop(number, ()))

    def finish(self) -> Iterator[Reject]:
        """Call it after the last row."""
        for charges in self._waiting.values():
            yield from (Reject(charge.line, *_NO_ARREST, charge.row) for charge in charges)

    def _charge(self, charge: RawRecord) -> Iterator[RawRecord | Reject]:
        number = charge.event.number.strip()
        arrest = self._by_number.get(number) if number else self._last
        if arrest is not None:
            yield _with_charge_of(arrest, charge)
        elif number:
            self._waiting[number].append(charge)
        else:
            yield Reject(charge.line, *_NO_ARREST, charge.row)


def _with_charge_of(arrest: RawRecord, charge: RawRecord) -> RawRecord:
    return arrest._replace(
        line=charge.line,
        row=charge.row,
        charges=charge.charges,
        unfinished=charge.unfinished,
        unpaired=charge.unpaired,
        case=charge.case if any(charge.case) else arrest.case,
    )


def record_type_faults(layout: FileLayout) -> Iterator[KeyFault]:
    types = layout.record_types
    if types and types.charges and layout.charges != "row per charge":
        yield KeyFault("charges", "must be `row per charge` where `record_types` has rows of charges")
    if types and types.charges and not ("number" in layout.columns or layout.arrest_key):
        yield KeyFault("record_types", "has rows of charges; name the column of the arrest's `number`, or `arrest_key`")
