"""The sheets of a workbook, and workbooks that may kill the process that reads them."""

import io
import random
import subprocess
import sys
from itertools import repeat
from pathlib import Path

import pytest
from openpyxl import Workbook

from shared.errors import Rejected
from shared.feeds.formats.workbooks import calamine_child, child_process
from shared.feeds.formats.workbooks.sheets import OTHER_COLUMNS, OTHER_SHEET
from shared.feeds.layout import TextLayout
from shared.feeds.profiles.model import Profile
from tests.feeds.cases import HERE, shipped
from tests.feeds.open_documents import an_ods, ods_of
from tests.feeds.small_drops import HEADER, a_profile, a_row, codes, numbers, read

OLD = (HERE / "golden/xls/old-excel.xls").read_bytes()
REPEATED = (
    '<table:table table:name="Arrests"><table:table-row table:number-rows-repeated="{rows}"><table:table-cell'
    ' table:number-columns-repeated="{columns}" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    "</table:table-row></table:table>"
)


def rows_of(*lines: str) -> list[list[str]]:
    return [line.split(",") for line in (HEADER, *lines)]


def a_book(**sheets: list[list[str]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(file)
    return file.getvalue()


def a_sheet_profile(sheet: str, form: str = "xlsx") -> Profile:
    return a_profile(format=form, text=TextLayout(sheet=sheet))


SHEETS = {
    "June": rows_of(a_row(1), a_row(2, Date="never")),
    "Legend": [["M", "misdemeanor"]],
    "July": rows_of(a_row(3), "T-4,never,A,B,,PL 1,C,M,too many"),
}


@pytest.mark.parametrize("form", ["ods", "xlsx"])
@pytest.mark.parametrize(
    ("sheet", "found", "skipped", "rejects"),
    [
        ("", ["T-1"], {OTHER_SHEET: 1 + 3}, [(3, "bad-date")]),
        ("july", ["T-3"], {OTHER_SHEET: 3 + 1}, [(3, "too-many-cells")]),
        ("all", ["T-1", "T-3"], {OTHER_COLUMNS: 1}, [(3, "bad-date"), (7, "too-many-cells")]),
    ],
)
def test_a_sheet_is_named_or_all_are_read_and_no_row_of_another_is_lost_from_sight(
    form: str, sheet: str, found: list[str], skipped: dict[str, int], rejects: list[tuple[int, str]]
) -> None:
    drop = an_ods(SHEETS) if form == "ods" else a_book(**SHEETS)
    outcome = read(drop, a_sheet_profile(sheet, form))
    assert (numbers(outcome), outcome.skipped, codes(outcome)) == (found, skipped, rejects)
    assert outcome.rows == sum([len(found), *skipped.values(), len(rejects)])


def test_a_reject_of_a_further_sheet_says_where_it_stands() -> None:
    outcome = read(a_book(**SHEETS), a_sheet_profile("all"))
    assert outcome.rejects[1].reason.endswith("(Row 3 of sheet 3.)")


def test_a_workbook_of_which_no_sheet_has_the_columns_is_refused() -> None:
    with pytest.raises(Rejected, match="lacks the columns"):
        read(a_book(One=[["a"]], Two=[["b"]]), a_sheet_profile("all"))
    with pytest.raises(Rejected, match="has no sheet 'May'"):
        read(a_book(**SHEETS), a_sheet_profile("May"))


def test_of_a_long_sheet_that_nobody_reads_enough_rows_are_counted_to_be_seen() -> None:
    book = a_book(June=rows_of(a_row(1)), Raw=[*repeat(["x"], 10_200)])
    assert read(book, a_sheet_profile("")).skipped == {OTHER_SHEET: 10_000}


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 16_384), (1_048_576, 8), (1, 2_000_000_000)])
def test_a_small_workbook_that_unfolds_to_billions_of_cells_costs_a_child_and_not_the_reader(
    rows: int, columns: int
) -> None:
    bomb = ods_of(REPEATED.format(rows=rows, columns=columns))
    assert len(bomb) < 2_000
    with pytest.raises(Rejected) as refused:
        read(bomb, a_sheet_profile("", "ods"))
    assert refused.value.code in ("too-large", "workbook", "header")


@pytest.mark.parametrize("form", ["ods", "xls"])
@pytest.mark.parametrize(
    "seeds", [range(8), pytest.param(range(8, 200), marks=pytest.mark.exhaustive)], ids=["8", "200"]
)
def test_damaged_workbooks_are_refused_or_read_and_never_break_the_reader(form: str, seeds: range) -> None:
    whole = OLD if form == "xls" else an_ods(SHEETS)
    profile = shipped("old-excel") if form == "xls" else a_sheet_profile("", "ods")
    known = {parsed.arrest.number for parsed in read(whole, profile).arrests}
    for seed in seeds:
        chance, hurt = random.Random(seed), bytearray(whole)
        for _ in range(1 + seed % 5):
            hurt[chance.randrange(512 if seed % 2 else 0, len(hurt))] = chance.randrange(256)
        try:
            outcome = read(bytes(hurt), profile)
        except Rejected:
            continue
        assert outcome.rows == sum([len(outcome.arrests), len(outcome.rejects), outcome.skipped.total()])
        assert len(outcome.arrests) <= len(known) + 2


def test_a_child_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "MOST_SECONDS", 0.001)
    with pytest.raises(Rejected, match="more memory or time"):
        read(OLD, shipped("old-excel"))


def test_a_row_larger_than_any_list_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "_LONGEST_ROW", 30)
    with pytest.raises(Rejected, match="more memory or time"):
        read(OLD, shipped("old-excel"))


def test_an_office_file_that_holds_no_workbook_is_refused() -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    with pytest.raises(Rejected, match="no workbook inside, or is damaged"):
        read(head + bytes(4_000), shipped("old-excel"))


def test_a_child_that_does_not_run_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "_PROGRAM", "/nowhere")
    with pytest.raises(RuntimeError, match="ended with the code"):
        read(OLD, shipped("old-excel"))


def test_the_child_has_little_memory_and_writes_no_file(tmp_path: Path) -> None:
    program = """
import runpy, sys
runpy.run_path(sys.argv[1])["_set_limits"]()
try:
    with open(sys.argv[2], "wb") as file:
        file.write(b"x")
except OSError:
    print("writes nothing")
try:
    bytearray(1 << 30)
except MemoryError:
    print("has little memory")
"""
    arguments = [sys.executable, "-c", program, calamine_child.__file__, str(tmp_path / "file")]
    answer = subprocess.run(arguments, capture_output=True, check=True, text=True)
    assert answer.stdout.splitlines() == ["writes nothing", "has little memory"]
