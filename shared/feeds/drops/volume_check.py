"""When and how much an agency usually sends, and whether a drop, or its absence, is out of the ordinary."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from pydantic import Field

from shared.value import FrozenModel

BASELINE_DROPS = 20  # drops, the newest
FEWEST_TO_LEARN_FROM = 5  # drops; of fewer, what the profile declares holds
SILENT_AFTER_INTERVALS = 2  # intervals
THIN_BELOW = 1 / 5  # of the usual
FEW = 50  # records: so few are no flood, whatever is usual


class VolumeProfile(FrozenModel):
    """What a profile expects of its agency, until it is learned from the drops themselves. `most_told`: a drop that
    would tell more people than these is held."""

    hours: float | None = Field(default=None, gt=0, le=9_000)
    records: int | None = Field(default=None, ge=1)
    flood: float = Field(default=5, gt=1, le=1_000, description="times the usual")
    notify_limit: int = Field(default=500, ge=1, alias="most_told")


class PastDrop(NamedTuple):
    dropped_at: datetime
    records: int


class VolumeBaseline(NamedTuple):
    """None where nothing is declared and too little is known."""

    interval: timedelta | None = None
    records: float | None = None


class VolumeVerdict(StrEnum):
    USUAL = "usual"
    THIN = "thin"
    FLOOD = "flood"


def baseline_of(past: Sequence[PastDrop], declared: VolumeProfile) -> VolumeBaseline:
    """The medians of the newest drops; one odd drop does not move them."""
    past_drops = sorted(past)[-BASELINE_DROPS:]
    if len(past_drops) < FEWEST_TO_LEARN_FROM:
        hours = timedelta(hours=declared.hours) if declared.hours else None
        return VolumeBaseline(hours, declared.records)
    gaps = [(after.dropped_at - before.dropped_at).total_seconds() for before, after in itertools.pairwise(past_drops)]
    return VolumeBaseline(timedelta(seconds=median(gaps)), median(past_drop.records for past_drop in past_drops))


def check_volume(usual: VolumeBaseline, declared: VolumeProfile, records: int) -> VolumeVerdict:
    """Of a drop with so many records."""
    if not usual.records:
        return VolumeVerdict.USUAL
    if records > declared.flood * usual.records and records > FEW:
        return VolumeVerdict.FLOOD
    return VolumeVerdict.THIN if records < THIN_BELOW * usual.records else VolumeVerdict.USUAL


def overdue_at(dropped_at: datetime, usual: VolumeBaseline) -> datetime | None:
    """When an agency whose newest drop this is has fallen silent; None where no interval is declared or known."""
    return dropped_at + SILENT_AFTER_INTERVALS * usual.interval if usual.interval else None
