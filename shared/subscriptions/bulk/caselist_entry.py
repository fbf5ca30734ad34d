"""An entry of an office's caselist, which is its own list of cases or of warrants; how entries are read from rows."""

from collections.abc import Iterable
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

_COLUMNS = ("case_number", "defendant", "prosecutor", "state", "ends", *PERSON, *NUMBERS)


class CaselistKind(StrEnum):
    CASES = "cases"
    WARRANTS = "warrants"

    @property
    def basis(self) -> BasisKind:
        return BasisKind.OPEN_CASE if self is CaselistKind.CASES else BasisKind.WARRANT

    @property
    def name_of_list(self) -> str:
        """Stored as `ended_by` of what the list cancelled."""
        return f"list of {self.value}"


class CaselistEntry(FrozenModel):
    """One defendant of one case or warrant. `defendant` tells several defendants of one case apart."""

    case_number: Text
    defendant: str = Field(default="", max_length=100)
    prosecutor: Email
    state: Literal["open", "closed", "active", "cleared"]
    criterion: Criterion
    ends: date | None = Field(default=None, description="the last day, such as the end of supervision")

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "active")


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
    if "ends" in cells:
        fields["ends"] = parse_day(cells["ends"])
    try:
        return CaselistEntry.model_validate(fields)
    except ValidationError as error:
        raise rejected_column(error) from error
