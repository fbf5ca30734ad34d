"""A profile of several files: what each layout may say, and what is wrong is told with its key."""

import json

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.layouts.claimed import claimed_by
from shared.feeds.profiles.claims import FileClaim, name_of_both
from shared.feeds.profiles.enrolment import names_seals
from shared.feeds.profiles.json_schema import schema
from shared.feeds.profiles.minors import cannot_tell_minors
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import PROFILES, shipped

TEXT = (PROFILES / "sheriff-files.yaml").read_text()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("files: charges*.csv", "files: book*.csv"), "`layouts.charges.files` claims files like `bookings.csv`,"),
        (("files: charges*.csv", "files: ['*']"), "which the layout `bookings` claims too; let their patterns differ"),
        (("    files: releases*.csv\n", ""), "`layouts.releases.files` is missing; write patterns"),
        (("files: releases*.csv", "files: in/releases.csv"), "has `/` or more than 4 `*`"),
        (("to: bookings", "to: releases"), "`layouts.releases.charges` must be `row per charge`"),
        (("to: bookings", "to: charges"), "`layouts.charges.join.to` is no layout to which rows can be joined"),
        (("by: number", "by: sid"), "`layouts.charges.join.by` is none of the choices"),
        (("by: number", "by: booking_number"), "`layouts.charges.columns` lacks `booking_number`, by which"),
        (("wait: 60", "wait: 0"), "`layouts.charges.join.wait` is too small"),
        (("    charges: row per charge\n", ""), "`layouts.bookings.charges` must be `row per charge`"),
        (("      statute: Law", "      statut: Law"), "`layouts.charges.columns.statut` is none of our words"),
        (("    event: release\n", "    event: release\n    agency: other\n"), "`layouts.releases.agency` is said once"),
        (("    event: release\n", "    event: release\n    layout: x\n"), "`layouts.releases.layout` is not a field"),
        (("    event: release\n", "    text: {sheet: June}\n"), "`layouts.releases.text.sheet` is nothing that the"),
        (("    join:", "    dates: iso\n    join:"), "`layouts.charges.dates` is understood as the layout `bookings`"),
        (('dates: ["%m/%d/%Y %H:%M", "%m/%d/%Y"]', "dates: MM/DD"), "`dates.0` has the form 'MM/DD'"),
        (("      surname: Last Name\n", "      surname: SSN\n"), "reads SSN, which may not be kept"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_layout_is_told_with_its_key(change: tuple[str, str], reason: str) -> None:
    assert change[0] in TEXT
    with pytest.raises(Rejected) as error:
        parse_profile(TEXT.replace(*change))
    assert reason in error.value.reason


@pytest.mark.parametrize("layouts", ["layouts: {}", "layouts: [a]", "layouts: {a: b}", "layouts: {A: {files: x}}"])
def test_what_is_no_layout_is_refused(layouts: str) -> None:
    with pytest.raises(Rejected, match="layouts"):
        parse_profile(TEXT.partition("layouts:")[0] + layouts)


def test_a_layout_takes_what_it_does_not_say_from_beside_the_layouts() -> None:
    profile = shipped("sheriff-files")
    releases = profile.layouts["releases"].profile
    assert (releases.text.encoding, releases.dates, releases.event) == ("cp1252", profile.dates, "release")
    assert profile.layouts["bookings"].profile.event == "booking"


@pytest.mark.parametrize("name", ["sheriff-files", "jms-extract"])
def test_the_schema_takes_the_shipped_profiles(name: str) -> None:
    jsonschema.validate(yaml.safe_load((PROFILES / f"{name}.yaml").read_text()), json.loads(schema()))


def test_two_layouts_that_ask_for_a_header_are_told_apart_at_the_drop() -> None:
    text = TEXT.replace("files: charges*.csv", "header: [Law]").replace("files: bookings*.csv", "header: [Booked]")
    layouts = parse_profile(text).layouts
    assert claimed_by("any.csv", b"Booking No,Law\n", layouts) == "charges"
    assert claimed_by("any.csv", b"\nBooking No,Booked\n1,2\n", layouts) == "bookings"
    with pytest.raises(Rejected, match="The layouts bookings, charges both claim this file"):
        claimed_by("any.csv", b"Booking No,Booked,Law\n", layouts)
    with pytest.raises(Rejected, match=r"a header with Law \(charges\), `releases\*\.csv` \(releases\)"):
        claimed_by("any.csv", b"Booking No\n", layouts)


def test_files_of_one_batch_have_the_same_stamp() -> None:
    claim = FileClaim(files=("bookings*.csv", "Book-*-?.txt"))
    names = ["bookings_1120.csv", "x/Bookings-1120.CSV.gz", "book-1120-a.txt", "bookings.csv", "other.csv"]
    assert [claim.stamp_of(name) for name in names] == ["1120", "1120", "1120|a", "", None]


patterns = st.text("ab*?", min_size=1, max_size=6).filter(lambda pattern: pattern.count("*") < 4)


@given(patterns, patterns, st.text("ab", max_size=6))
def test_a_name_that_two_patterns_fit_is_seen_when_the_profile_is_saved(first: str, second: str, name: str) -> None:
    claims = FileClaim(files=(first,)), FileClaim(files=(second,))
    both = name_of_both(*claims)
    assert all(claim.claims_name(name) for claim in claims) <= (both is not None)
    assert both is None or all(claim.claims_name(both) for claim in claims)


def test_the_columns_of_joined_files_tell_minors_together_and_any_layout_may_name_a_seal() -> None:
    assert not cannot_tell_minors(shipped("jms-extract"))
    without_birth = parse_profile(TEXT.replace("      born: Birth Date\n      sex: Sex\n", ""))
    assert cannot_tell_minors(without_birth)
    assert names_seals(parse_profile(TEXT.replace("event: release", "event: seal")))
    assert not names_seals(shipped("sheriff-files"))
