"""What the notice of a release says beside person and charges (New York Correction Law 149)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from pydantic import Field

from shared.value import FrozenModel

LONGEST_ADDRESS, LONGEST_COUNTY, LONGEST_LINE = 500, 100, 200  # characters
NOTICE_PERIOD = timedelta(hours=48)
"""How long before the release the notice must be there (Correction Law 149); the section states no exception."""


class PlannedRelease(FrozenModel):
    """`proposed_address` is where the person means to live; `county` is the county of prosecution, as the agency writes
    it; `remaining_term` is what is left of the full term, in the agency's words. The supervising office is not
    statutory. The photograph and fingerprints of the section are for a chief of police, and are never read."""

    proposed_address: str = Field(default="", max_length=LONGEST_ADDRESS)
    county: str = Field(default="", max_length=LONGEST_COUNTY)
    remaining_term: str = Field(default="", max_length=LONGEST_LINE)
    supervising_office: str = Field(default="", max_length=LONGEST_LINE)


def normal_county(text: str) -> str:
    """The one spelling in which counties are compared: `Kings County`, `KINGS` and `County of Kings` are one."""
    words = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return " ".join(word for word in words if word not in ("county", "of", "co"))


def is_late(release_at: datetime, reported_at: datetime) -> bool:
    """Whether less than 48 hours lie between the notice and the release. Both are aware."""
    return release_at - reported_at < NOTICE_PERIOD


class ReleaseMoment(NamedTuple):
    """When a release is to be: its day, and the instant where the agency gives one."""

    day: date | None
    instant: datetime | None = None


def is_brought_forward(before: ReleaseMoment, after: ReleaseMoment) -> bool:
    """Whether a release that was moved is sooner now, so that its notice counts anew. A day and an instant are compared
    as days."""
    if before.instant and after.instant:
        return after.instant < before.instant
    return before.day is not None and after.day is not None and after.day < before.day
