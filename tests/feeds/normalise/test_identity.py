"""Which record is which arrest: numbers that are none, numbers that were decorated, records without any."""

import pytest

from shared.arrests.model import Flag
from shared.arrests.numbers import normal_number, normal_numbers
from shared.arrests.placeholders import is_placeholder
from tests.feeds.small_drops import a_drop, a_profile, a_row, codes, numbers, read

NOTHING = [
    "PENDING", "TBD", "N/A", "0", "000000", "NONE", "UNKNOWN", "UNK", "Not Provided", "n/a", "-", "99999999", "XXXX",
    "<generator object Cell.read at 0x7f2c>", "#N/A",
]  # fmt: skip


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_number_that_says_nothing_makes_no_two_people_one(nothing: str) -> None:
    outcome = read(a_drop(a_row(1, No=nothing), a_row(2, No=nothing), a_row(3, No=nothing)))
    assert len({parsed.arrest.arrest_id for parsed in outcome.arrests}) == 3
    assert numbers(outcome) == ["", "", ""]
    assert all(Flag.DERIVED_NUMBER in parsed.arrest.flags for parsed in outcome.arrests)


def test_a_profile_adds_texts_that_say_nothing() -> None:
    rows = [a_row(1, No="see file", Last="ask desk", First="ask desk"), a_row(2, No="SEE  FILE", Charge="ask desk")]
    first, second = read(a_drop(*rows), a_profile(blank=("See File", "Ask Desk"))).arrests
    assert (first.arrest.number, second.arrest.number) == ("", "")
    assert first.arrest.person.names == ()
    assert second.arrest.charges[0].text == ""


@pytest.mark.parametrize("number", ["1.23E+05", "2.0261119E+16", "1E+5"])
def test_a_number_that_a_spreadsheet_rounded_is_rejected_with_the_mend(number: str) -> None:
    (reject,) = read(a_drop(a_row(1, No=number))).rejects
    assert (reject.code, reject.column, reject.value) == ("rounded-number", "No", "")
    assert "Format the column as text" in reject.fix


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ('="26-0001"', "26-0001"), ("'26-0001", "26-0001"), ("\u200b26-0001", "26-0001"), ("\ufeff26-0001", "26-0001"),
        ("k-1", "K-1"), (" 26-0001 ", "26-0001"), ("9113.0", "9113"), ("26\u00a00001", "26 0001"), ("12E4", "12E4"),
    ],
)  # fmt: skip
def test_a_decorated_number_is_the_number(written: str, number: str) -> None:
    assert normal_number(written) == number
    assert normal_numbers([written, "7"]) == [number, "7"]


def test_a_number_is_one_number_however_it_is_decorated() -> None:
    plain, decorated = (read(a_drop(a_row(1, No=number))).arrests[0].arrest for number in ("k-1", '"=""K-1"""'))
    assert plain == decorated


def test_two_people_under_one_number_are_both_rejected() -> None:
    rows = [a_row(1, No="CO-1", Last="QUILL", First="ANA", Born="01/02/1988"), a_row(2),
            a_row(3, No="CO-1", Last="OTTER", First="SAM", Born="03/04/1971")]  # fmt: skip
    outcome = read(a_drop(*rows))
    assert (numbers(outcome), codes(outcome)) == (["T-2"], [(2, "mixed-arrest"), (4, "mixed-arrest")])
    assert all("CO-1" in reject.row for reject in outcome.rejects)


def test_a_third_row_does_not_bring_two_people_under_one_number_back() -> None:
    quill, otter = (a_row(1, Last=name) for name in ("QUILL", "OTTER"))
    assert codes(read(a_drop(quill, otter, otter))) == [(line, "mixed-arrest") for line in (2, 3, 4)]


COLUMNS = a_profile().columns | {"person_number": ("Class",)}


