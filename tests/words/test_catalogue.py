"""The catalogue has every text that code asks for, and code asks for every text that it has."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from shared.words.agencies import agency_title
from shared.words.catalogue import CATALOGUES, Language
from shared.words.english import ENGLISH
from shared.words.moments import day_text, moment_text, numeric_day, short_clock_text

ROOT = Path(__file__).parents[2]
ASKED = re.compile(r"""\b(?:words|counted)\(\s*(f?)"([^"]+)"[),\s]""")


def asked_for() -> set[str]:
    """The keys that code names, as patterns: what it fills in stands for anything."""
    patterns = set()
    for path in [*ROOT.glob("shared/**/*.py"), *ROOT.glob("functions/**/*.py")]:
        for is_made, key in ASKED.findall(path.read_text(encoding="utf-8")):
            pattern = re.sub(r"\\{.*?\\}", ".+", re.escape(key)) if is_made else re.escape(key)
            patterns.add(f"{pattern}(?:\\.(?:one|other))?")
    return patterns


def test_kw1_every_text_that_code_asks_for_is_in_the_catalogue_and_no_other() -> None:
    patterns = asked_for()
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, key) for key in ENGLISH)] == []
    assert [key for key in ENGLISH if not any(re.fullmatch(pattern, key) for pattern in patterns)] == []


@pytest.mark.parametrize("language", Language)
def test_every_language_has_the_same_keys_with_the_same_values(language: Language) -> None:
    def values(template: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}

    other = CATALOGUES[language]
    assert other.keys() == ENGLISH.keys()
    assert [key for key in ENGLISH if values(other[key]) != values(ENGLISH[key])] == []


def test_both_numbers_of_a_counted_text_are_there() -> None:
    counted = {key.removesuffix(".one").removesuffix(".other") for key in ENGLISH if key.endswith((".one", ".other"))}
    assert [key for key in counted if not {f"{key}.one", f"{key}.other"} <= ENGLISH.keys()] == []


def test_dates_and_times_are_written_as_americans_read_them() -> None:
    instant, zone = datetime(2026, 10, 21, 1, 30, tzinfo=UTC), ZoneInfo("America/New_York")
    assert moment_text(instant, zone) == "Tue, Oct 20, 2026, 9:30 p.m. EDT"
    assert short_clock_text(datetime(2026, 11, 20, 0, 12, tzinfo=UTC), zone) == "7:12 pm"
    assert (day_text(date(2026, 3, 1)), numeric_day(date(1985, 7, 9))) == ("Sun, Mar 1, 2026", "7/9/1985")
    assert moment_text(datetime(2026, 1, 1, 5, 0, tzinfo=UTC), zone) == "Thu, Jan 1, 2026, 12:00 a.m. EST"


def test_an_agency_is_called_by_its_title() -> None:
    assert [agency_title(agency) for agency in ("queensbridge-sheriff", "nypd", "roster")] == [
        "Queensbridge Sheriff",
        "NYPD",
        "Roster",
    ]
