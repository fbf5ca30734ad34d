"""Lines of fixed width, and rows of several types in one file."""

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.layout import Position, RecordTypes, TextLayout
from shared.feeds.normalise.read_drop import ParsedDrop, read_records
from shared.feeds.profiles.model import Profile
from shared.feeds.profiles.parse import ProfileError, parse_profile
from shared.feeds.record import RawRecord
from tests.feeds.cases import HERE, PROFILES, shipped
from tests.feeds.small_drops import a_drop, a_profile, a_row, codes, numbers, read

WIDTHS = {"No": 6, "Date": 11, "Last": 16, "First": 8, "Born": 11, "Statute": 12, "Charge": 12, "Class": 2}
STARTS = {name: 1 + sum([*WIDTHS.values()][:index]) for index, name in enumerate(WIDTHS)}
POSITIONS = {name: Position(start=STARTS[name], width=width) for name, width in WIDTHS.items()}


def a_fixed_profile(**changes: object) -> Profile:
    return a_profile(**{"format": "fixed-width", "positions": POSITIONS} | changes)


def a_line(number: int, **cells: str) -> str:
    values = a_row(number, **cells).split(",")
    return "".join(f"{value:<{width}}" for value, width in zip(values, WIDTHS.values(), strict=True))


def a_fixed_drop(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_lines_of_fixed_width_are_the_arrests_of_the_same_delimited_rows() -> None:
    fixed = read(a_fixed_drop(*map(a_line, range(600))), a_fixed_profile())
    assert fixed.arrests == read(a_drop(*map(a_row, range(600)))).arrests


@given(st.lists(st.integers(0, 90), max_size=4))
def test_a_line_whose_blanks_were_cut_off_at_its_end_says_the_same(cuts: list[int]) -> None:
    lines = [a_line(number, Class="", Charge="") for number, _ in enumerate(cuts)]
    shorter = [line[: max(len(line.rstrip()), cut)] for line, cut in zip(lines, cuts, strict=True)]
    assert (
        read(a_fixed_drop(*shorter), a_fixed_profile()).arrests == read(a_fixed_drop(*lines), a_fixed_profile()).arrests
    )


def test_a_last_line_without_its_end_is_flagged_and_rejected_if_its_number_is_cut() -> None:
    flagged = read(a_fixed_drop(a_line(1))[:-30], a_fixed_profile())
    assert [parsed.arrest.number for parsed in flagged.arrests] == ["T-1"]
    assert flagged.arrests[0].arrest.flags
    assert codes(read(a_fixed_drop(a_line(1), a_line(2)[:2])[:-1], a_fixed_profile())) == [(2, "unfinished")]


def test_a_column_without_a_position_is_named() -> None:
    text = (PROFILES / "jail-log.yaml").read_text().replace("sex: Sex", "sex: Gender")
    with pytest.raises(ProfileError, match="`positions` lacks Gender"):
        parse_profile(text)


def test_lines_above_are_skipped_and_every_other_is_accounted_for() -> None:
    layout = TextLayout(skip_lines=2)
    outcome = read(b"TITLE\n\n" + a_fixed_drop(a_line(1), "", a_line(2, Date="never")), a_fixed_profile(text=layout))
    assert (numbers(outcome), codes(outcome), outcome.skipped) == (["T-1"], [(5, "bad-date")], {"blank line": 1})


TYPES = RecordTypes(
    column="Kind",
    arrests=("A",),
    charges=("C",),
    ignored=("X",),
    headers={"A": ("Kind", "No", "Date", "Last"), "C": ("Kind", "No", "Statute")},
)
COLUMNS = {"number": ("No",), "arrested": ("Date",), "surname": ("Last",), "statute": ("Statute",)}


def read_typed(rows: list[str], **changes: object) -> ParsedDrop:
    settings = {"record_types": TYPES, "columns": COLUMNS, "charges": "row per charge"} | changes
    return read("".join(f"{row}\n" for row in rows).encode(), a_profile(**settings))


def test_charges_find_their_arrest_wherever_they_stand() -> None:
    rows = [row for n in range(9) for row in (f"A,N{n},09/01/2026,S{n}", f"C,N{n},L{n}", f"C,N{n},M{n}")]
    in_order = read_typed(rows)
    assert [parsed.rows for parsed in in_order.arrests] == [3] * 9
    random.Random(7).shuffle(rows)
    shuffled = read_typed(rows)
    assert sorted(parsed.arrest.arrest_id for parsed in shuffled.arrests) == sorted(
        parsed.arrest.arrest_id for parsed in in_order.arrests
    )
    by_number = {parsed.arrest.number: parsed.arrest for parsed in shuffled.arrests}
    assert {charge.statute for charge in by_number["N4"].charges} == {"L4", "M4"}


def test_charges_without_a_number_belong_to_the_arrest_above() -> None:
    outcome = read_typed(["C,,L0", "A,N1,09/01/2026,S", "C,,L1", "A,N2,09/01/2026,S", "C,,L2"])
    assert codes(outcome) == [(1, "reference")]
    assert [parsed.arrest.charges[0].statute for parsed in outcome.arrests] == ["L1", "L2"]


rows_of_types = st.lists(
    st.one_of(
        st.builds("A,N{},09/01/2026,S".format, st.integers(0, 3)),
        st.builds("C,{},L".format, st.sampled_from(["", "N0", "N1", "N9"])),
        st.sampled_from(["X", "", ",,", "Q,1", "A,1", 'A,"N1', "C,N1,L,M", "Kind,No,Statute"]),
    ),
    max_size=12,
)


@given(rows_of_types)
def test_every_row_of_every_type_is_accounted_for_once(rows: list[str]) -> None:
    outcome = read_typed(rows)
    assert outcome.rows == len(rows)
    results = read_records(
        io.BytesIO("".join(f"{row}\n" for row in rows).encode()),
        a_profile(record_types=TYPES, columns=COLUMNS, charges="row per charge"),
    )
    assert sum(isinstance(result, RawRecord) for result in results) >= len(outcome.arrests)


def test_rows_of_types_may_share_the_header_of_the_file() -> None:
    types = RecordTypes(column="kind", arrests=("A", "B"), ignored=("X",))
    outcome = read_typed(
        ["No,Kind,Date,Last,Statute", "1,A,09/01/2026,S,L", "2,X,,,", "3,B,09/01/2026,S,L"],
        record_types=types,
        charges="row per arrest",
    )
    assert (numbers(outcome), outcome.skipped) == (["1", "3"], {"record type X": 1})


def test_a_header_without_the_column_of_the_type_is_refused() -> None:
    with pytest.raises(Rejected, match="The column Kind, which says the type of a row, is missing"):
        read_typed(["No,Date,Last,Statute"], record_types=RecordTypes(column="Kind", arrests=("A",)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("charges: row per arrest", "must be `row per charge`"),
        ("record_types: {column: Type, arrests: B, ignored: B}", "twice"),
        ("record_types: {column: Type, arrests: B, headers: {Z: [Type]}}", "type Z, which is not read"),
    ],
)
def test_types_that_contradict_each_other_are_refused(change: str, message: str) -> None:
    text = (PROFILES / "jail-extract.yaml").read_text()
    key = change.partition(":")[0]
    start = text.index(f"\n{key}:") + 1
    end = next(n for n in range(start + 1, len(text)) if text[n - 1] == "\n" and text[n].isalpha())
    with pytest.raises(ProfileError, match=message):
        parse_profile(f"{text[:start]}{change}\n{text[end:]}")


def test_the_golden_extract_has_a_line_for_every_type() -> None:
    extract = (HERE / "golden/delimited/jail-extract.psv").read_text()
    types = shipped("jail-extract").record_types
    assert types
    assert {line[0] for line in extract.splitlines() if line} >= {*types.read_types, *types.ignored}