def snapshot(text: str, **cells: str) -> list[str]:
    """The ids of two bookings without a number, in a snapshot in which a free text and the charge changed."""
    columns = {name: names for name, names in (COLUMNS | {"charge": ("Charge",)}).items() if name != "charge_class"}
    rows = [a_row(number, No="", Charge=text, Statute=text, **{"Class": f"P{number}"} | cells) for number in (1, 2)]
    outcome = read(a_drop(*rows), a_profile(columns=columns))
    assert all(Flag.DERIVED_NUMBER in parsed.arrest.flags for parsed in outcome.arrests)
    return [parsed.arrest.arrest_id for parsed in outcome.arrests]


@pytest.mark.parametrize(
    "cells", [{}, {"Class": ""}, {"Class": "", "Born": ""}], ids=["person number", "name and birth", "name alone"]
)
def test_a_roster_without_numbers_has_the_same_arrests_the_next_day(cells: dict[str, str]) -> None:
    today, tomorrow = snapshot("held", **cells), snapshot("bail set", **cells)
    assert today == tomorrow
    assert len(set(today)) == 2


def test_records_that_nothing_identifies_are_flagged_with_the_way_out() -> None:
    (weak,), (strong,) = (read(a_drop(a_row(1, No="", Born=born))).arrests for born in ("", "04/05/1981"))
    assert Flag.WEAK_KEY in weak.arrest.flags
    assert "arrest_key" in Flag.WEAK_KEY
    assert Flag.WEAK_KEY not in strong.arrest.flags


@pytest.mark.parametrize(
    "row",
    [
        "TOTAL,,,,,12,,", ",,,TOTAL,,,,", ",,GRAND TOTAL: 12,,,,,", ",,END OF REPORT,,,,,", "31 rows,,,,,,,",
        "*** END OF REPORT ***", "Page 1 of 3", "(31 rows affected)", "TOTAL,12",
    ],
)  # fmt: skip
def test_a_total_or_a_footer_is_no_arrest(row: str) -> None:
    profile = a_profile(columns={**a_profile().columns, "sex": ("Statute",), "statute": ("Class",)})
    outcome = read(a_drop(a_row(1), row), profile)
    assert (len(outcome.arrests), codes(outcome)) == (1, [(3, "no-arrest")])


def test_who_is_known_by_an_identifier_alone_is_somebody() -> None:
    columns = {**a_profile().columns, "sid": ("Charge",)}
    assert len(read(a_drop("T-1,,,,,,01234567A,"), a_profile(columns=columns)).arrests) == 1


@pytest.mark.parametrize("count", [100, 216])
def test_an_arrest_of_more_charges_than_are_kept_is_an_arrest(count: int) -> None:
    charges = "|".join(f"PL {number}.00" for number in range(100, 100 + count))
    (parsed,) = read(
        a_drop(a_row(1, Statute=charges, Charge="", Class="")), a_profile(charges="joined in a cell")
    ).arrests
    assert len(parsed.arrest.charges) == 100
    assert (Flag.CUT_CHARGES in parsed.arrest.flags) is (count > 100)
    assert "more than 100 charges" in Flag.CUT_CHARGES


def test_rows_of_more_charges_than_are_kept_are_an_arrest() -> None:
    rows = [a_row(1, Statute=f"PL {number}.00") for number in range(100, 316)]
    (parsed,) = read(a_drop(*rows), a_profile(charges="row per charge")).arrests
    assert (len(parsed.arrest.charges), parsed.rows) == (100, 216)
    assert Flag.CUT_CHARGES in parsed.arrest.flags


def test_counts_of_one_charge_take_the_place_of_no_other() -> None:
    charges = "|".join(["PL 155.25"] * 150 + ["PL 120.05"])
    (parsed,) = read(
        a_drop(a_row(1, Statute=charges, Charge="", Class="")), a_profile(charges="joined in a cell")
    ).arrests
    assert [charge.statute for charge in parsed.arrest.charges] == ["PL 155.25", "PL 120.05"]


@pytest.mark.parametrize("text", ["PL 120.05", "Assault", "12", "26-0001", "No contact order", "NO OPERATOR LICENSE"])
def test_what_says_something_is_no_placeholder(text: str) -> None:
    assert not is_placeholder(text)
