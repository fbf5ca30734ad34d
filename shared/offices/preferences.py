"""When an alert may go out: at once, outside quiet hours, or in the daily digest."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from shared.offices.model import TimeZone
from shared.value import FrozenModel

ESCALATES_AFTER = (timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
"""An urgent alert that nobody acknowledged goes to the deputy, then to the owners, then to both once more."""

Email = Annotated[str, StringConstraints(to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]


class Urgency(StrEnum):
    """In falling order: one alert with several reasons is as urgent as its most urgent one."""

    URGENT = "urgent"
    NORMAL = "normal"
    DIGEST = "digest"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


class QuietHours(FrozenModel):
    """Wall-clock times in the recipient's zone; `until` before `start` is the next morning."""

    start: time
    until: time

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if self.start == self.until:
            raise ValueError("quiet hours end when they begin; write two different times or leave them out")
        return self


class TextMessageRule(StrEnum):
    """When a recipient who has a telephone number beside the e-mail address gets a text message."""

    ALWAYS = "always"
    URGENT = "urgent"  # or when the mail fails
    INSTEAD = "instead"  # when the mail fails


class Preferences(FrozenModel):
    """How one person is told. The zone is the office's when unsaid. Muting holds back everything but urgent alerts,
    which the deputy gets when they are not acknowledged."""

    time_zone: TimeZone | None = None
    quiet: QuietHours | None = None
    digest_at: time = time(7)
    digest_by_mail: bool = Field(default=True, description="false: your digest is not sent, its alerts wait for you")
    texts: TextMessageRule = Field(
        default=TextMessageRule.ALWAYS,
        description="always; urgent: of urgent alerts, of others only when the "
        "mail fails; instead: only when the mail fails",
    )
    muted_until: AwareDatetime | None = None
    deputy: Email | None = Field(default=None, description="gets your urgent alerts that you do not acknowledge")

    def zone(self, office: ZoneInfo) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else office

    def is_muted(self, now: datetime) -> bool:
        return self.muted_until is not None and now < self.muted_until


def quiet_until(quiet: QuietHours | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None outside. They last from the first time the clock shows
    `start` to the first time it shows `until`, so a night with a change of the clocks is an hour longer or shorter."""
    if quiet is None:
        return None
    today = now.astimezone(zone).date()
    for evening in (today - timedelta(days=1), today):
        morning = evening if quiet.until > quiet.start else evening + timedelta(days=1)
        end = first_instant(morning, quiet.until, zone)
        if first_instant(evening, quiet.start, zone) <= now < end:
            return end
    return None


def next_digest_time(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next time the clock of this zone shows `at` for the first time on its day."""
    today = now.astimezone(zone).date()
    due = first_instant(today, at, zone)
    return due if due > now else first_instant(today + timedelta(days=1), at, zone)


def first_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant at which the zone's clock shows this time or, where the clocks jump over it, a later one."""
    local = datetime.combine(day, at, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    before, after = local.replace(fold=1).astimezone(UTC), instant  # the jump lies between them
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        before, after = (middle, after) if middle.astimezone(zone).time() < at else (before, middle)
    return after.replace(microsecond=0)
