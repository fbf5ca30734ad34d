"""The volume check: is a drop far larger or smaller than this agency's usual one, or is the next one overdue?

The baseline is learned from the agency's past drops, or declared in its profile until there are enough. All is pure.
"""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from pydantic import Field

from shared.value import FrozenModel

BASELINE_DROPS = 20  # the newest past drops that make the baseline
FEWEST_TO_LEARN_FROM = 5  # with fewer past drops, the profile's declaration holds
SILENT_AFTER_INTERVALS = 2
THIN_BELOW = 1 / 5  # of the usual number of records
FLOOD_ABOVE_RECORDS = 50  # a drop of so few records is no flood, whatever is usual


class VolumeProfile(FrozenModel):
    """What a profile declares about its agency's drops: the interval in hours, the number of records, and limits.

    A drop with more than `flood` times the usual records is a flood. A drop that would notify more people than
    `most_told` (here `notify_limit`) is held.
    """

    hours: float | None = Field(default=None, gt=0, le=9_000)
    records: int | None = Field(default=None, ge=1)
    flood: float = Field(default=5, gt=1, le=1_000, description="times the usual")
    notify_limit: int = Field(default=500, ge=1, alias="most_told")


class PastDrop(NamedTuple):
    dropped_at: datetime
    records: int


class VolumeBaseline(NamedTuple):
    """The agency's usual interval between drops and records in a drop; None where nothing is declared or learned."""

    interval: timedelta | None = None
    records: float | None = None


class VolumeVerdict(StrEnum):
    USUAL = "usual"
    THIN = "thin"
    FLOOD = "flood"


def baseline_of(past: Sequence[PastDrop], declared: VolumeProfile) -> VolumeBaseline:
    """Returns the medians of the newest past drops, so that one odd drop does not move them."""
    newest = sorted(past)[-BASELINE_DROPS:]
    if len(newest) < FEWEST_TO_LEARN_FROM:
        interval = timedelta(hours=declared.hours) if declared.hours else None
        return VolumeBaseline(interval, declared.records)
    gaps = [(after.dropped_at - before.dropped_at).total_seconds() for before, after in itertools.pairwise(newest)]
    return VolumeBaseline(timedelta(seconds=median(gaps)), median(past_drop.records for past_drop in newest))


def check_volume(baseline: VolumeBaseline, declared: VolumeProfile, records: int) -> VolumeVerdict:
    """Compares a drop's number of records with the baseline. Without a baseline every drop is usual."""
    if not baseline.records:
        return VolumeVerdict.USUAL
    if records > declared.flood * baseline.records and records > FLOOD_ABOVE_RECORDS:
        return VolumeVerdict.FLOOD
    return VolumeVerdict.THIN if records < THIN_BELOW * baseline.records else VolumeVerdict.USUAL


def overdue_at(dropped_at: datetime, baseline: VolumeBaseline) -> datetime | None:
    """Returns when the agency counts as silent if this drop stays its newest; None without a usual interval."""
    return dropped_at + SILENT_AFTER_INTERVALS * baseline.interval if baseline.interval else None
