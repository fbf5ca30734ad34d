"""New York Correction Law 149: a feed says what the notice of a release has, and a late notice is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.arrests.model import Arrest, EventKind
from shared.arrests.release import PlannedRelease
from shared.feeds.drops.receipt import Receipt
from shared.feeds.intake.dry_run import dry_run
from shared.feeds.profiles.parse import parse_profile
from tests.builders import PSEUDONYMS

PROFILE = """agency: docs
format: delimited
time_zone: America/New_York
event: scheduled release
columns:
  number: DIN
  arrested: Received
  event_date: Release
  surname: Last
  given: First
  alias: Aliases
  born: Born
  statute: Crime
  charge_class: Class
  proposed_address: Going To
  prosecution_county: County
  remaining_term: Left
  supervising_office: Office
  incident: Incident
codes:
  charge_class: {F: felony}
"""
HEADER = "DIN,Received,Release,Last,First,Aliases,Born,Crime,Class,Going To,County,Left,Office,Incident"
NOW = datetime.now(UTC).replace(hour=17)  # the same day in New York


def read(days: int, **cells: str) -> tuple[Receipt, list[Arrest]]:
    release = (NOW + timedelta(days=days)).date().isoformat()
    usual = {
        "DIN": "26-A-0001", "Received": "2020-01-02", "Release": release, "Last": "Quillfeather", "First": "Dorian",
        "Aliases": "Feather Dorian", "Born": "1988-03-14", "Crime": "PL 160.15", "Class": "F",
        "Going To": "14 Elm Street Apt 2B", "County": "Kings", "Left": "2 years 4 months", "Office": "Bureau 7",
        "Incident": "I-77",
    }  # fmt: skip
    row = ",".join((usual | cells)[name] for name in HEADER.split(","))
    receipt, parsed = dry_run(
        f"{HEADER}\n{row}\n".encode(), "out.csv", parse_profile(PROFILE), PSEUDONYMS, NOW, may_seal=False
    )
    return receipt, [one.arrest for one in parsed.arrests]


def test_correction_law_149_the_notice_of_a_release_has_the_fields_of_the_section_in_the_record() -> None:
    receipt, (arrest,) = read(10)
    assert receipt.rows.rejected == 0
    assert arrest.kind is EventKind.RELEASE_SCHEDULED
    assert arrest.release == PlannedRelease(
        proposed_address="14 Elm Street Apt 2B",
        county="Kings",
        remaining_term="2 years 4 months",
        supervising_office="Bureau 7",
    )
    assert len(arrest.person.names) == 2, "the aliases are of the section"
    assert arrest.incident == "I-77"


def test_correction_law_149_a_late_notice_is_counted_in_the_receipt() -> None:
    assert read(10)[0].late_releases == 0
    assert read(1)[0].late_releases == 1


def test_a_field_of_the_release_is_cut_to_its_length_and_nothing_is_lost_of_the_rest() -> None:
    cells: dict[str, Any] = {"Going To": "E" * 3_000, "County": "K" * 300, "Left": "y" * 900, "Office": "B" * 900}
    receipt, (arrest,) = read(10, **cells)
    assert receipt.rows.rejected == 0
    assert arrest.release
    assert [len(text) for text in arrest.release.model_dump().values()] == [500, 100, 200, 200]


def test_an_arrest_has_no_release_whatever_stands_in_its_columns() -> None:
    text = PROFILE.replace("event: scheduled release\n", "").replace("  event_date: Release\n", "")
    row = "26-1,2026-01-02,,Quillfeather,Dorian,,1988-03-14,PL 160.15,F,14 Elm Street,Kings,,,1.2E+05"
    _, parsed = dry_run(f"{HEADER}\n{row}\n".encode(), "in.csv", parse_profile(text), PSEUDONYMS, NOW, may_seal=False)
    (arrest,) = [one.arrest for one in parsed.arrests]
    assert arrest.release is None
    assert arrest.incident == "", "a spreadsheet rounded the number"
