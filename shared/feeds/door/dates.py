"""Dates and times as agencies write them."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.feeds.profile import Profile

YEARS = range(1850, 2200)  # anything else is a slip of the pen


# `EST` and its like are a fixed distance from UTC, in hours, whatever the agency's zone says of that day.
_ZONES = {"UTC": 0, "GMT": 0, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
          "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10}  # fmt: skip


class Moment(NamedTuple):
    """A day in the agency's zone and, where the feed gave a time, the instant in UTC."""

    day: date
    at: datetime | None


class Calendar:
    """Reads dates by the profile's formats, the first that fits. `iso` is ISO 8601, with or without a time."""

    def __init__(self, profile: Profile, today: date) -> None:
        self._zone, self._formats, self._times = profile.zone, profile.date_forms, profile.times
        self._today = today
        self.arrested = lru_cache(maxsize=65_536)(self._arrested)
        self.born = lru_cache(maxsize=65_536)(self._born)

    def _arrested(self, day_text: str, time_text: str) -> Moment | None:
        """None when the text fits no format. A time that fits none is a moment that cannot be read either."""
        read = self._read(day_text)
        if read is None:
            return None
        moment = _moment(*read, self._zone)
        if not time_text or moment.at:
            return moment
        clock = self._time(time_text)
        return _moment(datetime.combine(moment.day, clock), True, self._zone) if clock else None

    def _born(self, text: str) -> date | None:
        """None when the text fits no format. A two-digit year is the last one that is not to come."""
        read = self._read(text)
        if read is None:
            return None
        day = read[0].date()
        return _years_earlier(day, 100) if day > self._today and f"{day.year}" not in text else day

    def _read(self, text: str) -> tuple[datetime, bool] | None:
        """The local date and time, and whether a time was given."""
        for form in self._formats:
            try:
                said = _read(text, form)
            except ValueError:
                continue
            if said.year in YEARS:
                return said, "T" in text or ":" in text if form == "iso" else "%H" in form or "%I" in form
        return None

    def _time(self, text: str) -> time | None:
        for form in self._times:
            try:
                return datetime.strptime(text, form).time()  # noqa: DTZ007 - a time of day has no zone yet
            except ValueError:
                continue
        return None


def _read(text: str, form: str) -> datetime:
    """As `strptime` does, but with American time zones, which it knows only where the machine lives."""
    if form == "iso":
        return datetime.fromisoformat(text)
    if form.endswith(" %Z"):
        before, _, name = text.rpartition(" ")
        zone = timezone(timedelta(hours=_ZONES[name.upper()])) if name.upper() in _ZONES else None
        if zone is None:
            raise ValueError(name)
        return datetime.strptime(before, form.removesuffix(" %Z")).replace(tzinfo=zone)
    return datetime.strptime(text, form)  # noqa: DTZ007 - where it has none, the agency's zone is meant


def _moment(said: datetime, timed: bool, zone: ZoneInfo) -> Moment:
    if not timed:
        return Moment(said.date(), None)
    local = said.astimezone(zone) if said.tzinfo else said.replace(tzinfo=zone)
    return Moment(local.date(), local.astimezone(UTC))


def _years_earlier(day: date, years: int) -> date:
    return date(day.year - years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
