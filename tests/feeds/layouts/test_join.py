"""Rows of other files are joined to the arrests of one, and every row of every file has exactly one outcome."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.items import WriteOutcome
from shared.arrests.model import EventKind, Flag
from shared.errors import Rejected
from shared.feeds.intake.receipt import file_counts
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import PROFILES, shipped
from tests.feeds.layouts.several_files import BOOKINGS, CHARGES, RELEASES, a_booking, a_charge, a_file, read_archive


def changed(old: str, new: str) -> Profile:
    text = (PROFILES / "sheriff-files.yaml").read_text()
    assert old in text
    return parse_profile(text.replace(old, new))


def counts(parsed: ParsedDrop) -> dict[str, dict[str, int]]:
    """The counts of each file as if nothing were stored yet, and without noughts."""
    outcomes = dict.fromkeys((each.arrest.arrest_id for each in parsed.arrests), WriteOutcome.ACCEPTED)
    files = file_counts(parsed, outcomes)
    for file in files:
        rows = file.rows
        assert rows.read == rows.accepted + rows.updated + rows.unchanged + rows.rejected + rows.skipped
    assert sum(file.rows.read for file in files) == parsed.rows
    return {file.layout: {name: count for name, count in file.rows if count} for file in files}


def test_charges_of_their_own_file_are_those_of_the_arrest_with_their_number() -> None:
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1), a_booking(2)),
            "charges.csv": a_file(CHARGES, a_charge(1), a_charge(1, "PL 155.30"), "b-2 ,PL 140.10,Trespass,M"),
        }
    )
    statutes = {each.arrest.number: {charge.statute for charge in each.arrest.charges} for each in parsed.arrests}
    assert statutes == {"B-1": {"PL 120.00", "PL 155.30"}, "B-2": {"PL 140.10"}}
    assert [each.arrest.person.names[0].surname for each in parsed.arrests] == ["SurnameB", "SurnameC"]
    assert counts(parsed) == {"bookings": {"read": 2, "accepted": 2}, "charges": {"read": 3, "accepted": 3}}


def test_files_of_other_layouts_in_one_archive_are_each_read_by_their_own() -> None:
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1)),
            "charges.csv": a_file(CHARGES),
            "releases.csv": a_file(RELEASES, "B-1,SurnameB,Given,04/05/1981,11/20/2026"),
        }
    )
    assert [each.arrest.kind for each in parsed.arrests] == [EventKind.BOOKING, EventKind.RELEASE]


def test_a_charge_of_no_arrest_is_a_reject_that_names_file_line_and_column() -> None:
    parsed = read_archive(
        {"bookings.csv": a_file(BOOKINGS, a_booking(1)), "charges.csv": a_file(CHARGES, a_charge(1), a_charge(9))}
    )
    (reject,) = parsed.rejects
    assert (reject.code, reject.column, reject.row) == ("reference", "Booking No", a_charge(9))
    assert reject.reason == (
        "No arrest of the `bookings` file has the Booking No of this row. (Line 3 of the `charges` file.)"
    )
    assert counts(parsed)["charges"] == {"read": 2, "accepted": 1, "rejected": 1}


def test_rows_without_an_arrest_are_skipped_where_the_profile_says_so() -> None:
    parsed = read_archive(
        {"bookings.csv": a_file(BOOKINGS, a_booking(1)), "charges.csv": a_file(CHARGES, a_charge(9))},
        changed("missing: refuse", "orphans: skip"),
    )
    assert parsed.skipped == {"belongs to no arrest of the `bookings` file": 1}
    assert counts(parsed)["charges"] == {"read": 1, "skipped": 1}


def test_rows_of_an_arrest_that_is_rejected_are_rejected_with_it() -> None:
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1, booked="soon"), a_booking(2)),
            "charges.csv": a_file(CHARGES, a_charge(1), a_charge(2)),
        }
    )
    assert [reject.code for reject in parsed.rejects] == ["bad-date", "bad-date"]
    assert counts(parsed) == {
        "bookings": {"read": 2, "accepted": 1, "rejected": 1},
        "charges": {"read": 2, "accepted": 1, "rejected": 1},
    }


def test_two_people_under_one_number_are_rejected_with_their_charges() -> None:
    rows = a_file(BOOKINGS, a_booking(1), a_booking(1, last="Other"))
    parsed = read_archive({"bookings.csv": rows, "charges.csv": a_file(CHARGES, a_charge(1))})
    assert [reject.code for reject in parsed.rejects] == ["mixed-arrest"] * 3
    assert not parsed.arrests


PEOPLE = """
  people:
    files: people*.csv
    join: {to: bookings, by: number}
    columns: {number: Booking No, sid: State Id, alias: Alias, address: Street, surname: Last Name}
"""


def with_people() -> Profile:
    return parse_profile((PROFILES / "sheriff-files.yaml").read_text().rstrip("\n") + PEOPLE)


def test_a_file_of_people_fills_what_the_arrest_does_not_say_and_adds_aliases_and_numbers() -> None:
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1)),
            "charges.csv": a_file(CHARGES, a_charge(1)),
            "people.csv": a_file(
                "Booking No,State Id,Alias,Street,Last Name", "B-1,NY12345,Wren Alder,7 Mill Lane,", "B-1,,Moss Alder,,"
            ),
        },
        with_people(),
    )
    (only,) = parsed.arrests
    person = only.arrest.person
    assert {name.surname for name in person.names} == {"SurnameB", "Alder"}
    assert {name.given for name in person.names} == {"Given", "Wren", "Moss"}
    assert "12345" in {identifier.value for identifier in person.identifiers} or person.identifiers
    assert only.arrest.place.address.startswith("7 ")
    assert (only.rows, len(only.arrest.charges)) == (4, 1)


def test_a_file_of_bonds_brings_a_case_with_the_bail_of_each_row() -> None:
    bonds = """
  bonds:
    files: bonds*.csv
    join: {to: bookings, by: number}
    columns: {number: Booking No, docket: Docket, bail: Amount}
