"""Whether a header and a layout fit together, on plain lists of names."""

import pytest

from shared.errors import Rejected
from shared.feeds.formats.tabular.header import (
    check_header,
    duplicate_columns,
    forbidden_columns,
    missing_columns,
    numbered_charges,
    numbered_positions,
)
from shared.feeds.layout import FileLayout

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
    assert numbered_charges(names, NUMBERED) == [[-1, 3, 0, -1], [-1, 1, -1, -1]]  # statute, charge, class, degree
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
