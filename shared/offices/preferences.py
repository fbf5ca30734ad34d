"""A user's preferences: quiet hours, time of the digest, text messages, muting and the deputy. All pure.

They decide when an alert goes out: at once, after the quiet hours, or in the daily digest. Clock times are wall-clock
times of the recipient's zone, so the functions here take care of the days on which the clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, model_validator

from shared.offices.model import TimeZone
from shared.offices.recipient import Email
from shared.value import FrozenModel

ESCALATES_AFTER = (timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
"""Times after sending at which an urgent alert that nobody acknowledged escalates: to the deputy, to the owners, and to
both once more."""


class Urgency(StrEnum):
    """The most urgent first. An alert with several reasons is as urgent as the most urgent of them."""

    URGENT = "urgent"
    NORMAL = "normal"
    DIGEST = "digest"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(Urgency).index(self)


class QuietHours(FrozenModel):
    """Wall-clock times in the recipient's zone. If `until` is before `start`, the hours end on the next morning."""

    start: time
    until: time

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if self.start == self.until:
            raise ValueError("quiet hours end when they begin; write two different times or leave them out")
        return self


class TextMessageRule(StrEnum):
    """When a recipient with an e-mail address and a telephone number gets a text message."""

    ALWAYS = "always"
    URGENT = "urgent"  # or when the mail fails
    INSTEAD = "instead"  # when the mail fails


class Preferences(FrozenModel):
    """How one person is notified. Without a `time_zone` the office's applies. Muting holds back everything except
    urgent alerts, which go to the deputy if they are not acknowledged."""

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
    """Returns the end of the quiet hours in which `now` lies, or None if it lies in none.

    The hours last from the first time that the zone's clock shows `start` to the first time that it shows `until`. A
    night on which the clocks change is therefore an hour longer or shorter.
    """
    if quiet is None:
        return None
    today = now.astimezone(zone).date()
    for evening in (today - timedelta(days=1), today):
        morning = evening if quiet.until > quiet.start else evening + timedelta(days=1)
        end = first_instant(morning, quiet.until, zone)
        if first_instant(evening, quiet.start, zone) <= now < end:
            return end
    return None


def next_digest_time(clock_time: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Returns the first instant after `now` at which the zone's clock shows this time for the first time that day."""
    today = now.astimezone(zone).date()
    due = first_instant(today, clock_time, zone)
    return due if due > now else first_instant(today + timedelta(days=1), clock_time, zone)


def first_instant(day: date, clock_time: time, zone: ZoneInfo) -> datetime:
    """Returns the first instant, in UTC, at which the zone's clock shows this time on this day.

    If the clocks jump over the time, that is the instant of the jump (to the second).
    """
    local = datetime.combine(day, clock_time, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    before, after = local.replace(fold=1).astimezone(UTC), instant  # the jump lies between them
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).time() < clock_time:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
