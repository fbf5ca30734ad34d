"""Dates and times as Americans read them, in the reader's zone. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_text(day: date) -> str:
    """`Tue, Oct 20, 2026`."""
    return f"{day:%a, %b} {day.day}, {day.year}"


def birth_text(day: date | int) -> str:
    """`Mar 14, 1988`, or `1988` where only the year is known."""
    if isinstance(day, int):
        return str(day)
    return f"{day:%b} {day.day}, {day.year}"


def numeric_day(day: date) -> str:
    """`7/9/1985`: two days beside each other, to be compared."""
    return f"{day.month}/{day.day}/{day.year}"


def clock_text(instant: datetime, zone: ZoneInfo) -> str:
    """`9:30 p.m.`"""
    local = instant.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M} {'a.m.' if local.hour < 12 else 'p.m.'}"


def zoned_clock_text(instant: datetime, zone: ZoneInfo) -> str:
    """`9:30 p.m. EST`."""
    return f"{clock_text(instant, zone)} {instant.astimezone(zone):%Z}"


def moment_text(instant: datetime, zone: ZoneInfo) -> str:
    """`Tue, Oct 20, 2026, 9:30 p.m. EST`."""
    return f"{day_text(instant.astimezone(zone).date())}, {zoned_clock_text(instant, zone)}"


def instant_or_day(instant: datetime | None, day: date | None, zone: ZoneInfo) -> str:
    """The instant where it is known, else the day; "" where neither is."""
    if instant:
        return moment_text(instant, zone)
    return day_text(day) if day else ""


def short_clock_text(instant: datetime, zone: ZoneInfo) -> str:
    """`7:12 pm`, for a text message."""
    return clock_text(instant, zone).replace(".", "")
