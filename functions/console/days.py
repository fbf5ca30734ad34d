"""Days as people write them in a form: `3/14/1988` or `1988-03-14`. Pure."""

import re
from datetime import date

HINT = "Month, day and whole year, such as 3/14/1988"
HINT_BORN = f"{HINT}. If you know only the year, write that; without a day you are asked about each match"
RECENT_HINT = "Month, day and whole year, such as 6/30/2026"
"""For a day that is no birthday."""
MEND = "Write month, day and whole year, such as 3/14/1988."
_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_day(text: str) -> date | None:
    """None for a text that is no day, such as 2/30/1988 or a year of two digits."""
    if match := _AMERICAN.fullmatch(text.strip()):
        month, day, year = map(int, match.groups())
    elif match := _ISO.fullmatch(text.strip()):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_day(day: date | None) -> str:
    """As a form shows it, so that it can be sent again."""
    return f"{day.month}/{day.day}/{day.year}" if day else ""
