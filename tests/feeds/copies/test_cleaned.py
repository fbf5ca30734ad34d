"""A cleaned copy is read like the file itself: the same arrests in the same order, the same rejects and counts."""

import gzip
import io
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.arrests.seals.seal import Seal, keys_of_seal
from shared.errors import Rejected
from shared.feeds.copies.cleaned import CleanedWriter, erase, read_cleaned
from shared.feeds.formats import FORMATS
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import ParsedDrop, read_records, understand
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import PSEUDONYMS, TODAY, expected_file, golden_cases, profile_of
from tests.feeds.formats.forbidden_drops import CANARY, FORBIDDEN_DROPS
from tests.feeds.small_drops import PROFILE, a_drop, a_row

CHARGES = PROFILE.replace("columns:", "charges: row per charge\ncolumns:")
EVENTS = """
agency: jail
format: delimited
time_zone: America/New_York
sid_issuer: NY
columns: {event: Event, number: "No", arrested: Date, surname: Last, sid: SID, former_sid: Old, born: Born}
arrest_key: [Last, Date]
dates: ["%m/%d/%Y"]
codes: {event: {A: arrest, M: identity merged, S: seal, R: release}}
"""
EVENT_HEADER = "Event,No,Date,Last,SID,Old,Born,Locker"


def first_reading(content: bytes, profile: Profile) -> tuple[ParsedDrop, list[bytes], dict[int, str]]:
    """The parsed drop, its cleaned copy, and the rows of late rejects, as the intake keeps them."""
    writer = CleanedWriter(profile.agency, PSEUDONYMS)
    normaliser = Normaliser(profile, PSEUDONYMS, TODAY, may_seal=True)
    parsed = understand(read_records(io.BytesIO(content), profile), normaliser, PSEUDONYMS, writer.add)
    late = {reject.line: reject.row for reject in parsed.rejects if reject.line not in writer.rejected_lines}
    return parsed, [writer.content()], late


def from_copy(parts: list[bytes], late_rows: dict[int, str], profile: Profile) -> ParsedDrop:
    late = {int(line): row for line, row in json.loads(json.dumps(late_rows)).items()}
    normaliser = Normaliser(profile, PSEUDONYMS, TODAY, may_seal=True)
    return understand(read_cleaned(parts, late), normaliser, PSEUDONYMS)


def assert_same(content: bytes, profile: Profile) -> None:
    parsed, parts, late_rows = first_reading(content, profile)
    again = from_copy(parts, late_rows, profile)
    assert again == parsed
    assert [*again.arrests] == [*parsed.arrests], "in the same order"
    assert again.rows == parsed.rows


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_tg1_the_copy_of_every_format_is_read_as_the_file_was(case: Path) -> None:
    profile = profile_of(case, json.loads(expected_file(case).read_text()))
    if profile.layouts:
        pytest.skip("files of several layouts are read together: tests/feeds/intake has their copies")
    try:
        assert_same(case.read_bytes(), profile)
    except Rejected:
        pytest.skip("nothing of it can be read, so there is no cleaned copy")


def test_tg1_every_format_is_among_the_cases() -> None:
    assert {case.parent.name for case in golden_cases()} >= set(FORMATS)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_tg1_nothing_that_may_not_be_kept_is_in_the_copy(form: str) -> None:
    content, profile, _ = FORBIDDEN_DROPS[form]()
    _, [part], late_rows = first_reading(content, profile)
    text = gzip.decompress(part).decode()
    assert CANARY not in text + str(late_rows)
    assert '"record"' in text


cells = st.sampled_from(["", "x", "é漢", '"lone', '"two, cells"', "01/02/2003", "Stranger", "nul\\", "  spaced  "])
rows = st.builds(
    lambda number, date, last, charge, klass: a_row(number, Date=date, Last=last, Charge=charge, Class=klass),
    st.integers(0, 6),
    st.sampled_from(["09/01/2026", "never", "", "09/02/2026"]),
    cells,
    cells,
    st.sampled_from(["M", "F", "Q", ""]),
)
events = st.builds(
    lambda event, number, last, sid, old, born: f"{event},{number},09/01/2026,{last},{sid},{old},{born},B-7",
    st.sampled_from(["A", "M", "S", "R", "", "Unknown"]),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["", "Example", "Other"]),
    st.sampled_from(["", "S1", "S2"]),
    st.sampled_from(["", "S3"]),
    st.sampled_from(["", "02/03/1990", "02/03/2015", "31/31/1990"]),
)
lines = st.lists(
    st.one_of(rows, st.just(""), st.just("short"), st.just("No,Date,Last,First,Born,Statute,Charge,Class"))
)


@given(file=lines, text=st.sampled_from([PROFILE, CHARGES]), end=st.sampled_from(["\n", "\r\n"]))
def test_tg1_any_file_of_rows_is_read_from_its_copy_as_it_was(file: list[str], text: str, end: str) -> None:
    assert_same(a_drop(*file, end=end), parse_profile(text))


@given(file=st.lists(events, max_size=12))
def test_tg1_any_file_of_events_without_numbers_too_is_read_from_its_copy_as_it_was(file: list[str]) -> None:
    assert_same("\n".join([EVENT_HEADER, *file, ""]).encode(), parse_profile(EVENTS))


def test_tg1_a_column_that_no_profile_names_is_not_kept_and_a_rejected_row_is() -> None:
    profile = parse_profile(PROFILE)
    header = "No,Date,Last,First,Born,Statute,Charge,Class,Locker"
    content = a_drop(f"{a_row(1)},B-111", f"{a_row(2, Date='never')},B-222", header=header)
    _, [part], _ = first_reading(content, profile)
    text = gzip.decompress(part).decode()
    assert ("B-111" in text, "B-222" in text) == (False, True)


def test_tg1_a_seal_takes_its_records_out_and_leaves_a_stub_that_names_nobody() -> None:
    chance = random.Random(7)
    file = [f"A,{number},09/01/2026,Name{number},S{number},,02/03/1990,B" for number in range(40)]
    file += ["S,7,,,,,,", "S,,09/01/2026,,S9,,,", "A,7,never,Again,,,,"]  # the last cannot be understood
    chance.shuffle(file)
    profile = parse_profile(EVENTS)
    parsed, [part], late_rows = first_reading("\n".join([EVENT_HEADER, *file, ""]).encode(), profile)
    keys = {key for seal in parsed.seals() for key in keys_of_seal(seal, PSEUDONYMS)}
    erasure = erase(part, keys)
    text = gzip.decompress(erasure.content).decode()
    assert (erasure.lines, erasure.stubs) == (5, 0)
    assert not [word for word in ("Name7", "Name9", "S9", "Again", *keys) if f'"{word}"' in text]
    after = from_copy([erasure.content], late_rows, profile)
    assert (after.rows, after.applied_seals, after.sealed_rows, len(after.arrests)) == (parsed.rows, 2, 3, 38)
    assert erase(erasure.content, keys) == (erasure.content, 0, 5)
    nobody = keys_of_seal(Seal(agency="jail", number="99"), PSEUDONYMS)
    assert gzip.decompress(erase(part, nobody).content) == gzip.decompress(part)
