"""What an office switches off for itself: an agency's feed, or what another office shows of its watches. Pure.

A switch only narrows what the operator's agreements allow. The times in which something was off are kept, because what
came in such a time is not told later either.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from shared.offices.model import Slug
from shared.offices.recipient import Email
from shared.value import FrozenModel

MOST_PERIODS = 300  # of one office; the oldest that are over make room, and the audit keeps them
SwitchReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=160)]


class SourceKind(StrEnum):
    AGENCY = "agency"  # its feed
    OFFICE = "office"  # that it watches the same person


class OffPeriod(FrozenModel):
    """A time in which the office had a source switched off; `on_at` is None while it lasts. `off_at` belongs to it,
    `on_at` does not."""

    kind: SourceKind
    source: Slug
    off_at: AwareDatetime
    off_by: Email
    reason: SwitchReason
    on_at: AwareDatetime | None = None
    on_by: Email | None = None
    reason_on: SwitchReason | None = None

    def holds(self, instant: datetime) -> bool:
        return self.off_at <= instant and (self.on_at is None or instant < self.on_at)


def is_off(periods: Sequence[OffPeriod], kind: SourceKind, source: str, instant: datetime) -> bool:
    return any(period.holds(instant) for period in periods if (period.kind, period.source) == (kind, source))


def open_period(periods: Sequence[OffPeriod], kind: SourceKind, source: str) -> OffPeriod | None:
    """The one that lasts, if the source is off."""
    of_source = (period for period in periods if (period.kind, period.source) == (kind, source))
    return next((period for period in of_source if period.on_at is None), None)


def switched(  # noqa: PLR0913 - what, by whom, why, when
    periods: Sequence[OffPeriod], kind: SourceKind, source: str, *, on: bool, by: str, reason: str, now: datetime
) -> tuple[OffPeriod, ...]:
    """The periods after the source is switched on or off. Nothing changes if it is so already."""
    open_ = open_period(periods, kind, source)
    if on == (open_ is None):
        return tuple(periods)
    if open_:
        closed = open_.model_copy(update={"on_at": now, "on_by": by, "reason_on": reason})
        return tuple(closed if period == open_ else period for period in periods)
    begun = OffPeriod(kind=kind, source=source, off_at=now, off_by=by, reason=reason)
    return (*_with_room(periods), begun)


def _with_room(periods: Sequence[OffPeriod]) -> list[OffPeriod]:
    """Without the oldest that is over, if there is no room for one more."""
    over = [period for period in periods if period.on_at]
    too_old = over[: max(0, len(periods) + 1 - MOST_PERIODS)]
    return [period for period in periods if period not in too_old]
