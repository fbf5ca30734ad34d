"""Flags of an arrest: what a reader must know before trusting it. And whether the arrested may be a minor. All pure."""

import re
from datetime import date, timedelta

from shared.arrests.model import ADULT_FROM, EventKind, Flag, is_juvenile
from shared.arrests.numbers import is_scientific
from shared.arrests.person import Person
from shared.feeds.normalise.dates import Moment

_SHORT_NOTICE = timedelta(days=2)  # of a scheduled release
_FOLLOWS_ARREST = frozenset(
    {
        EventKind.RELEASE,
        EventKind.RELEASE_SCHEDULED,
        EventKind.DISPOSITION,
        EventKind.CUSTODY_CHANGE,
        EventKind.TRANSFER,
        EventKind.ESCAPE,
        EventKind.DEATH,
    }
)
_SOCIAL_SECURITY_NUMBER = re.compile(r"\s*\d{3}-\d{2}-\d{4}\s*")


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


def event_flags(kind: EventKind, arrest_day: date | None, event_moment: Moment, today: date) -> tuple[Flag, ...]:
    """Of an event that is no arrest."""
    flags = [Flag.UNREADABLE_TIME] if event_moment.time_unread else []
    if kind is EventKind.RELEASE_SCHEDULED and event_moment.day < today + _SHORT_NOTICE:
        flags.append(Flag.SHORT_NOTICE)
    if arrest_day and event_moment.day < arrest_day and kind in _FOLLOWS_ARREST:
        flags.append(Flag.EVENT_BEFORE_ARREST)
    return tuple(flags)


def is_social_security_number(text: str) -> bool:
    return _SOCIAL_SECURITY_NUMBER.fullmatch(text) is not None


def number_flag(number: str) -> Flag | None:
    """Why an identifier, a docket or a warrant number is left out; None for one that is kept."""
    if "-" in number and is_social_security_number(number):
        return Flag.SOCIAL_SECURITY_NUMBER
    return Flag.ROUNDED_IDENTIFIER if is_scientific(number) else None


def may_be_juvenile(minor: bool | None, person: Person, arrest_day: date | None, today: date) -> bool:
    """Any sign of being under 18 at arrest counts. `minor` is what age or age group say; None where they say nothing.

    With a year of birth alone, a person arrested 18 years later may still be 17.
    """
    if minor:
        return True
    if person.birth_year and minor is None:
        return (arrest_day or today).year - person.birth_year <= ADULT_FROM
    return is_juvenile(arrest_day, person.date_of_birth, today)
