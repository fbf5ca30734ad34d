"""A profile is suggested from a delimited sample: what is certain, what is asked, what is refused."""

from pathlib import Path

import pytest

from shared.errors import Rejected
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.suggest.suggest_profile import suggest_profile
from tests.feeds.cases import HERE, read_file

MILLBROOK = HERE / "golden" / "delimited" / "millbrook.csv"
ROSTER = HERE / "demo" / "roster.csv"


def fields_of(path: Path) -> dict[str, tuple[str, ...]]:
    return dict(parse_profile(suggest_profile(path.read_bytes(), path.name).profile).columns)


def test_the_worked_example_of_the_readme_is_suggested_as_it_is_written() -> None:
    suggested = parse_profile(suggest_profile(MILLBROOK.read_bytes(), "millbrook.csv").profile)
    written = parse_profile(MILLBROOK.with_name("millbrook.profile.yaml").read_text(encoding="utf-8"))
    assert suggested.columns == written.columns
    assert (suggested.dates, suggested.charges, suggested.text.skip_lines) == (written.dates, written.charges, 1)
    assert [parsed.arrest.charges for parsed in read_file(MILLBROOK, suggested).arrests] == [
        parsed.arrest.charges for parsed in read_file(MILLBROOK, written).arrests
    ]


def test_a_roster_is_mapped_as_its_shipped_profile_maps_it() -> None:
    shipped = parse_profile((HERE.parents[1] / "shared/feeds/profiles/roster.yaml").read_text(encoding="utf-8"))
    assert fields_of(ROSTER) == shipped.columns


def test_a_header_that_is_repeated_on_each_page_is_still_the_header() -> None:
    head, *rows = MILLBROOK.read_text(encoding="utf-8").splitlines()[1:]
    content = "\n".join([head, *rows, head, *rows, head]).encode()
    assert dict(parse_profile(suggest_profile(content, "pages.csv").profile).columns)["charge"] == ("Offense",)


def test_what_no_file_says_is_asked() -> None:
    questions = suggest_profile(ROSTER.read_bytes(), "roster.csv").questions
    asked = {name for question in questions for name in (question.about, *question.columns)}
    assert {"agency", "time_zone", "sid_issuer"} <= asked
    assert {"Arrest Street", "Arrest City"} <= asked  # the place of the arrest, or the home?


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"<html><body><table>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "an XML document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "no workbook"),
        (b"just one line of text", "no delimiter"),
        (b"Name,DOB,Booked,Charge\n", "no rows"),
        (b"\x00\x01\x02\x03" * 100, "no text"),
    ],
)
def test_a_file_of_which_no_profile_can_be_made_is_named_with_what_to_ask_for(content: bytes, words: str) -> None:
    with pytest.raises(Rejected) as refusal:
        suggest_profile(content, "sample")
    assert words in refusal.value.reason
    assert refusal.value.fix
