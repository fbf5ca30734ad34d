"""Workbooks that tests build when they need them, and the golden one: `python -m tests.feeds.workbooks`."""

# ruff: noqa: DTZ001 - cells of a workbook have no time zone

import io
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook

from tests.feeds.cases import HERE


def a_workbook(rows: Iterable[Iterable[Any]], formats: dict[str, str] | None = None, title: str = "Arrests") -> bytes:
    """Returns an .xlsx file. `formats` maps the address of a cell to its number format."""
    book = Workbook()
    notes: Any = book.active
    notes.title = "Hidden notes"
    notes.append(["nothing to see"])
    notes.sheet_state = "hidden"
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    for address, form in (formats or {}).items():
        sheet[address].number_format = form
    book.active = 1
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


GOLDEN: tuple[list[Any], ...] = (
    ["Sample County Sheriff"],
    ["Bkg No", "Arrested", "At", "Name", "DOB", "State ID", "Offense", "Lvl", "SSN", "Beat"],
    [101, datetime(2026, 9, 1), time(23, 40), "TESTMANN, ADA", datetime(1981, 4, 5), 12345, "Assault 3", "M",
     "900-11-2222", 7.0],
    ["102", "09/02/2026", "08:15", "MUSTER, BO", "04/06/1982", "X-77", "Burglary 2", "F", None, True],
    [],
    [103.0, datetime(2026, 9, 3, 4, 5, 6), None, "BEISPIEL, CAM", datetime(2010, 1, 1), None, "#N/A", "Q", None, 7.5],
    [104, "never", None, "BADDATE, DEE", None, None, "Theft", "M", None, None],
    [105, datetime(2026, 9, 4), None, "TOOMANY, EVE", None, None, "Theft", "M", None, None, "more"],
)  # fmt: skip

if __name__ == "__main__":
    drop = a_workbook(GOLDEN, {"B3": "mm/dd/yyyy", "B6": "mm/dd/yyyy hh:mm", "F3": "0000000000", "E3": "mm/dd/yyyy"})
    (HERE / "golden/xlsx/roster.xlsx").write_bytes(drop)
