"""Business days of New York: no Saturday, no Sunday, no public holiday. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shared.value import FrozenModel

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_COMMON_YEAR = 2_027


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"

    @property
    def number(self) -> int:
        """As `date.weekday` counts them."""
        return list(Weekday).index(self)


class Holiday(FrozenModel):
    """A day of a month, or the nth weekday of it (-1 is the last) that is not before the day `not_before`."""

    name: str
    month: int = Field(ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    weekday: Weekday | None = None
    nth: int = Field(default=1, ge=-1, le=4)
    not_before: int = Field(default=1, ge=1, le=7)

    @model_validator(mode="after")
    def _check_rule(self) -> Self:
        if (self.day is None) == (self.weekday is None) or self.nth == 0:
            raise ValueError("give a `day`, or a `weekday` with `nth`")
        if self.day is not None and self.day > monthrange(_COMMON_YEAR, self.month)[1]:
            raise ValueError("not every year has this day; write one that each has")
        return self

    def on(self, year: int) -> date:
        if self.day is not None:
            return date(year, self.month, self.day)
        if self.nth < 0:
            next_month = date(year + self.month // 12, self.month % 12 + 1, 1)
            return self._first_from(next_month - timedelta(days=7))
        return self._first_from(date(year, self.month, self.not_before)) + timedelta(weeks=self.nth - 1)

    def _first_from(self, day: date) -> date:
        number = self.weekday.number if self.weekday else 0
        return day + timedelta(days=(number - day.weekday()) % 7)


class Holidays(FrozenModel):
    """`dates` are single days that somebody appointed. With `moves_from_sunday` the Monday after is the holiday too."""

    source: str
    moves_from_sunday: bool
    days: tuple[Holiday, ...] = Field(max_length=60)
    dates: tuple[date, ...] = ()

    def of_year(self, year: int) -> frozenset[date]:
        return frozenset(self._each_of_year(year)).union(self.dates)

    def _each_of_year(self, year: int) -> Iterator[date]:
        for holiday in self.days:
            day = holiday.on(year)
            yield day
            if self.moves_from_sunday and day.weekday() == _SUNDAY:
                yield day + _DAY

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.of_year(day.year)

    def business_days_after(self, day: date, count: int) -> date:
        """The last day of a period of `count` business days. The day on which it begins is not counted."""
        while count:
            day += _DAY
            count -= self.is_business_day(day)
        return day
