"""What is due when: a pure decision about one record, with the clock passed in."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from shared.arrests.days import days_after, years_after
from shared.arrests.retention.hold import Hold, is_in_force
from shared.arrests.retention.model import (
    CaseEvent,
    CaseEventKind,
    ClockStart,
    CopyStatus,
    KeepRule,
    RecordFacts,
    RetentionClass,
    RetentionSchedule,
)

UNCLASSED = "unlisted"


class DueReason(StrEnum):
    """Why a copy is purged on its day, or has none."""

    OFFICIAL = "official copy: no clock of ours purges it"
    HELD = "held"
    COPY_DAYS = "days of the office's copy"
    SCHEDULE = "end of its class"


class Retention(NamedTuple):
    """`purge_on` is the first day on which the copy is purged; None while it is kept. `class_name` is the class that
    counts."""

    class_name: str
    purge_on: date | None
    reason: DueReason

    def is_due(self, today: date) -> bool:
        return self.purge_on is not None and self.purge_on <= today


def decide_retention(facts: RecordFacts, schedule: RetentionSchedule, holds: Iterable[Hold], today: date) -> Retention:
    """`holds` are those of the office that cover the record. What is dated after `today` has not happened yet."""
    class_name, schedule_end = end_of_schedule(facts, schedule, today)
    if any(is_in_force(hold, schedule.holds[hold.kind], today) for hold in holds):
        return Retention(class_name, None, DueReason.HELD)
    if schedule.copy_rule.status is CopyStatus.OFFICIAL:
        return Retention(class_name, None, DueReason.OFFICIAL)
    copy_end = days_after(min(facts.made_on, today), schedule.copy_rule.days)
    if schedule_end and schedule_end < copy_end:
        return Retention(class_name, schedule_end, DueReason.SCHEDULE)
    return Retention(class_name, copy_end, DueReason.COPY_DAYS)


def end_of_schedule(facts: RecordFacts, schedule: RetentionSchedule, today: date) -> tuple[str, date | None]:
    """The class that keeps the record longest, and the first day after it; None while it has no end yet, permanently
    or because its clock has not started. An offence of no class is kept: what a schedule does not list may not be
    destroyed (LGS-1)."""
    ends = [_end_of_class(schedule.class_of(offense), facts, today) for offense in facts.offenses]
    endless = next((end for end in ends if end[1] is None), None)
    if endless or not ends:
        return endless or (UNCLASSED, None)
    return max(ends, key=lambda end: end[1] or date.max)


def _end_of_class(rule: RetentionClass | None, facts: RecordFacts, today: date) -> tuple[str, date | None]:
    if rule is None:
        return UNCLASSED, None
    ends = [end for keep in rule.keep if (end := _end_of(keep, facts, today))]
    return rule.name, min(ends, default=None)


def _end_of(keep: KeepRule, facts: RecordFacts, today: date) -> date | None:
    start = _start(keep.after, facts, today)
    if keep.years is None or start is None or start > today:
        return None
    end = years_after(start, keep.years)
    arrested_on = facts.last_arrested_on
    if keep.years_without_arrest and arrested_on and arrested_on <= today:
        return max(end, years_after(arrested_on, keep.years_without_arrest))
    return end


def _start(after: ClockStart, facts: RecordFacts, today: date) -> date | None:
    match after:
        case ClockStart.CLOSED:
            return closed_on(facts.events, today)
        case ClockStart.MADE:
            return facts.made_on
        case ClockStart.BIRTH:
            return facts.born
        case ClockStart.DEATH:
            return facts.died_on
        case ClockStart.CHILD:
            return facts.youngest_child_born
        case ClockStart.WATCH:
            return facts.watch_ended_on


_ENDS_A_CASE = frozenset({CaseEventKind.SETTLED, CaseEventKind.NO_ARREST, CaseEventKind.RESTITUTION_ENDED})


def closed_on(events: Iterable[CaseEvent], today: date) -> date | None:
    """The day on which the case was closed for good; None while it is open.

    A prosecution closes it when its appeals are exhausted, and opens one that was settled before; an appeal that is
    taken opens it again; a disposition that is taken back leaves nothing of what was before. Events of one day count in
    the order in which they were told.
    """
    is_decided, closed = False, None
    for event in _in_order(event for event in events if event.day <= today):
        if event.kind is CaseEventKind.PROSECUTED:
            is_decided, closed = True, None
        elif event.kind in _ENDS_A_CASE:
            is_decided, closed = True, event.day
        elif event.kind is CaseEventKind.APPEAL_TAKEN:
            closed = None
        elif event.kind is CaseEventKind.APPEALS_EXHAUSTED:
            closed = event.day if is_decided else closed
        else:
            is_decided, closed = False, None
    return closed


_DECIDES = frozenset({CaseEventKind.PROSECUTED, CaseEventKind.SETTLED, CaseEventKind.TAKEN_BACK})


def last_decision(events: Iterable[CaseEvent]) -> CaseEventKind | None:
    """What counts of all decisions about a case: the latest (28 CFR 20.3). None where there is none, or the latest one
    takes back what was decided."""
    kinds = [event.kind for event in _in_order(events) if event.kind in _DECIDES]
    return kinds[-1] if kinds and kinds[-1] is not CaseEventKind.TAKEN_BACK else None


def _in_order(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    return sorted(events, key=lambda event: event.order)
