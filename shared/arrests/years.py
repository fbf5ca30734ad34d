"""Years counted from a day."""

from datetime import date


def years_after(day: date, years: int) -> date:
    """The same day of another year; negative years lie before it. 29 February becomes the 28th where there is none."""
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
