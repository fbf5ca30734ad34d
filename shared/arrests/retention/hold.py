"""Holds: an office says that records must not be purged, why, and until what has ended."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.arrests.days import days_after, years_after
from shared.value import FrozenModel

ERASED = "erased with its records"
HoldText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class HoldKind(StrEnum):
    CASE = "case"
    LITIGATION = "litigation"
    FOIL = "foil"
    AUDIT = "audit"


class HoldRule(FrozenModel):
    """How much longer a hold lasts than what it is for."""

    years_after_end: int = Field(default=0, ge=0, le=100)
    days_after_end: int = Field(default=0, ge=0, le=3_660)
    source: str = Field(min_length=3, max_length=300)


class HoldEnd(FrozenModel):
    """`ended_on` is the day on which the case, the litigation or the audit ended, or on which the FOIL request was
    answered. An answer that is appealed holds until `appeal_decided_on`."""

    ended_on: date
    reason: HoldText
    appealed_on: date | None = None
    appeal_decided_on: date | None = None


class ProposedEnd(HoldEnd):
    """An end that counts once somebody else has confirmed it."""

    proposed_by: str
    proposed_at: AwareDatetime


class Hold(FrozenModel):
    """A hold of one office on its copies about these arrests, or on all of its copies if none is named.

    `ended_on` is the day on which the case, the litigation or the audit ended, or the FOIL request was answered.
    `appealed_on` and `appeal_decided_on` are of that answer. `request_id` is the records request that placed the hold
    and ends it.
    """

    hold_id: str
    office_id: str
    kind: HoldKind
    reason: HoldText
    reference: str = Field(default="", max_length=100)
    arrest_ids: tuple[str, ...] = Field(default=(), max_length=500)
    placed_by: str
    placed_at: AwareDatetime
    ended_on: date | None = None
    appealed_on: date | None = None
    appeal_decided_on: date | None = None
    ended_by: str = ""
    end_reason: str = Field(default="", max_length=500)
    confirmed_by: str = ""
    proposed_end: ProposedEnd | None = None
    request_id: str = ""
    revision: int = 1


def without_texts(hold: Hold) -> Hold:
    """What is left of a hold that is over when a record that it names is purged: kind, days and people of the office,
    and no text that could name somebody."""
    erased = {"reason": ERASED, "reference": "", "end_reason": ERASED if hold.end_reason else "", "proposed_end": None}
    return hold.model_copy(update=erased | {"revision": hold.revision + 1})


def has_no_texts(hold: Hold) -> bool:
    return hold.reason == ERASED


def last_day_of(hold: Hold, rule: HoldRule) -> date | None:
    """The last day on which the hold keeps records; None while nobody can say."""
    if hold.ended_on is None:
        return None
    if hold.appealed_on and hold.appeal_decided_on is None:
        return None
    ended_on = max(filter(None, (hold.ended_on, hold.appeal_decided_on)))
    if hold.appeal_decided_on:  # the days after an answer are those in which it may be appealed
        return ended_on
    return days_after(years_after(ended_on, rule.years_after_end), rule.days_after_end)


def is_in_force(hold: Hold, rule: HoldRule, today: date) -> bool:
    last_day = last_day_of(hold, rule)
    return last_day is None or today <= last_day
