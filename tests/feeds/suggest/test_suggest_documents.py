"""A profile is suggested from XML and from workbooks of other kinds than .xlsx, or it is said what to ask for."""

import pytest

from shared.errors import Rejected
from shared.feeds.profiles.parse import parse_profile
from shared.feeds.suggest.suggest_profile import suggest_profile
from shared.feeds.suggest.suggestion import Known
from tests.feeds.cases import HERE, read_file, shipped

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
