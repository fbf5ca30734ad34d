"""A file cut into ranges says the same as the whole, wherever it is cut."""

import io
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.feeds.formats.tabular.split_ranges import read_range, split_file
from shared.feeds.layout import TextLayout
from shared.feeds.normalise.normaliser import Normaliser
from shared.feeds.normalise.read_drop import Accumulator, ParsedDrop, accumulate, merge_duplicates
from shared.feeds.profiles.model import Profile
from tests.feeds.cases import HERE, PSEUDONYMS, TODAY, shipped
from tests.feeds.small_drops import HEADER, a_drop, a_profile, a_row, read

cell = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
lines = st.lists(st.one_of(
    st.integers(0, 9).map(a_row),
    st.integers(0, 9).map(lambda n: a_row(n, Charge='"of two\nlines, ""quoted"""')),
    st.integers(0, 9).map(lambda n: a_row(n, Date="never")),
    st.lists(cell, max_size=9).map(",".join),
    st.sampled_from(["", '"', '"a', 'b"', 'x,"y\n\n', ",,,,,,,", HEADER, "\0", '"a\nb"', "\ufeff", "\r"]),
), max_size=25)  # fmt: skip


def in_parts(drop: bytes, profile: Profile, rows: int, size: int = 1 << 30) -> ParsedDrop:
    """Read range by range, each with a normaliser of its own, and merge."""
    cutting, whole = split_file(io.BytesIO(drop), profile, rows, size), Accumulator()
    assert [byte_range.start for byte_range in cutting.ranges[1:]] == [
        byte_range.end for byte_range in cutting.ranges[:-1]
    ]
    for at in cutting.ranges:
        part = accumulate(
            read_range(io.BytesIO(drop[at.start : at.end]), at, cutting, profile),
            Normaliser(profile, PSEUDONYMS, TODAY),
        )
        for record in part.records():
            whole.add(record)
        whole.rejects += part.rejects
        whole.skipped += part.skipped
        whole.commands += part.commands
        whole.unknown_codes += part.unknown_codes
        whole.dropped_columns = part.dropped_columns
    return merge_duplicates(whole, PSEUDONYMS)


def equal(parts: ParsedDrop, whole: ParsedDrop) -> bool:
    return (
        Counter(parts.arrests) == Counter(whole.arrests)
        and parts.rejects == whole.rejects
        and (parts.skipped, parts.unknown_codes, parts.dropped_columns)
        == (whole.skipped, whole.unknown_codes, whole.dropped_columns)
        and Counter(parts.commands) == Counter(whole.commands)
    )


@given(lines, st.sampled_from(["row per arrest", "row per charge"]), st.sampled_from(["\n", "\r\n", "\r"]),
       st.integers(1, 8), st.booleans())  # fmt: skip
@example(["\r", a_row(0)], "row per arrest", "\r\n", 1, True)  # a carriage return that is no part of a line's end
def test_any_file_cut_anywhere_gives_the_rows_of_the_whole(
    rows: list[str], charges: str, end: str, most: int, ended: bool
) -> None:
    profile = a_profile(charges=charges)
    drop = a_drop(*rows, end=end)
    drop = drop if ended else drop.removesuffix(end.encode())
    try:
        whole = read(drop, profile)
    except Rejected:
        with pytest.raises(Rejected):
            split_file(io.BytesIO(drop), profile, most, 1 << 30)
    else:
        assert equal(in_parts(drop, profile, most), whole)


@given(st.binary(max_size=300), st.integers(1, 4))
def test_rubbish_cut_anywhere_gives_what_the_whole_gives(rubbish: bytes, most: int) -> None:
    drop = a_drop(a_row(1), a_row(2)) + rubbish
    assert equal(in_parts(drop, a_profile(), most), read(drop))


@pytest.mark.parametrize("agency", ["nypd", "harris", "roster"])
@pytest.mark.parametrize("most", [1, 3, 7])
def test_the_demo_drops_cut_anywhere_give_the_whole(agency: str, most: int) -> None:
    drop = (HERE / "demo" / f"{agency}.csv").read_bytes()
    assert equal(in_parts(drop, shipped(agency), most), read(drop, shipped(agency)))


def test_a_large_file_is_cut_by_its_bytes() -> None:
    drop = a_drop(*(a_row(number, Charge='"two\nlines"', Statute="PL " + "1" * 900) for number in range(900)))
    cutting = split_file(io.BytesIO(drop), a_profile(), 25_000, 1 << 17)
    assert len(cutting.ranges) >= 3
    assert all(byte_range.end - byte_range.start <= 1 << 19 for byte_range in cutting.ranges)
    assert [drop[byte_range.start : byte_range.start + 2] for byte_range in cutting.ranges] == [b"T-"] * len(
        cutting.ranges
    )


def test_a_file_without_a_header_is_cut_from_its_first_byte() -> None:
    profile = a_profile(text=TextLayout(header=tuple(HEADER.split(","))))
    drop = a_drop(a_row(1), a_row(2)).split(b"\n", 1)[1]
    assert equal(in_parts(drop, profile, 1), read(drop, profile))


@pytest.mark.parametrize("drop", [b"", b"No,Date\n1,2\n", b"\xff\xfeN\0o\0"])
def test_what_cannot_be_read_is_refused_when_it_is_cut(drop: bytes) -> None:
    with pytest.raises(Rejected) as of_whole:
        read(drop)
    with pytest.raises(Rejected) as of_parts:
        split_file(io.BytesIO(drop), a_profile(), 1, 1)
    assert of_parts.value.code == of_whole.value.code
