"""Flags of an arrest: what a reader must know before trusting it. And whether the arrested may be a minor. All pure."""

from datetime import date, timedelta

from shared.arrests.model import ADULT_FROM, EventKind, Flag, is_juvenile
from shared.arrests.person import Person
from shared.feeds.normalise.dates import Moment

_SHORT_NOTICE = timedelta(days=2)  # of a scheduled release


def record_flags(
    day: date | None, today: date, *, unfinished: bool, unpaired: bool, has_number: bool, time_unread: bool = False
) -> tuple[Flag, ...]:
    flags = []
    if day is None:
        flags.append(Flag.NO_ARREST_DATE)
    elif day > today:
        flags.append(Flag.FUTURE_ARREST_DATE)
    if time_unread:
        flags.append(Flag.UNREADABLE_TIME)
    if unfinished:
        flags.append(Flag.UNFINISHED_ROW)
    if unpaired:
        flags.append(Flag.UNPAIRED_CHARGES)
    if not has_number:
        flags.append(Flag.DERIVED_NUMBER)
    return tuple(flags)


def notice_flags(kind: EventKind, event_moment: Moment, today: date) -> tuple[Flag, ...]:
    is_soon = kind is EventKind.RELEASE_SCHEDULED and event_moment.day < today + _SHORT_NOTICE
    unread = (Flag.UNREADABLE_TIME,) if event_moment.time_unread else ()
    return (*unread, Flag.SHORT_NOTICE) if is_soon else unread


def may_be_juvenile(minor: bool | None, person: Person, arrest_day: date | None, today: date) -> bool:
    """Any sign of being under 18 at arrest counts. `minor` is what age or age group say; None where they say nothing.

    With a year of birth alone, a person arrested 18 years later may still be 17.
    """
    if minor:
        return True
    if person.birth_year and minor is None:
        return (arrest_day or today).year - person.birth_year <= ADULT_FROM
    return is_juvenile(arrest_day, person.date_of_birth, today)