"""
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1)),
            "charges.csv": a_file(CHARGES, a_charge(1)),
            "bonds.csv": a_file("Booking No,Docket,Amount", "B-1,CR-1,500", "B-1,CR-2,$750 CASH"),
        },
        parse_profile((PROFILES / "sheriff-files.yaml").read_text().rstrip("\n") + bonds),
    )
    (only,) = parsed.arrests
    assert [(case.docket, str(case.bail)) for case in only.arrest.cases] == [("CR-1", "$500"), ("CR-2", "$750 cash")]
    assert (only.rows, len(only.arrest.charges)) == (4, 1)


def test_a_row_that_names_somebody_else_rejects_the_arrest_and_all_its_rows() -> None:
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1)),
            "charges.csv": a_file(CHARGES, a_charge(1)),
            "people.csv": a_file("Booking No,State Id,Alias,Street,Last Name", "B-1,,,,Somebody"),
        },
        with_people(),
    )
    assert [reject.code for reject in parsed.rejects] == ["mixed-arrest"] * 3


def test_one_number_in_every_row_of_two_large_files_costs_no_more_than_the_rows() -> None:
    """Each row of one file belongs to each of the other: a hundred million pairs, if pairs were looked at."""
    rows = 10_000
    bookings = a_file(BOOKINGS, *[a_booking(1)] * rows)
    parsed = read_archive(
        {"bookings.csv": bookings, "charges.csv": a_file(CHARGES, *(a_charge(1, f"PL {law}") for law in range(rows)))}
    )
    assert [each.rows for each in parsed.arrests] == [2 * rows]
    assert counts(parsed)["charges"] == {"read": rows, "accepted": rows}


def test_an_archive_without_the_partner_is_refused_or_read_with_a_flag() -> None:
    alone = {"bookings.csv": a_file(BOOKINGS, a_booking(1))}
    with pytest.raises(Rejected, match="The `charges` file that belongs to this file did not come"):
        read_archive(alone)
    (only,) = read_archive(alone, changed("missing: refuse", "missing: read")).arrests
    assert Flag.PARTNER_MISSING in only.arrest.flags


def test_a_file_of_an_archive_that_no_layout_claims_is_one_reject_that_names_the_patterns() -> None:
    parsed = read_archive(
        {
            "bookings.csv": a_file(BOOKINGS, a_booking(1)),
            "charges.csv": a_file(CHARGES),
            "notes.txt": b"nothing here\nnor here\n",
        }
    )
    (reject,) = parsed.rejects
    assert reject.code == "layout"
    assert "`bookings*.csv` (bookings), `charges*.csv` (charges), `releases*.csv` (releases)" in reject.reason
    assert counts(parsed)[""] == {"read": 1, "rejected": 1}
    with pytest.raises(Rejected, match="No layout of the profile claims this file"):
        read_archive({"notes.txt": b"nothing\n"})


def test_a_file_that_cannot_be_read_refuses_the_drop_with_the_name_of_its_layout() -> None:
    with pytest.raises(Rejected, match="In the `charges` file: The header lacks the columns"):
        read_archive(
            {"bookings.csv": a_file(BOOKINGS, a_booking(1)), "charges.csv": a_file("Booking No,Law", "B-1,PL 120.00")}
        )


bookings = st.lists(
    st.one_of(
        st.integers(0, 6).map(a_booking),
        st.integers(0, 6).map(lambda number: a_booking(number, last="Other")),
        st.sampled_from(["", "x", a_booking(3, booked="soon"), ",,,,,", BOOKINGS]),
    ),
    max_size=12,
)
charges = st.lists(
    st.one_of(st.integers(0, 9).map(a_charge), st.sampled_from(["", '"', ",PL 1,Theft,F", "N/A,,,", CHARGES])),
    max_size=12,
)


@given(bookings, charges, st.sampled_from(["orphans: reject", "orphans: skip"]))
def test_every_row_of_every_file_is_accounted_for_once(arrests: list[str], rows: list[str], orphans: str) -> None:
    parsed = read_archive(
        {"bookings.csv": a_file(BOOKINGS, *arrests), "charges.csv": a_file(CHARGES, *rows)},
        changed("missing: refuse", orphans),
    )
    of_files = counts(parsed)
    assert of_files["bookings"].get("read", 0) <= len(arrests)
    assert of_files["charges"].get("read", 0) <= len(rows)
    total = Counter[str]()
    for of_file in of_files.values():
        total.update(of_file)
    assert total["read"] == total["accepted"] + total["rejected"] + total["skipped"] == parsed.rows


@given(bookings, charges)
def test_shuffled_rows_are_the_same_arrests(arrests: list[str], rows: list[str]) -> None:
    def read(*, backwards: bool) -> set[tuple[str, str]]:
        step = -1 if backwards else 1
        files = {"bookings.csv": a_file(BOOKINGS, *arrests[::step]), "charges.csv": a_file(CHARGES, *rows[::step])}
        return {(each.arrest.arrest_id, each.arrest.content) for each in read_archive(files).arrests}

    assert read(backwards=False) == read(backwards=True)


def test_the_shipped_profile_of_several_files_reads_each_by_name() -> None:
    profile = shipped("sheriff-files")
    assert [*profile.layouts] == ["bookings", "charges", "releases"]
    assert [*profile.partners_of("bookings")] == ["charges"]
