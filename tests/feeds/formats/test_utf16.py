"""UTF-16, with a byte order mark or without, is read like the UTF-8 that it stands for."""

import random

import pytest

from shared.feeds.formats.streams.utf16 import utf16_of
from shared.feeds.layout import TextLayout
from shared.feeds.profiles.parse import parse_profile
from tests.feeds.cases import HERE, lenient, shipped
from tests.feeds.small_drops import PROFILE, a_drop, a_profile, a_row, numbers, read

ROWS = [a_row(number, Last=name) for number, name in enumerate(("Müller", "Łoś", "O\u2019Neil", "Plain"))]
DROP = a_drop(*ROWS).decode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["utf-8", "cp1252", "utf-16"])
def test_utf_16_is_read_whatever_encoding_the_profile_names(encoding: str, declared: str) -> None:
    profile = a_profile(text=TextLayout(encoding=declared))
    assert read(DROP.encode(encoding), profile).arrests == read(DROP.encode()).arrests


def test_a_large_file_is_read_wherever_its_chunks_are_cut() -> None:
    drop = a_drop(*(a_row(number, Last="Łoś\U0001f600" * 9) for number in range(3_000))).decode()
    assert read(drop.encode("utf-16")).arrests == read(drop.encode()).arrests


def test_json_in_utf_16_is_read() -> None:
    text = (HERE / "golden/ndjson/city-police.ndjson").read_text()
    profile = lenient(shipped("city-police"))
    assert read(text.encode("utf-16"), profile).arrests == read(text.encode(), profile).arrests


def test_half_a_letter_costs_its_row() -> None:
    drop = DROP.replace("Łoś", "@").encode("utf-16-le").replace("@".encode("utf-16-le"), b"\x00\xd8")
    outcome = read(drop)
    assert (numbers(outcome), [reject.code for reject in outcome.rejects]) == (["T-0", "T-2", "T-3"], ["undecodable"])


def test_a_file_that_is_cut_within_a_letter_has_an_unfinished_row() -> None:
    outcome = read(DROP.encode("utf-16-le")[:-3])
    assert outcome.rows == 4


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "utf-8-sig"])
def test_no_other_text_is_taken_for_utf_16(encoding: str) -> None:
    assert utf16_of(DROP.replace("Łoś", "x").replace("\u2019", "x").encode(encoding)) is None
    assert utf16_of(b"") is None
    assert utf16_of(b"A,B\n\0\0\0\0") is None


def test_rubbish_is_seldom_taken_for_utf_16() -> None:
    chance = random.Random(4)
    assert not any(utf16_of(chance.randbytes(200)[2:]) for _ in range(2_000))


def test_a_profile_may_name_it() -> None:
    assert parse_profile(PROFILE + "text: {encoding: UTF-16}\n").text.encoding == "utf-8"
