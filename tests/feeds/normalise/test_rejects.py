"""A reject names its column and what stands in it, what is expected, and an example: nothing of a person."""

import csv
import io

import pytest

from shared.feeds.intake.receipt import rejects_file
from shared.feeds.intake.rejected_rows import read_rejected_rows
from shared.feeds.normalise.rejects import SENSITIVE
from shared.feeds.profiles.model import Codes, Profile
from shared.feeds.record import FIELD_NAMES, Reject
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, read

COLUMNS = a_profile().columns | {"event": ("Event",), "event_date": ("Out",)}


def a_wide_profile(**changes: object) -> Profile:
    return a_profile(columns=COLUMNS, codes=Codes(event={"RL": "release"}), **changes)


def the_reject(event: str = "", out: str = "", **cells: str) -> Reject:
    drop = a_drop(f"{a_row(1, **cells)},{event},{out}", header=f"{HEADER},Event,Out")
    (reject,) = read(drop, a_wide_profile()).rejects
    return reject


@pytest.mark.parametrize(
    ("reject", "code", "column", "value", "example"),
    [
        (the_reject(Date="2026-09-01"), "bad-date", "Date", "2026-09-01", "11/20/2026"),
        (the_reject("RL", "soon"), "bad-date", "Out", "soon", "11/20/2026"),
        (the_reject("BKD"), "unknown-event", "Event", "BKD", "RL: release"),
        (the_reject(No="1.23E+05"), "rounded-number", "No", "", "26-0001"),
        (the_reject(Last="Q" * 300), "invalid", "Last", "", ""),
        (the_reject(No="9" * 150 + "8" * 60), "invalid", "No", "", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_reject_names_its_column_and_what_to_write(
    reject: Reject, code: str, column: str, value: str, example: str
) -> None:
    assert (reject.code, reject.column, reject.value) == (code, column, value)
    assert example in reject.fix


def test_the_mend_of_a_time_does_not_speak_of_the_day() -> None:
    assert "time" not in the_reject(Date="soon").reason


def test_no_field_of_a_person_is_ever_repeated() -> None:
    said_of_no_person = set(FIELD_NAMES) - SENSITIVE
    assert said_of_no_person == set(
        "arrested arrested_time ori event event_date event_time sex age_group sid_issuer city state precinct beat"
        " statute charge charge_class degree outcome disposed_statute court bail bail_kind warrant_court court_date"
        " court_time seal_statute seal_id prosecution_county supervising_office".split()
    )


def test_a_value_of_a_reject_is_short() -> None:
    assert len(the_reject(Date="soon" * 5_000).value) == 80


def test_the_reject_file_has_columns_for_both_and_the_page_reads_them() -> None:
    drop = a_drop(f"{a_row(1, Date='=never')},,", header=f"{HEADER},Event,Out")
    content = rejects_file(read(drop, a_wide_profile()).rejects)
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert (row["column"], row["value"]) == ("Date", "'=never")  # no spreadsheet runs it
    (shown,) = read_rejected_rows(content, a_wide_profile())
    assert (shown.columns, shown.value) == (("Date",), "=never")


@pytest.mark.parametrize(("key", "column"), [({}, "No"), ({"arrest_key": ("Born",)}, "Born")])
def test_the_page_marks_the_key_under_which_two_people_stand(key: dict[str, tuple[str, ...]], column: str) -> None:
    columns = {word: names for word, names in COLUMNS.items() if word != "number"} if key else COLUMNS
    profile = a_wide_profile(charges="row per charge").model_copy(update={"columns": columns, **key})
    rows = [f"{a_row(1, Last=name)},," for name in ("QUILL", "OTTER")]
    content = rejects_file(read(a_drop(*rows, header=f"{HEADER},Event,Out"), profile).rejects)
    assert [shown.columns for shown in read_rejected_rows(content, profile)] == [(column,), (column,)]


def test_a_file_that_is_cut_names_the_cell_that_is_cut() -> None:
    columns = {word: names for word, names in a_profile().columns.items() if word != "number"} | {"number": ("Class",)}
    profile = a_profile(columns={word: names for word, names in columns.items() if word != "charge_class"})
    (reject,) = read(a_drop(a_row(1)).removesuffix(b"\n"), profile).rejects
    assert (reject.code, reject.column) == ("unfinished", "Class")
