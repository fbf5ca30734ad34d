"""Dates and times as agencies write them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.feeds.profiles.model import Profile

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
        self._zone = profile.zone
        self._forms = [(form, reader_of(form)) for form in profile.date_forms]
        self._times = [reader_of(form) for form in profile.times]
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
        for form, read in self._forms:
            try:
                said = read(text)
            except ValueError:
                continue
            if said.year in YEARS:
                return said, "T" in text or ":" in text if form == "iso" else "%H" in form or "%I" in form
        return None

    def _time(self, text: str) -> time | None:
        for read in self._times:
            try:
                return read(text).time()
            except ValueError:
                continue
        return None


def reader_of(form: str) -> Callable[[str], datetime]:
    """Reads as `strptime` does, and raises ValueError as it does; but also American time zones, which `strptime` knows
    only where the machine lives, and plain figures four times as fast."""
    if form == "iso":
        return datetime.fromisoformat
    if form.endswith(" %Z"):
        return partial(_with_zone, reader_of(form.removesuffix(" %Z")))
    directives = re.findall(r"%(.)", form)
    if not set(directives) <= _FIGURES.keys() or len(set(directives)) < len(directives) or " " in form:
        return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the agency's zone is meant
    pattern = "".join(
        _FIGURES[part[1]] if part.startswith("%") else re.escape(part) for part in re.findall(r"%.|[^%]+", form)
    )
    return partial(_of_figures, re.compile(pattern, re.IGNORECASE).match)


# As in Python's own `_strptime`; a form without a year means 1900.
_FIGURES = {
    "Y": r"(?P<year>\d\d\d\d)", "m": r"(?P<month>1[0-2]|0[1-9]|[1-9])",
    "d": r"(?P<day>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])", "H": r"(?P<hour>2[0-3]|[0-1]\d|\d)",
    "M": r"(?P<minute>[0-5]\d|\d)",
}  # fmt: skip
_UNSAID = {"year": 1900, "month": 1, "day": 1}


def _of_figures(match: Callable[[str], re.Match[str] | None], text: str) -> datetime:
    found = match(text)
    if found is None or found.end() < len(text):
        raise ValueError("is written otherwise")
    said = {name: int(figures) for name, figures in found.groupdict().items()}
    return datetime(**(_UNSAID | said))  # type: ignore[arg-type]  # noqa: DTZ001 - the agency's zone is meant


def _with_zone(read: Callable[[str], datetime], text: str) -> datetime:
    before, _, name = text.rpartition(" ")
    if name.upper() not in _ZONES:
        raise ValueError(name)
    return read(before).replace(tzinfo=timezone(timedelta(hours=_ZONES[name.upper()])))


def _moment(said: datetime, timed: bool, zone: ZoneInfo) -> Moment:
    if not timed:
        return Moment(said.date(), None)
    local = said.astimezone(zone) if said.tzinfo else said.replace(tzinfo=zone)
    return Moment(local.date(), local.astimezone(UTC))


def _years_earlier(day: date, years: int) -> date:
    return date(day.year - years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
