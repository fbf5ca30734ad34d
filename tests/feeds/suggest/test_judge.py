"""The suggestions hold to what they reached on both sets, and read the samples as the shipped profiles do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from shared.feeds.profiles.parse import parse_profile
from shared.feeds.suggest.suggest_profile import suggest_profile
from tests.feeds.cases import SAMPLES, shipped
from tests.feeds.suggest.answers import SETS
from tests.feeds.suggest.judge import figures_of, judge

# What a shipped profile takes out of a cell of prose, or where a person knew more than the sample shows.
BY_HAND: Mapping[str, frozenset[str]] = {
    "cobb": frozenset({"number", "booking_number", "address", "ori"}),
    "harris": frozenset({"city", "state", "postcode"}),
    "nypd": frozenset(),
}
FILES = {
    "cobb": SAMPLES / "feeds/cobb_ga/cobb_a.csv",
    "harris": SAMPLES / "feeds/harris_tx/2017-06-17.csv",
    "nypd": SAMPLES / "feeds/nypd/nypd_ytd_2021_queens_19col.csv",
}


@pytest.mark.parametrize("agencies", SETS.values(), ids=SETS)
def test_both_sets_of_layouts_are_suggested_as_well_as_the_readme_says(agencies: Sequence[str]) -> None:
    figures = figures_of([judge(agency) for agency in agencies])
    assert figures.share_right >= 0.98
    assert figures.wrong_unasked == 0
    assert figures.usable >= 9


@pytest.mark.parametrize("agency", FILES)
def test_a_real_feed_is_suggested_as_its_shipped_profile_reads_it(agency: str) -> None:
    path: Path = FILES[agency]
    if not path.exists():
        pytest.skip(f"the sample {path.name} is not here")
    suggestion = suggest_profile(path.read_bytes(), path.name)
    suggested, by_hand = parse_profile(suggestion.profile), shipped(agency)
    fields = (suggested.columns.keys() | by_hand.columns.keys()) - BY_HAND[agency]
    different = {field for field in fields if suggested.columns.get(field) != by_hand.columns.get(field)}
    asked = {column for question in suggestion.questions for column in question.columns}
    unasked = {field for field in different if not asked.issuperset(suggested.columns.get(field, ()))}
    assert not unasked
    assert len(different) <= len(fields) * 0.15, different
    assert suggested.dates == by_hand.dates[:1]
