from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.model import Flag
from shared.arrests.person import Identifier, IdentifierKind
from shared.feeds.normalise.dates import date_reader
from shared.feeds.normalise.duplicates import ParsedArrest
from shared.feeds.profiles.model import Codes
from tests.feeds.small_drops import a_drop, a_profile, a_row, codes, numbers, read


def the_one(*rows: str, **changes: object) -> ParsedArrest:
    (parsed,) = read(a_drop(*rows), a_profile(**changes)).arrests
    return parsed


def test_a_missing_arrest_date_is_not_supplied_and_never_today() -> None:
    arrest = the_one(a_row(1, Date="")).arrest
    assert (arrest.arrested_on, arrest.flags) == (None, (Flag.NO_ARREST_DATE,))


def test_a_future_arrest_is_flagged() -> None:
    assert the_one(a_row(1, Date="09/01/2031")).arrest.flags == (Flag.FUTURE_ARREST_DATE,)


@pytest.mark.parametrize("born", ["02/30/1980", "01/01/2030", "09/02/2026", "01/01/1850", "1850", "garbage"])
def test_an_impossible_date_of_birth_is_left_out_and_flagged(born: str) -> None:
    arrest = the_one(a_row(1, Born=born)).arrest
    assert (arrest.person.date_of_birth, arrest.person.birth_year) == (None, None)
    assert arrest.flags == (Flag.IMPOSSIBLE_DATE_OF_BIRTH, Flag.MAY_BE_A_MINOR)


@pytest.mark.parametrize(("born", "age", "kept_back"), [
    ("garbage", "", True), ("garbage", "0", True), ("02/30/1980", "999", True), ("13/45/2010", "sixteen", True),
    ("garbage", "17 yrs", True), ("garbage", "44", False), ("garbage", "25-44", False), ("", "", False),
    ("UNKNOWN", "", False), ("00/00/0000", "", False), ("04/05/1981", "17", True),
])  # fmt: skip
def test_whose_birth_cannot_be_read_is_no_adult_unless_the_age_says_so(born: str, age: str, kept_back: bool) -> None:
    columns = a_profile().columns | {"age": ("Class",)}
    arrest = the_one(a_row(1, Born=born, Class=age), columns=columns).arrest
    assert arrest.juvenile is kept_back
    says_minor = born == "04/05/1981" or "17" in age or age == "0"
    assert (Flag.MAY_BE_A_MINOR in arrest.flags) is (kept_back and not says_minor)


@pytest.mark.parametrize("word", ["sid", "fbi", "person_number", "booking_number", "cjtn"])
def test_a_social_security_number_under_another_name_is_left_out(word: str) -> None:
    columns = a_profile().columns | {word: ("Charge",)}
    arrest = the_one(a_row(1, Charge="900-11-2222"), columns=columns | {"charge": ("Class",)}).arrest
    assert arrest.person.identifiers == ()
    assert Flag.SOCIAL_SECURITY_NUMBER in arrest.flags


def test_a_tracking_number_is_the_states_and_stands_beside_the_arrest() -> None:
    columns = a_profile().columns | {"cjtn": ("Class",)}
    arrest = the_one(a_row(1, Class="07011223-k"), columns=columns, sid_issuer="NY").arrest
    assert arrest.person.identifiers == (Identifier(kind=IdentifierKind.CJTN, value="07011223K", issuer="NY"),)
    assert arrest.number == "T-1"


def test_a_tracking_number_makes_nobody_of_a_footer() -> None:
    columns = a_profile().columns | {"cjtn": ("Class",)}
    footer = a_row(2, No="", Date="", Last="", First="", Born="", Statute="", Charge="", Class="07011223K")
    outcome = read(a_drop(a_row(1), footer), a_profile(columns=columns))
    assert codes(outcome) == [(3, "no-arrest")]


def test_a_year_of_birth_alone_is_kept_as_a_year() -> None:
    assert the_one(a_row(1, Born="1975")).arrest.person.birth_year == 1975


def test_a_two_digit_year_of_birth_is_never_to_come() -> None:
    person = the_one(a_row(1, Born="04/05/65", Date="09/01/26"), dates=("%m/%d/%y",)).arrest.person
    assert str(person.date_of_birth) == "1965-04-05"


@pytest.mark.parametrize(
    ("born", "juvenile"), [("09/01/2008", False), ("09/02/2008", True), ("2008", True), ("2007", False), ("", False)]
)
def test_who_is_or_may_be_under_eighteen_at_arrest_is_a_juvenile(born: str, juvenile: bool) -> None:
    assert the_one(a_row(1, Born=born)).arrest.juvenile is juvenile


