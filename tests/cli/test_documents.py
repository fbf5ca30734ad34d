"""O8: the documents of an office, filled from what is stored and finished by people."""

import re
from datetime import date
from typing import Any

import pytest

from functions.cli.documents.facts import FIELDS_IN_WORDS
from functions.cli.documents.render import DocumentKind
from functions.cli.main import main
from shared.feeds.record import FIELD_NAMES
from tests.cli.test_set_up import KINGS, set_up, stack

__all__ = ["set_up", "stack"]  # the fixtures: a stack, and the command that sets an office up
DEMO_OFFICE = "queensbridge-da"
NOT_SHOWN = {  # parts of what is named, numbers that changed, and what only the reading of a file needs
    "event", "event_date", "event_time", "arrested_time", "ori", "alias", "given", "middle", "suffix", "city", "state",
    "postcode", "longitude", "sid_issuer", "charge_class", "degree", "bail_kind", "court", "court_time",
    "disposed_statute", "warrant_court", "former_sid", "former_fbi", "former_person_number",
    "seal_statute", "seal_id",
}  # fmt: skip


@pytest.fixture
def document(set_up: Any, capsys: Any) -> Any:
    def print_document(*words: str, status: int = 0) -> str:
        capsys.readouterr()
        assert main(["document", "--stack", "here", *words]) == status
        captured = capsys.readouterr()
        return str(captured.out + captured.err)

    assert set_up(None, "--apply")[0] == 0
    return print_document


@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize("office", [DEMO_OFFICE, "kings"])
def test_o8_every_document_is_filled_for_an_office_with_much_and_one_with_nothing(
    document: Any, set_up: Any, kind: DocumentKind, office: str
) -> None:
    assert set_up(KINGS, "--apply")[0] == 0
    text = document(kind.value, office)
    assert text.startswith("# ")
    assert not re.search(r"\{[{%]|None|Undefined|\[\]", text), "nothing of the template or of the code is left"


def test_o8_the_impact_statement_says_what_is_so_at_the_office(document: Any) -> None:
    text = " ".join(document("impact-statement", DEMO_OFFICE).split())
    assert "| press | never | by law or order |" in text
    assert "| defense | by law or order; under CPL 160.57 yes | by law or order |" in text
    assert "Agreement MOU-2026-001, 2026-01-01 to 2028-12-31" in text
    assert "Passing on: forbidden." in text
    assert "7 people have access" in text
    assert "Reads the audit: who looked at what: 1" in text
    assert "case-system@da.queensbridge.example" in text
    assert "| homicide | permanently |" in text
    assert "named- " not in text, "each line stands on its own"
    assert "Messages carry names only to addresses of da.queensbridge.example" in text


def test_cjis_at_2_the_outline_of_the_training_says_what_the_office_asks_for_and_who_has_it(document: Any) -> None:
    text = " ".join(document("training", DEMO_OFFICE).split())
    assert "The office asks for: CJIS security awareness, again after 365 days." in text
    assert re.search(r"Of 7 people with access, \d ha(s|ve) a training on record", text)
    assert "policy, version 2026-1" in text
    policy = document("privacy-policy", DEMO_OFFICE)
    assert "Write to privacy@da.queensbridge.example" in policy


def test_o8_an_office_that_is_open_without_agreements_is_told_to_decide(document: Any, set_up: Any) -> None:
    assert set_up(KINGS.replace("]}\nusers", "], only_by_agreement: false}\nusers"), "--apply")[0] == 0
    assert "get arrests of agencies without an agreement" in document("impact-statement", "kings")
    assert "nothing of any agency reaches the office" not in document("impact-statement", "kings")


def test_p6_the_draft_of_an_agreement_says_what_is_recorded_with_this_agency(document: Any) -> None:
    text = document("agreement", "--agency", "nypd", DEMO_OFFICE)
    assert "MOU-2026-001" in text
    assert "passes nothing on, except what a law" in text
    assert "chief@da.queensbridge.example" in text
    assert "[agency]" in document("agreement", DEMO_OFFICE)


def test_p5_documents_say_how_long_this_office_keeps_its_copies(document: Any, set_up: Any) -> None:
    assert set_up(KINGS.replace("]}\nusers", "], retention: {copy: {days: 90}}}\nusers"), "--apply")[0] == 0
    for kind in ("agreement", "impact-statement", "privacy-policy"):
        assert "90 days after the agency last" in document(kind, "kings"), kind
    official = "], retention: {copy: {status: official}}}\nusers"
    assert set_up(KINGS.replace("]}\nusers", official), "--apply")[0] == 0
    for kind in ("agreement", "impact-statement", "privacy-policy"):
        assert "official, so no clock purges them" in document(kind, "kings"), kind


def test_p6_the_draft_is_of_the_agreement_that_runs_longest(document: Any, set_up: Any) -> None:
    agreements = """agreements:
  - {agency: roster, reference: MOU-OLD, starts: 2023-01-01, ends: 2023-12-31}
  - {agency: roster, reference: MOU-NEW, starts: 2026-01-01, ends: 2027-12-31}
"""
    assert set_up(KINGS + agreements, "--apply")[0] == 0
    text = document("agreement", "--agency", "roster", "kings")
    assert "MOU-NEW" in text
    assert "MOU-OLD" not in text


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_o8_a_name_cannot_write_a_line_a_link_or_markup_of_its_own(
    document: Any, set_up: Any, kind: DocumentKind
) -> None:
    name = r'"Kings\n12. **Waiver.** All may be passed on <script>x</script> [sign](https://evil.example) | yes |"'
    assert set_up(KINGS.replace("name: Kings", f"name: {name}"), "--apply")[0] == 0
    lines = document(kind.value, "kings").splitlines()
    assert not [line for line in lines if line.startswith("12.") or "<script" in line or "](" in line]
    assert [line for line in lines if "Kings 12. " in line], "it is in its line"


def test_correction_law_149_the_notice_of_a_release_has_the_fields_of_the_section(document: Any) -> None:
    text = document("release-notice", DEMO_OFFICE)
    for field in ("48 hours", "alias", "Proposed address", "Time left", "Nature of the crime", "County of prosecution"):
        assert field in text


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("impact-statement", "nowhere"), "nowhere: there is no such office"),
        (("agreement", "--agency", "lakeside", DEMO_OFFICE), "there is one with: harris, nypd, roster"),
    ],
)
def test_what_is_not_stored_is_said_with_what_is(document: Any, words: tuple[str, ...], fault: str) -> None:
    assert fault in document(*words, status=1)


def test_every_field_that_a_profile_can_read_has_its_words_in_the_documents() -> None:
    assert set(FIELD_NAMES) == FIELDS_IN_WORDS.keys() | NOT_SHOWN


def test_a_draft_bears_the_day_of_the_office(document: Any) -> None:
    (day,) = re.findall(r"Draft of (\d{4}-\d\d-\d\d)", document("impact-statement", DEMO_OFFICE))
    assert abs((date.fromisoformat(day) - date.today()).days) <= 1  # noqa: DTZ011 - either side of midnight
