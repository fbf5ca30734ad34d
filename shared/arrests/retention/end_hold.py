"""How a hold ends, and when that takes two people. Pure.

Whoever ends a hold decides what may be purged. So a day before today, and an end that comes before the rule of the hold
allows it, count only when a second person has confirmed them.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from shared.arrests.retention.hold import Hold, HoldEnd, HoldKind, HoldRule, ProposedEnd, last_day_of


class HoldEndFault(NamedTuple):
    """What is wrong with a field of the end, and what to do about it."""

    field: str
    fix: str


class HoldEndError(Exception):
    """The end cannot be confirmed or refused, or not by this person."""


def faults_of(hold: Hold, end: HoldEnd, today: date) -> list[HoldEndFault]:
    return list(_faults(hold, end, today))


def decide_end(hold: Hold, end: HoldEnd, rule: HoldRule, by: str, now: datetime, today: date) -> Hold:
    """The hold with its end, or with the end that somebody else has yet to confirm. `today` is the office's day."""
    if needs_second_person(hold, end, rule, today):
        proposed = ProposedEnd(**end.model_dump(), proposed_by=by, proposed_at=now)
        return hold.model_copy(update={"proposed_end": proposed, "revision": hold.revision + 1})
    return _with_end(hold, end, by)


def needs_second_person(hold: Hold, end: HoldEnd, rule: HoldRule, today: date) -> bool:
    """Days that the hold has already are not asked about again."""
    known = {hold.ended_on, hold.appealed_on, hold.appeal_decided_on}
    days = {end.ended_on, end.appealed_on, end.appeal_decided_on} - known - {None}
    if any(day < today for day in days if day):
        return True
    last_day = last_day_of(_with_end(hold, end, ""), rule)
    without_appeal = HoldEnd(ended_on=end.ended_on, reason=end.reason)
    allowed = last_day_of(_with_end(hold, without_appeal, ""), rule)
    return last_day is not None and allowed is not None and last_day < allowed


def confirm_end(hold: Hold, by: str) -> Hold:
    """Raises HoldEndError when no end waits, or for the person who proposed it."""
    proposed = _decidable(hold, by)
    return _with_end(hold, proposed, proposed.proposed_by).model_copy(update={"confirmed_by": by})


def refuse_end(hold: Hold) -> Hold:
    """The hold goes on; whoever proposed the end may take it back. Raises HoldEndError when none waits."""
    if hold.proposed_end is None:
        raise HoldEndError("No end of this hold waits for anybody.")
    return hold.model_copy(update={"proposed_end": None, "revision": hold.revision + 1})


def _decidable(hold: Hold, by: str) -> ProposedEnd:
    if hold.proposed_end is None:
        raise HoldEndError("No end of this hold waits for anybody.")
    if hold.proposed_end.proposed_by.casefold() == by.casefold():
        raise HoldEndError("You proposed this end yourself. Another person with the right `records` confirms it.")
    return hold.proposed_end


def _with_end(hold: Hold, end: HoldEnd, by: str) -> Hold:
    changes = {
        "ended_on": end.ended_on,
        "appealed_on": end.appealed_on,
        "appeal_decided_on": end.appeal_decided_on,
        "ended_by": by,
        "end_reason": end.reason,
        "confirmed_by": "",
        "proposed_end": None,
    }
    return hold.model_copy(update=changes | {"revision": hold.revision + 1})


def _faults(hold: Hold, end: HoldEnd, today: date) -> Iterator[HoldEndFault]:
    days = {"ended_on": end.ended_on, "appealed_on": end.appealed_on, "appeal_decided_on": end.appeal_decided_on}
    for field, day in days.items():
        if day and day > today:
            yield HoldEndFault(field, "lies in the future; write the day once it has come")
    if hold.kind is not HoldKind.FOIL and (end.appealed_on or end.appeal_decided_on):
        yield HoldEndFault("appealed_on", "is for a FOIL request; leave it out")
    if end.appealed_on and end.appealed_on < end.ended_on:
        yield HoldEndFault("appealed_on", "is before the answer; write the day of the appeal")
    if end.appeal_decided_on and (end.appealed_on is None or end.appeal_decided_on < end.appealed_on):
        yield HoldEndFault("appeal_decided_on", "needs an appeal before it; write `appealed_on`")
