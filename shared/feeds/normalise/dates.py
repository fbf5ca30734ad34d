"""Dates and times as agencies write them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.arrests.days import years_at_most
from shared.feeds.profiles.model import Profile

YEARS = range(1850, 2200)  # another year is a slip of the pen
_REMEMBERED = 65_536  # dates, so that memory does not grow with the file

# Hours from UTC. A named zone is a fixed distance, whatever the agency's zone says of that day.
_ZONES = {"UTC": 0, "GMT": 0, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
          "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10}  # fmt: skip


SENTINELS = frozenset(
    date(*day)
    for day in (
        (1, 1, 1), (1111, 11, 11), (1600, 1, 1), (1601, 1, 1), (1753, 1, 1), (1800, 1, 1), (1899, 12, 30),
        (1899, 12, 31), (1900, 1, 1), (1901, 1, 1), (2079, 6, 6), (2099, 12, 31), (2222, 2, 22), (2999, 12, 31),
        (9999, 9, 9), (9999, 12, 31),
    )
)  # fmt: skip
"""Days that systems write for "unknown": the first or the last that a database can hold, or one key held down."""


_ONE_KEY = re.compile(r"(?:9[/.\- ]?){6,}|(?:X[/.\- ]?)+", re.IGNORECASE)


class Moment(NamedTuple):
    """A day in the agency's zone and, where the feed gave a time, the instant in UTC.

    `time_unread`: the feed gave a time that cannot be read.
    """

    day: date
    instant: datetime | None
    time_unread: bool = False


class DateParser:
    """Parses dates by the profile's forms: the first that fits counts. `iso` is ISO 8601, with or without a time."""

    def __init__(self, profile: Profile, today: date) -> None:
        self._zone = profile.zone
        self._date_readers = [(form, unambiguous_reader(form)) for form in profile.date_forms]
        self._day_readers = [reader for form in profile.date_forms if (reader := _day_reader(form))]
        self._time_readers = [unambiguous_reader(form) for form in profile.times]
        self._today = today
        self.moment = lru_cache(maxsize=_REMEMBERED)(self._moment)
        self.birth_date = lru_cache(maxsize=_REMEMBERED)(self._birth_date)

    def _moment(self, date_text: str, time_text: str) -> Moment | None:
        """None when the date fits no form. The day holds where its time cannot be read."""
        parsed = self._parse(date_text)
        if parsed is None:
            day = self._parse_day(date_text)
            return Moment(day, None, time_unread=True) if day else None
        moment = _localise(*parsed, self._zone)
        if not time_text or moment.instant:
            return moment
        clock = self._parse_time(time_text)
        if clock is None:
            return moment._replace(time_unread=True)
        return _localise(datetime.combine(moment.day, clock), True, self._zone)

    def _birth_date(self, text: str) -> date | None:
        """None when the text fits no form. A two-digit year is the last such year that is not in the future."""
        parsed = self._parse(text)
        if parsed is None:
            return None
        day = parsed[0].date()
        return years_at_most(day, -100) if day > self._today and f"{day.year}" not in text else day

    def is_sentinel(self, text: str) -> bool:
        """Whether the text is a day that stands for "unknown", or nines or X throughout."""
        if _ONE_KEY.fullmatch(text):
            return True
        days = (_read_or_none(read, text) for _, read in self._date_readers)
        return any(day.date() in SENTINELS for day in days if day)

    def _parse_day(self, text: str) -> date | None:
        """The day of a cell whose time fits no form, such as `09/01/2026 24:00`."""
        days = (_read_or_none(read, text) for read in self._day_readers)
        return next((day.date() for day in days if day and day.year in YEARS), None)

    def _parse(self, text: str) -> tuple[datetime, bool] | None:
        """Returns the local date and time, and whether the text gave a time."""
        for form, read in self._date_readers:
            parsed = _read_or_none(read, text)
            if parsed and parsed.year in YEARS:
                has_time = "T" in text or ":" in text if form == "iso" else "%H" in form or "%I" in form
                return parsed, has_time
        return None

    def _parse_time(self, text: str) -> time | None:
        times = (_read_or_none(read, text) for read in self._time_readers)
        return next((parsed.time() for parsed in times if parsed), None)


