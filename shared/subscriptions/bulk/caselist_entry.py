"""An entry of an office's caselist, which is its own list of cases, warrants, orders of protection or persons under
supervision; how entries are read from rows.

Nothing here names whom an order protects: a row has no place for it, and a file with such a column is refused whole.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from shared.errors import Rejected
from shared.feeds.formats.tabular.table import TableKind, read_table
from shared.feeds.record import Reject
from shared.matching.criteria import Criterion
from shared.offices.recipient import BasisKind, Email, Text
from shared.subscriptions.bulk.row_errors import MAX_ROWS, too_many_rows
from shared.subscriptions.bulk.upload_row import NUMBERS, PERSON, Cells, criterion_of, parse_day, rejected_column
from shared.value import FrozenModel

_COLUMNS = ("case_number", "defendant", "prosecutor", "state", "ends", "supervision", *PERSON, *NUMBERS)
_FOR_LIFE = "life"


class CaselistKind(StrEnum):
    CASES = "cases"
    WARRANTS = "warrants"
    ORDERS = "orders-of-protection"
    SUPERVISION = "supervision"

    @property
    def basis(self) -> BasisKind:
        return _BASES[self]

    @property
    def name_of_list(self) -> str:
        """Stored as `ended_by` of what the list cancelled."""
        return f"list of {self.value.replace('-', ' ')}"


_BASES: Mapping[CaselistKind, BasisKind] = {
    CaselistKind.CASES: BasisKind.OPEN_CASE,
    CaselistKind.WARRANTS: BasisKind.WARRANT,
    CaselistKind.ORDERS: BasisKind.ORDER,
    CaselistKind.SUPERVISION: BasisKind.SUPERVISION,
}
_END_BY_THEMSELVES = frozenset({CaselistKind.ORDERS, CaselistKind.SUPERVISION})
"""The lists whose entries say when they end, and are over then whether or not a later list says so."""


class SupervisionKind(StrEnum):
    PAROLE = "parole"
    PROBATION = "probation"
    CONDITIONS = "conditions of release"
    CURFEW = "curfew"


class CaselistEntry(FrozenModel):
    """One person of one case, warrant or order, or under one supervision. `defendant` tells several persons of one case
    apart. `prosecutor` is whoever answers for the watch, such as the officer who supervises. `lifelong` is for a
    supervision without an end."""

    case_number: Text
    defendant: str = Field(default="", max_length=100)
    prosecutor: Email
    state: Literal["open", "closed", "active", "cleared", "vacated", "ended"]
    criterion: Criterion
    ends: date | None = Field(default=None, description="the last day, such as the end of supervision")
    lifelong: bool = False
    supervision: SupervisionKind | None = None

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "active")

    def on_day(self, kind: CaselistKind, today: date) -> "CaselistEntry":
        """The entry as it stands today: an order or a supervision whose last day is past has ended.

        Raises Rejected for what the list must say of an open entry and this one does not.
        """
        if self.supervision and kind is not CaselistKind.SUPERVISION:
            raise Rejected(
                "supervision", "Only the list of supervision has kinds of supervision.", "Leave supervision blank."
            )
        if not self.is_open:
            return self
        if kind in _END_BY_THEMSELVES and self.ends and self.ends < today:
            return self.model_copy(update={"state": "ended"})
        if kind is CaselistKind.SUPERVISION and self.supervision is None:
            kinds = ", ".join(SupervisionKind)
            raise Rejected("supervision", "The row does not say what the supervision is.", f"Write one of: {kinds}.")
        if kind in _END_BY_THEMSELVES and self.ends is None and not self._may_last:
            raise Rejected("ends", "The row does not say when it ends.", _ENDS[kind])
        return self

    @property
    def _may_last(self) -> bool:
        return self.lifelong and self.supervision is not None


_ENDS: Mapping[CaselistKind, str] = {
    CaselistKind.ORDERS: "Write the last day of the order like 2027-06-30, and a later one when it is extended.",
    CaselistKind.SUPERVISION: "Write the last day of the supervision like 2027-06-30; `life` if it has none.",
}


class CaselistRow(NamedTuple):
    """`line` counts from 1, in the file or in the request. A row that cannot be read is a reject."""

    line: int
    entry: CaselistEntry | Reject


def read_caselist(content: bytes, kind: TableKind) -> list[CaselistRow]:
    """Reads a file. Raises Rejected when it cannot be read as a whole or has too many rows."""
    rows = [
        CaselistRow(row.line, row if isinstance(row, Reject) else _entry_of(row.line, row.cells))
        for row in read_table(content, kind, _COLUMNS)
    ]
    if len(rows) > MAX_ROWS:
        raise too_many_rows()
    return rows


def parse_caselist(rows: Iterable[Cells]) -> list[CaselistRow]:
    """Reads rows that came as JSON, with the same names as the columns of a file."""
    return [CaselistRow(number, _entry_of(number, cells)) for number, cells in enumerate(rows, 1)]


def _entry_of(line: int, cells: Cells) -> CaselistEntry | Reject:
    try:
        return _parse_entry(cells)
    except Rejected as error:
        return Reject(line, error.code, error.reason, error.fix)


def _parse_entry(cells: Cells) -> CaselistEntry:
    """Raises Rejected with the first column that is wrong."""
    person_cells = {name: cells[name] for name in (*PERSON, *NUMBERS) if name in cells}
    fields: dict[str, Any] = {name: cells[name] for name in ("case_number", "defendant", "prosecutor") if name in cells}
    fields |= {"state": cells.get("state", "").casefold(), "criterion": criterion_of(person_cells)}
    if "supervision" in cells:
        fields["supervision"] = cells["supervision"].casefold()
    if cells.get("ends", "").casefold() == _FOR_LIFE:
        fields["lifelong"] = True
    elif "ends" in cells:
        fields["ends"] = parse_day(cells["ends"])
    try:
        return CaselistEntry.model_validate(fields)
    except ValidationError as error:
        raise rejected_column(error) from error
