"""What a cell means: dates that stand for nothing, dates half known, times, ages."""

import pytest

from shared.arrests.model import Arrest, Flag
from tests.feeds.small_drops import a_drop, a_profile, a_row, read


def the_arrest(**cells: str) -> Arrest:
    """Of one row; a cell of a column that the small profile lacks is named by our word."""
    columns = a_profile().columns | {word: (word,) for word in cells if word.islower()}
    row = a_row(1, **{name: f'"{cell}"' for name, cell in cells.items()})
    header = ",".join(["No,Date,Last,First,Born,Statute,Charge,Class", *(word for word in cells if word.islower())])
    (parsed,) = read(a_drop(row, header=header), a_profile(columns=columns)).arrests
    return parsed.arrest


@pytest.mark.parametrize(
    "born",
    [
        "01/01/1900", "12/31/9999", "01/01/0001", "11/11/1111", "12/30/1899", "01/01/1753", "Not Provided", "N/A",
        "00/00/0000", "99/99/9999", "XX/XX/XXXX", "1900", "9999", "", "0", "TBD",
    ],
)  # fmt: skip
def test_a_date_of_birth_that_stands_for_nothing_is_not_supplied(born: str) -> None:
    arrest = the_arrest(Born=born)
    assert (arrest.person.date_of_birth, arrest.person.birth_year) == (None, None)
    assert (arrest.juvenile, arrest.flags) == (False, ())


@pytest.mark.parametrize("day", ["01/01/1900", "12/31/9999", "N/A", "PENDING", "00/00/0000", "XX/XX/XXXX"])
def test_a_day_of_arrest_that_stands_for_nothing_is_not_supplied(day: str) -> None:
    arrest = the_arrest(Date=day)
    assert (arrest.arrested_on, arrest.flags) == (None, (Flag.NO_ARREST_DATE,))


@pytest.mark.parametrize(
    "born",
    ["XX/XX/1988", "00/00/1988", "03/00/1988", "00/14/1988", "1988-00-00", "1988-XX-XX", "??/??/1988", "//1988",
     "19880000", "00001988", "1988"],
)  # fmt: skip
def test_of_a_date_of_birth_that_is_partly_known_the_year_is_kept(born: str) -> None:
    person = the_arrest(Born=born).person
    assert (person.date_of_birth, person.birth_year) == (None, 1988)


def test_a_year_of_birth_that_may_be_a_minors_keeps_the_arrest_back() -> None:
    assert the_arrest(Born="XX/XX/2008").juvenile
    assert not the_arrest(Born="XX/XX/2007").juvenile


@pytest.mark.parametrize("time", ["24:00", "2400", "UNK", "5:17 PM", "106", "45", "noon", "25:61", "1.7"])
def test_the_day_holds_where_the_time_cannot_be_read(time: str) -> None:
    arrest = the_arrest(arrested_time=time)
    assert (str(arrest.arrested_on), arrest.arrested_at) == ("2026-09-01", None)
    assert arrest.flags == (Flag.UNREADABLE_TIME,)


@pytest.mark.parametrize(
    ("time", "clock"), [("0106", "05:06"), ("0000", "04:00"), ("00:00", "04:00"), ("17:05", "21:05"), ("917", "13:17")]
)
def test_a_time_that_can_be_read_in_one_way_is_read(time: str, clock: str) -> None:
    arrest = the_arrest(arrested_time=time)
    assert f"{arrest.arrested_at:%H:%M}" == clock  # in UTC
    assert arrest.flags == ()


@pytest.mark.parametrize("cell", ["09/01/2026 24:00", "09/01/2026 UNK", "09/01/2026 5:17 PM"])
def test_the_day_holds_where_the_time_in_its_cell_cannot_be_read(cell: str) -> None:
    (parsed,) = read(a_drop(a_row(1, Date=cell, Born="")), a_profile(dates=("%m/%d/%Y %H:%M",))).arrests
    assert (str(parsed.arrest.arrested_on), parsed.arrest.arrested_at) == ("2026-09-01", None)
    assert parsed.arrest.flags == (Flag.UNREADABLE_TIME,)


@pytest.mark.parametrize(
    ("figures", "day"),
    [("9012026", "2026-09-01"), ("11012026", "2026-11-01"), ("1112026", None), ("3142026", "2026-03-14")],
)
def test_figures_without_their_noughts_are_read_only_where_there_is_one_way(figures: str, day: str | None) -> None:
    outcome = read(a_drop(a_row(1, Date=figures)), a_profile(dates=("%m%d%Y",)))
    assert [str(parsed.arrest.arrested_on) for parsed in outcome.arrests] == ([day] if day else [])
    assert [(reject.code, reject.value) for reject in outcome.rejects] == ([] if day else [("bad-date", figures)])


@pytest.mark.parametrize(
    ("age", "minor"),
    [
        ("0", True), ("00", True), ("<18", True), ("< 18", True), ("UNDER 18", True), ("Under 18", True),
        ("0-17", True),
        ("10-17", True), ("13 to 17", True), ("17 and under", True), ("BELOW 18", True), ("17", True), ("17 yrs", True),
        ("JUVENILE", True), ("MINOR", True), ("18", False), ("18-24", False), ("18+", False), ("over 65", False),
        ("65+", False), (">18", False), ("adult", False), ("", False), ("unknown", False), ("999", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("word", ["age", "age_group"])
def test_an_age_or_a_range_below_eighteen_is_a_minor(word: str, age: str, minor: bool) -> None:
    assert the_arrest(Born="", **{word: age}).juvenile is minor


@pytest.mark.parametrize("word", ["age", "age_group"])
def test_an_adult_range_says_adult_where_the_date_of_birth_cannot_be_read(word: str) -> None:
    assert not the_arrest(Born="02/30/1990", **{word: "25-44"}).juvenile
    assert the_arrest(Born="02/30/1990", **{word: ""}).juvenile
