"""Whether a header and a layout fit together, on plain lists of names."""

import pytest

from shared.errors import Rejected
from shared.feeds.formats.tabular.header import (
    check_header,
    duplicate_columns,
    forbidden_columns,
    is_header,
    missing_columns,
    numbered_charges,
    numbered_positions,
)
from shared.feeds.layout import FileLayout, TextLayout
from tests.feeds.small_drops import HEADER, a_profile, a_row, numbers, read
from tests.feeds.workbooks import a_workbook

SINGLE = FileLayout(columns={"number": ("No",), "name": ("Last", "First")}, arrest_key=("Booked",))
NUMBERED = FileLayout(
    columns={"number": ("No",), "charge": ("Charge {n}",), "charge_class": ("Lvl {n}",)}, charges="numbered columns"
)


@pytest.mark.parametrize(
    ("layout", "names", "missing"),
    [
        (SINGLE, ["no", "last", "first", "booked"], []),
        (SINGLE, ["no", "given", "booked"], ["Last", "First"]),
        (SINGLE, [], ["No", "Last", "First", "Booked"]),
        (NUMBERED, ["no", "charge 1", "lvl 1"], []),
        (NUMBERED, ["no", "charge", "lvl 1"], ["Charge {n}"]),
        (NUMBERED.model_copy(update={"charges": "row per arrest"}), ["no", "charge 1"], ["Charge {n}", "Lvl {n}"]),
    ],
)
def test_the_columns_that_a_header_lacks_are_named_as_the_layout_writes_them(
    layout: FileLayout, names: list[str], missing: list[str]
) -> None:
    assert missing_columns(names, layout) == missing


def test_a_column_counts_as_duplicate_only_where_it_is_read() -> None:
    names = ["no", "last", "first", "booked", "no", "remark", "remark"]
    assert duplicate_columns(names, SINGLE) == ["No"]


def test_a_forbidden_column_counts_only_where_it_is_read() -> None:
    header = ["No", " Last ", "First", "Booked", "SSN"]
    assert forbidden_columns(header, SINGLE, [4]) == []
    assert forbidden_columns(header, SINGLE, [1, 4]) == ["Last"]
    assert forbidden_columns(["No", " Charge 1", "Lvl 1"], NUMBERED, [1]) == ["Charge 1"]


def test_numbered_columns_are_grouped_by_number_whatever_their_order() -> None:
    names = ["lvl 02", "charge 10", "no", "charge 2", "lvl 10x"]
    assert list(numbered_positions(names, "Charge {n}")) == [(10, 1), (2, 3)]
    statute_text_class_degree = [positions[:4] for positions in numbered_charges(names, NUMBERED)]
    assert statute_text_class_degree == [[-1, 3, 0, -1], [-1, 1, -1, -1]]
    assert numbered_charges(names, SINGLE) == []


@pytest.mark.parametrize(
    ("header", "forbidden", "reason"),
    [
        (["No", "Last", "Last"], [0], "lacks the columns First, Booked"),
        (["No;Last;First;Booked"], [], "seem to be parted by a semicolon"),
        (["No", "Last", "First", "Booked", "Last"], [0], "more than one column named Last"),
        (["No", "Last", "First", "Booked"], [0], "The profile reads the columns No, which may not be kept"),
    ],
)
def test_a_header_is_refused_for_its_first_fault(header: list[str], forbidden: list[int], reason: str) -> None:
    with pytest.raises(Rejected) as refused:
        check_header(header, SINGLE, forbidden)
    assert refused.value.code == "header"
    assert reason in refused.value.reason


def test_a_header_that_has_all_columns_once_is_taken() -> None:
    check_header([" no", "LAST", "First", "Booked", "SSN"], SINGLE, [4])


FOUND = TextLayout(header_contains=("Arrest No", "Name"))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["Name", " arrest  NO ", "DOB"], True),
        (["Name", "Arrest No. of the day"], False),
        (["Name"], False),
        ([], False),
    ],
)
def test_a_header_is_found_by_the_cells_that_it_contains(cells: list[str], found: bool) -> None:
    assert is_header(cells, FOUND) is found


@pytest.mark.parametrize("form", ["delimited", "xlsx"])
@pytest.mark.parametrize("above", [0, 1, 7, 99, 100])
def test_a_header_is_found_below_a_changing_number_of_lines_in_text_and_workbooks(form: str, above: int) -> None:
    rows = [["Report", "Name"], [], ["No", "by whom"]] * 34
    table = [*rows[:above], HEADER.split(","), a_row(1).split(",")]
    drop = a_workbook(table) if form == "xlsx" else "\n".join([*map(",".join, table), ""]).encode()
    profile = a_profile(format=form, text=TextLayout(header_contains=("No", "Date")))
    if above == 100:
        with pytest.raises(Rejected, match="None of the first 100 lines has the cells No, Date"):
            read(drop, profile)
    else:
        assert numbers(read(drop, profile)) == ["T-1"]
