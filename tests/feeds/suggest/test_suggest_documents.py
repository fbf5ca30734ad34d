"""A profile is suggested from XML, lines of fixed width and workbooks of each kind, or it is said what to ask for."""

import csv
import io
from pathlib import Path

import pytest

from shared.errors import Rejected
from shared.feeds.normalise.read_drop import ParsedDrop, read_drop
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.suggest.suggest_profile import suggest_profile
from shared.feeds.suggest.suggestion import Known
from tests.feeds.cases import HERE, PSEUDONYMS, TODAY, read_file, shipped
from tests.feeds.suggest.samples import LAYOUTS

GOLDEN = HERE / "golden"
JAIL = GOLDEN / "xml/jail-xml.xml"


def test_a_vendors_xml_is_suggested_as_its_shipped_profile_maps_it() -> None:
    suggested, by_hand = parse_profile(suggest_profile(JAIL.read_bytes(), JAIL.name).profile), shipped("jail-xml")
    assert suggested.records == by_hand.records
    assert suggested.event == by_hand.event
    assert {**suggested.columns, "ori": by_hand.columns["ori"]} == by_hand.columns
    numbers, numbers_by_hand = (
        {parsed.arrest.number for parsed in read_file(JAIL, profile).arrests} for profile in (suggested, by_hand)
    )
    assert numbers_by_hand
    assert numbers_by_hand <= numbers


def test_the_record_of_an_xml_document_is_asked() -> None:
    questions = suggest_profile(JAIL.read_bytes(), JAIL.name).questions
    assert any("Inmate" in question.text for question in questions if question.about == "text")


@pytest.mark.parametrize(("path", "profile"), [("ods/months.ods", "monthly-ods"), ("xls/old-excel.xls", "old-excel")])
def test_a_workbook_of_another_kind_is_suggested_as_its_shipped_profile_maps_it(path: str, profile: str) -> None:
    workbook, by_hand = GOLDEN / path, shipped(profile)
    known = Known(agency=profile, time_zone=by_hand.time_zone)
    suggested = parse_profile(suggest_profile(workbook.read_bytes(), workbook.name, known).profile)
    assert (suggested.format, suggested.columns) == (by_hand.format, by_hand.columns)
    assert len(read_file(workbook, suggested).arrests) == len(read_file(workbook, by_hand).arrests)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<Roster><Inmate><Name>A</Name><Charge>THEFT</Charge></Inmate></Roster>", "no element"),
        (b"<Roster><Inmate>", "no well-formed XML"),
        (b'<e:Doc xmlns:e="http://release.niem.gov/niem/domains/jxdm/7.2/"><e:Arrest/></e:Doc>', "national exchange"),
    ],
)
def test_xml_of_which_no_profile_can_be_made_is_named_with_what_to_ask_for(content: bytes, words: str) -> None:
    with pytest.raises(Rejected) as refusal:
        suggest_profile(content, "sample.xml")
    assert words in refusal.value.reason
    assert refusal.value.fix


def in_fixed_columns(path: Path, *, title: str = "") -> bytes:
    """A delimited file laid out in columns, each a blank wider than its longest cell."""
    rows = [*csv.reader(path.read_text(encoding="utf-8").splitlines())]
    widths = [max(map(len, column)) + 1 for column in zip(*rows, strict=True)]
    lines = ["".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "".join(f"{line}\n" for line in [*title.splitlines(), *lines]).encode()


def arrests_of(content: bytes) -> tuple[str, list[str]]:
    """The format of the suggested profile, and the arrests that it reads."""
    profile = parse_profile(suggest_profile(content, "sample", Known(agency="greymouth")).profile)
    drop: ParsedDrop = read_drop(io.BytesIO(content), profile, PSEUDONYMS, TODAY, may_seal=False)
    texts = [parsed.arrest.model_dump_json(exclude={"arrest_id"}) for parsed in drop.arrests]
    return profile.format, sorted(texts)


@pytest.mark.parametrize("layout", ["greymouth/sample.csv", "norrland/sample.csv", "whitlock/sample.csv"])
def test_lines_of_fixed_width_are_suggested_as_the_same_rows_with_a_delimiter_are(layout: str) -> None:
    path = LAYOUTS / layout
    fixed, delimited = arrests_of(in_fixed_columns(path)), arrests_of(path.read_bytes())
    assert (fixed[0], delimited[0]) == ("fixed-width", "delimited")
    assert fixed[1] == delimited[1]


def test_titles_above_lines_of_fixed_width_are_skipped() -> None:
    content = in_fixed_columns(LAYOUTS / "greymouth/sample.csv", title="GREYMOUTH POLICE\n\nARRESTS OF THE WEEK\n")
    profile = parse_profile(suggest_profile(content, "sample").profile)
    assert profile.format == "fixed-width"
    assert profile.text.skip_lines == 4


def test_a_column_of_fixed_width_that_is_not_read_has_no_position() -> None:
    profile = parse_profile(suggest_profile(in_fixed_columns(LAYOUTS / "greymouth/sample.csv"), "sample").profile)
    assert profile.positions.keys() == {*profile.column_names}
    assert not profile.positions.keys() & {"SOCNO", "RC", "VLN", "PHN1"}
