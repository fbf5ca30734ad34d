"""Counts how common names are at every agency, from the arrests that it sent.

One pass over the arrests table counts all agencies. The segments of the table come in random order and are shares of
it by the hash of the arrest's id, so what was read when the time is over is a fair sample, and is counted as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from shared.arrests.model import Arrest
from shared.arrests.table import ArrestsTable
from shared.aws.throttling import may_begin_more
from shared.errors import TryLater
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.matching.linkage.agency_frequencies import COUNTED_DAYS, MIN_PERSONS
from shared.matching.linkage.learn_frequencies import LearningOutcome, decide_counts
from shared.matching.linkage.name_sample import MOST_PERSONS, NameSample

SEGMENTS = 64


@dataclass(frozen=True)
class LearnDeps:
    arrests: ArrestsTable
    reference: AgencyReferenceTable
    min_persons: int = MIN_PERSONS
    most_persons: int = MOST_PERSONS


@dataclass(frozen=True)
class Learned:
    """What became of one agency. `persons` were read; `names` are those that are counted, in `version`."""

    agency: str
    outcome: LearningOutcome
    persons: int
    names: int = 0
    version: str = ""


def learn_names(deps: LearnDeps, now: datetime) -> Iterator[Learned]:
    """Reads as many arrests of the last five years as the time allows, then yields what became of each agency. One
    whose counts are being replaced in this moment stays as it is."""
    sample = NameSample(deps.most_persons)
    for page in _pages_in_random_order(deps.arrests, now - timedelta(days=COUNTED_DAYS)):
        sample.add(page)
        if not may_begin_more():
            break
    for agency in sample.agencies():
        yield _learn(deps, agency, sample, now)


def _pages_in_random_order(arrests: ArrestsTable, since: datetime) -> Iterator[list[Arrest]]:
    for segment in SystemRandom().sample(range(SEGMENTS), SEGMENTS):
        yield from arrests.since(since, segment, SEGMENTS)


def _learn(deps: LearnDeps, agency: str, sample: NameSample, now: datetime) -> Learned:
    people = sample.people(agency)
    try:
        live = deps.reference.live_names(agency)
    except TryLater:
        return Learned(agency, LearningOutcome.BUSY, len(people))
    decision = decide_counts(agency, people, live, now.date(), deps.min_persons)
    if decision.counts is None:
        return Learned(agency, decision.outcome, len(people))
    version = deps.reference.learn_names(agency, decision.counts)
    if version is None:
        return Learned(agency, LearningOutcome.PINNED, len(people))
    return Learned(agency, decision.outcome, len(people), decision.counts.names, version)
