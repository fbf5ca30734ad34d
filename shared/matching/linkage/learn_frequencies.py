"""Whether an agency's names are counted anew: decided from what was read of its arrests and from what is live."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Rejected
from shared.matching.linkage.agency_frequencies import (
    MIN_PERSONS,
    AgencyFrequencies,
    AgencyNameCounts,
    LiveNames,
    NamedPerson,
    count_names,
)
from shared.matching.linkage.frequencies import census
from shared.matching.linkage.name_tokens import GIVEN, SURNAME
from shared.matching.linkage.weights import WEIGHTS

SMALLEST_CHANGE = 0.5  # bits: a name that is 1.4 times as common as before, or 0.7 times
SMALLEST_GROWTH = 1.5  # times as many persons: names that nobody there bears have become rarer with them
_RAREST = {SURNAME: WEIGHTS.rarest_surname, GIVEN: WEIGHTS.rarest_given}


class LearningOutcome(StrEnum):
    COUNTED = "counted"
    PINNED = "pinned to the census"
    TOO_FEW = "too few persons"
    UNCHANGED = "hardly changed"
    BUSY = "being replaced"


@dataclass(frozen=True)
class CountsDecision:
    """`counts` are what is to be live from now on; None where everything stays as it is."""

    outcome: LearningOutcome
    counts: AgencyNameCounts | None = None


def decide_counts(
    agency: str, people: Iterable[NamedPerson], live: LiveNames, today: date, min_persons: int = MIN_PERSONS
) -> CountsDecision:
    if live.pinned_on:
        return CountsDecision(LearningOutcome.PINNED)
    try:
        counts = count_names(agency, people, today, min_persons=min_persons)
    except Rejected:
        return CountsDecision(LearningOutcome.TOO_FEW)
    if live.counts and not has_changed(live.counts, counts):
        return CountsDecision(LearningOutcome.UNCHANGED)
    return CountsDecision(LearningOutcome.COUNTED, counts)


def has_changed(before: AgencyNameCounts, after: AgencyNameCounts) -> bool:
    """Whether a match could come out otherwise: a name weighs half a bit more or less, or there are half as many
    persons again."""
    if after.persons >= SMALLEST_GROWTH * before.persons:
        return True
    old, new = AgencyFrequencies(before, census()), AgencyFrequencies(after, census())
    return any(
        abs(old.agreement_weight(role, word, rarest) - new.agreement_weight(role, word, rarest)) >= SMALLEST_CHANGE
        for role, rarest in _RAREST.items()
        for word in before.bearers[role].keys() | after.bearers[role].keys()
    )
