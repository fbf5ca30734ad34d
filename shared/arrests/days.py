"""Days a number of years later, without an end of the calendar."""

from datetime import date, timedelta


def years_after(day: date, years: int) -> date:
    """The same day `years` later. After 29 February it is 1 March where there is none, so that whole years have passed.
    What would lie behind the calendar is its last day."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    if (day.month, day.day) == (2, 29):
        try:
            return day.replace(year=year)
        except ValueError:
            return date(year, 3, 1)
    return day.replace(year=year)


def years_at_most(day: date, years: int) -> date:
    """The same, but 28 February where there is no 29th: what is allowed for some years ends no later."""
    end = years_after(day, years)
    return end - timedelta(days=1) if end.month != day.month else end


def days_after(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
