"""The days on which subscriptions end or must be validated, as a calendar (RFC 5545). Pure. It names no person, number
or case: calendars are synchronised to telephones and shown to others."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from shared.subscriptions.model import Subscription
from shared.subscriptions.validity import ValidityStatus, last_day, validity_status
from shared.words import counted, words

_LONGEST_LINE = 75  # octets
_AHEAD = {ValidityStatus.NOT_BEGUN, ValidityStatus.ACTIVE, ValidityStatus.EXPIRING}


def calendar_of(
    subscriptions: Iterable[Subscription], today: date, now: datetime, uid_of: Callable[[date], str]
) -> str:
    """One event for each day on which some of them are due, all-day, with a reminder a week before. `uid_of` gives the
    event of a day the same id each time, so that a calendar which is loaded again doubles nothing."""
    due = Counter(
        last
        for subscription in subscriptions
        if validity_status(subscription, today) in _AHEAD and (last := last_day(subscription))
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Arrest Alert//Watches due//EN", "METHOD:PUBLISH"]
    for day in sorted(due):
        lines += _event(day, due[day], uid_of(day), now)
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _folded(line))


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets; those behind the first begin with a blank (section 3.1). Our words are ASCII."""
    first, rest = line[:_LONGEST_LINE], line[_LONGEST_LINE:]
    step = _LONGEST_LINE - 1
    return [first, *(f" {rest[start : start + step]}" for start in range(0, len(rest), step))]


def _event(day: date, number: int, uid: str, now: datetime) -> list[str]:
    title = counted("calendar.due", number)
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@arrest-alert",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{title}",
        f"DESCRIPTION:{words('calendar.what to do')}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{title}",
        "TRIGGER:-P7D",
        "END:VALARM",
        "END:VEVENT",
    ]