def test_an_age_group_that_means_under_eighteen_makes_a_juvenile() -> None:
    columns = a_profile().columns | {"age_group": ("Class",)}
    arrest = the_one(a_row(1, Class="<18"), columns=columns, codes=Codes(juvenile=("<18",))).arrest
    assert arrest.juvenile


def test_an_unknown_class_keeps_its_word_and_is_counted() -> None:
    outcome = read(a_drop(a_row(1, Class="Z9"), a_row(2, Class="Z9"), a_row(3, Class="f")))
    assert [parsed.arrest.charges[0].charge_class_raw for parsed in outcome.arrests] == ["Z9", "Z9", ""]
    assert outcome.unknown_codes == {("charge class", "Z9"): 2}


@pytest.mark.parametrize("nothing", ["N/A", "UNKNOWN", "none", "0000000", "99999999", " ", "-"])
def test_a_word_for_nothing_is_no_identifier(nothing: str) -> None:
    columns = a_profile().columns | {"sid": ("Charge",)}
    assert the_one(a_row(1, Charge=nothing), columns=columns).arrest.person.identifiers == ()


def test_nobody_is_named_unknown() -> None:
    assert the_one(a_row(1, Last="UNKNOWN", First="UNK")).arrest.person.names == ()


def test_a_local_time_becomes_an_instant_in_the_agencys_zone() -> None:
    arrest = the_one(a_row(1, Date="09/01/2026 23:30"), dates=("%m/%d/%Y %H:%M",)).arrest
    assert (str(arrest.arrested_on), str(arrest.arrested_at)) == ("2026-09-01", "2026-09-02 03:30:00+00:00")


def test_the_last_of_two_rows_about_one_arrest_holds() -> None:
    outcome = read(a_drop(a_row(1, Class="M"), a_row(2), a_row(1, Class="F")))
    assert numbers(outcome) == ["T-1", "T-2"]
    assert outcome.arrests[0].arrest.charges[0].charge_class == "felony"
    assert (outcome.skipped, outcome.rows) == ({"said again further down in the file": 1}, 3)


def test_rows_of_one_arrest_bring_its_charges_in_any_order() -> None:
    rows = [a_row(1, Statute="PL 1"), a_row(2), a_row(1, Statute="PL 2"), a_row(1, Statute="PL 1")]
    profile = a_profile(charges="row per charge")
    one, shuffled = read(a_drop(*rows), profile), read(a_drop(*reversed(rows)), profile)
    assert [charge.statute for charge in one.arrests[0].arrest.charges] == ["PL 1", "PL 1", "PL 2"]
    assert one.arrests[0].rows == 3
    assert {parsed.arrest.content for parsed in one.arrests} == {parsed.arrest.content for parsed in shuffled.arrests}


def test_two_people_are_never_made_one_by_a_shared_key() -> None:
    outcome = read(a_drop(a_row(1, Last="One"), a_row(1, Last="Other"), a_row(2)), a_profile(charges="row per charge"))
    assert (numbers(outcome), codes(outcome)) == (["T-2"], [(2, "mixed-arrest"), (3, "mixed-arrest")])


def test_rows_without_a_number_never_collide() -> None:
    rows = [a_row(1, No="", Last="", First="", Born=""), a_row(2, No="", Last="", First="", Born=""),
            a_row(3, No=""), a_row(4, No="", Last="Same"), a_row(5, No="", Last="Same", Statute="PL 9")]  # fmt: skip
    outcome = read(a_drop(*rows))
    assert len({parsed.arrest.arrest_id for parsed in outcome.arrests}) == 5
    assert all(Flag.DERIVED_NUMBER in parsed.arrest.flags for parsed in outcome.arrests)
    shuffled = read(a_drop(*reversed(rows)))
    assert {(parsed.arrest.arrest_id, parsed.arrest.content) for parsed in outcome.arrests} == {
        (parsed.arrest.arrest_id, parsed.arrest.content) for parsed in shuffled.arrests
    }


@given(
    st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y", "%m%d%Y", "%Y%m%d", "%H:%M", "%H%M", "%m-%d-%Y %H:%M"]),
    st.one_of(
        st.from_regex(r"[ 0-9]{1,2}[/.-][ 0-9]{1,2}[/.-][0-9]{2,4}( [0-9]{1,2}:[0-9]{1,2})?", fullmatch=True),
        st.from_regex(r"\d{3,8}", fullmatch=True),
        st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", fullmatch=True),
        st.from_regex(r"[0-9]{1,2}:?[0-9]{1,2}", fullmatch=True),
        st.text(max_size=10),
    ),
)
def test_figures_are_read_as_strptime_reads_them(form: str, text: str) -> None:
    def said(read: Callable[[str], datetime]) -> datetime | None:
        try:
            return read(text)
        except ValueError:
            return None

    assert said(date_reader(form)) == said(lambda one: datetime.strptime(one, form))  # noqa: DTZ007