def _read_or_none(read: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        return read(text)
    except ValueError:
        return None


def _day_reader(form: str) -> Callable[[str], datetime] | None:
    """Reads the day at the beginning of a text that has a time behind it. None for a form without a time."""
    day_form, _, time_form = form.partition(" ")
    if form == "iso":
        return lambda text: datetime.fromisoformat(re.split("[T ]", text, maxsplit=1)[0])
    if "%" not in time_form or ("%" in day_form and {"%H", "%I"} & set(re.findall("%.", day_form))):
        return None
    read = unambiguous_reader(day_form)
    return lambda text: read(text.partition(" ")[0])


def unambiguous_reader(form: str) -> Callable[[str], datetime]:
    """Reads as `date_reader` does, but refuses figures that lost their leading noughts where they have two readings.

    `106` in the form %H%M is 01:06 without its nought, and strptime reads 10:06.
    """
    read, width = date_reader(form), _width_of_figures(form)
    if not width:
        return read

    def read_whole(text: str) -> datetime:
        parsed = read(text)
        if len(text) < width and text.isdigit() and _read_or_none(read, text.zfill(width)) != parsed:
            raise ValueError("may be read in two ways")
        return parsed

    return read_whole


def _width_of_figures(form: str) -> int:
    """How many figures a form of figures alone has, such as %H%M or %m%d%Y; 0 for any other form."""
    if not re.fullmatch(r"(?:%[YmdyHMS])+", form):
        return 0
    return sum(4 if directive == "Y" else 2 for directive in form.replace("%", ""))


def date_reader(form: str) -> Callable[[str], datetime]:
    """Returns a function that reads as `strptime` does with this form, and raises ValueError as it does.

    It also knows American time zones, which `strptime` knows only on a machine in that zone, and reads forms of
    digits four times as fast.
    """
    if form == "iso":
        return datetime.fromisoformat
    if form.endswith(" %Z"):
        return partial(_read_with_zone, date_reader(form.removesuffix(" %Z")))
    directives = re.findall(r"%(.)", form)
    if not set(directives) <= _DIGITS.keys() or len(set(directives)) < len(directives) or " " in form:
        return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the agency's zone
    pattern = "".join(
        _DIGITS[part[1]] if part.startswith("%") else re.escape(part) for part in re.findall(r"%.|[^%]+", form)
    )
    return partial(_read_digits, re.compile(pattern, re.IGNORECASE).match)


# As in Python's own `_strptime`; a form without a year means 1900.
_DIGITS = {
    "Y": r"(?P<year>\d\d\d\d)",
    "m": r"(?P<month>1[0-2]|0[1-9]|[1-9])",
    "d": r"(?P<day>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])",
    "H": r"(?P<hour>2[0-3]|[0-1]\d|\d)",
    "M": r"(?P<minute>[0-5]\d|\d)",
}
_DEFAULTS = {"year": 1900, "month": 1, "day": 1}


def _read_digits(match_form: Callable[[str], re.Match[str] | None], text: str) -> datetime:
    match = match_form(text)
    if match is None or match.end() < len(text):
        raise ValueError("is written otherwise")
    numbers = {name: int(digits) for name, digits in match.groupdict().items()}
    return datetime(**(_DEFAULTS | numbers))  # type: ignore[arg-type]  # noqa: DTZ001 - the caller adds the zone


def _read_with_zone(read: Callable[[str], datetime], text: str) -> datetime:
    local, _, zone = text.rpartition(" ")
    if zone.upper() not in _ZONES:
        raise ValueError(zone)
    return read(local).replace(tzinfo=timezone(timedelta(hours=_ZONES[zone.upper()])))


def _localise(parsed: datetime, has_time: bool, zone: ZoneInfo) -> Moment:
    if not has_time:
        return Moment(parsed.date(), None)
    local = parsed.astimezone(zone) if parsed.tzinfo else parsed.replace(tzinfo=zone)
    return Moment(local.date(), local.astimezone(UTC))
