"""Which agencies get new counts of names, and which keep what they have."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from shared.matching.linkage.agency_frequencies import AgencyNameCounts, LiveNames, NamedPerson, count_names
from shared.matching.linkage.learn_frequencies import LearningOutcome, decide_counts, has_changed
from shared.matching.linkage.name_tokens import NameTokens

DAY = date(2026, 11, 20)
CENSUS = LiveNames()


def people(bearers: Mapping[str, int]) -> list[NamedPerson]:
    return [
        (NameTokens((name,), ("PAT",), ()), DAY - timedelta(days=number))
        for name, count in bearers.items()
        for number in range(count)
    ]


def counts(**bearers: int) -> AgencyNameCounts:
    return count_names("roster", people(bearers), DAY)


def test_enough_persons_are_counted_and_fewer_leave_everything_as_it_is() -> None:
    decision = decide_counts("roster", people({"NGUYEN": 5_000}), CENSUS, DAY)
    assert decision.outcome is LearningOutcome.COUNTED
    assert decision.counts == counts(NGUYEN=5_000)
    for live in (CENSUS, LiveNames(counts(NGUYEN=6_000))):
        decision = decide_counts("roster", people({"NGUYEN": 4_999}), live, DAY)
        assert (decision.outcome, decision.counts) == (LearningOutcome.TOO_FEW, None)


def test_a_pin_holds_however_many_persons_there_are() -> None:
    decision = decide_counts("roster", people({"NGUYEN": 9_000}), LiveNames(pinned_on=DAY), DAY)
    assert (decision.outcome, decision.counts) == (LearningOutcome.PINNED, None)


def test_counts_that_hardly_changed_make_no_new_version() -> None:
    live = LiveNames(counts(NGUYEN=2_000, VANDERMOOR=4_000))
    decision = decide_counts("roster", people({"NGUYEN": 2_100, "VANDERMOOR": 4_300}), live, DAY)
    assert (decision.outcome, decision.counts) == (LearningOutcome.UNCHANGED, None)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (counts(NGUYEN=1_000, VANDERMOOR=5_000), "a name is half as common"),
        (counts(NGUYEN=2_000, VANDERMOOR=4_000, QUILLFEATHER=20), "a name has come that the census does not know"),
        (counts(NGUYEN=3_000, VANDERMOOR=6_000), "half as many persons again: all other names have become rarer"),
        (counts(VANDERMOOR=6_000), "a name is gone"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_counts_are_new_when_a_match_could_come_out_otherwise(after: AgencyNameCounts, why: str) -> None:
    assert has_changed(counts(NGUYEN=2_000, VANDERMOOR=4_000), after), why


def test_fewer_persons_alone_are_no_better_counts() -> None:
    assert not has_changed(counts(NGUYEN=4_000, VANDERMOOR=8_000), counts(NGUYEN=2_000, VANDERMOOR=4_000))
