"""Dates of birth: a day, a year alone, nothing, or a text that cannot be read."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from shared.arrests.person import OLDEST
from shared.arrests.placeholders import Blanks
from shared.feeds.normalise.dates import SENTINELS, DateParser

_SENTINEL_YEARS = frozenset(day.year for day in SENTINELS)
_REMEMBERED = 65_536  # texts, so that memory does not grow with the file
_UNKNOWN = r"(?:0{1,2}|X{1,2}|\?{1,2}|\*{1,2}|_{1,2}|-{1,2}|)"  # a month or a day that nobody knows
_PART = rf"(?:{_UNKNOWN}|[01]?\d|2\d|3[01])"
_PARTLY_KNOWN = re.compile(
    rf"{_PART}(?P<mark>[/.\- ]){_PART}(?P=mark)(?P<year>\d{{4}})"
    rf"|(?P<year_first>\d{{4}})(?P<mark_behind>[/.\- ]){_PART}(?P=mark_behind){_PART}"
    r"|(?:0000|XXXX)(?P<year_last_of_figures>(?:18|19|20)\d\d)|(?P<year_of_figures>(?:18|19|20)\d\d)(?:0000|XXXX)"
    r"|(?P<year_alone>\d{4})",
    re.IGNORECASE,
)
_HAS_UNKNOWN_PART = re.compile(r"(?:^|[/.\- ])(?:0{1,2}|[X?*_-]{0,2})(?=[/.\- ]|$)|0000|XXXX|^\d{4}$", re.IGNORECASE)


class Birth(NamedTuple):
    """`year` only where no day is known. `unreadable`: something is written there, and nobody can read it."""

    day: date | None = None
    year: int | None = None
    unreadable: bool = False


class BirthReader:
    """Compiled for one drop. `today` is the day of the drop in the agency's zone."""

    def __init__(self, dates: DateParser, blanks: Blanks, today: date) -> None:
        self._dates, self._blanks, self._today = dates, blanks, today
        self.read = lru_cache(_REMEMBERED)(self._read)

    def _read(self, text: str) -> Birth:
        """A sentinel such as 01/01/1900 is no date: somebody without a known birthday is not kept back for it."""
        text = self._blanks.without(text)
        day = self._dates.birth_date(text) if len(text) > len("1988") else None
        if day and day not in SENTINELS:
            return Birth(day)
        if not text or self._dates.is_sentinel(text):
            return Birth()
        if year := _year_of(text):
            return self._born_in(year)
        return Birth(unreadable=True)

    def _born_in(self, year: int) -> Birth:
        if year in _SENTINEL_YEARS:
            return Birth()
        possible = self.is_possible(date(year, 1, 1), self._today)
        return Birth(year=year) if possible else Birth(unreadable=True)

    def is_possible(self, born: date, arrested: date) -> bool:
        latest = min(arrested, self._today)
        return latest.year - OLDEST <= born.year and born <= latest


def _year_of(text: str) -> int | None:
    """The year of `XX/XX/1988`, `00/00/1988`, `1988-00-00` or `1988`; None where day and month are given."""
    match = _PARTLY_KNOWN.fullmatch(text) if _HAS_UNKNOWN_PART.search(text) else None
    years = [figures for name, figures in match.groupdict().items() if figures and "year" in name] if match else []
    return int(years[0]) or None if years else None
