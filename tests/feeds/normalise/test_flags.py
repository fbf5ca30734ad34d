"""Flags and the question whether somebody may be a minor, on plain values."""

from datetime import date

import pytest

from shared.arrests.model import EventKind, Flag
from shared.arrests.person import Person
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.flags import event_flags, may_be_juvenile, record_flags

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "unfinished", "unpaired", "has_number", "flags"),
    [
        (TODAY, False, False, True, ()),
        (None, False, False, True, (Flag.NO_ARREST_DATE,)),
        (date(2026, 11, 21), False, False, True, (Flag.FUTURE_ARREST_DATE,)),
        (
            None,
            True,
            True,
            False,
            (Flag.NO_ARREST_DATE, Flag.UNFINISHED_ROW, Flag.UNPAIRED_CHARGES, Flag.DERIVED_NUMBER),
        ),
    ],
)
def test_a_record_is_flagged_for_what_is_doubtful_in_it(
    day: date | None, unfinished: bool, unpaired: bool, has_number: bool, flags: tuple[Flag, ...]
) -> None:
    assert record_flags(day, TODAY, unfinished=unfinished, unpaired=unpaired, has_number=has_number) == flags


@pytest.mark.parametrize(
    ("kind", "day", "is_short"),
    [
        (EventKind.RELEASE_SCHEDULED, date(2026, 11, 21), True),
        (EventKind.RELEASE_SCHEDULED, date(2026, 11, 22), False),
        (EventKind.RELEASE, date(2026, 11, 20), False),
    ],
)
def test_a_scheduled_release_within_two_days_is_short_notice(kind: EventKind, day: date, is_short: bool) -> None:
    assert (event_flags(kind, None, Moment(day, None), TODAY) == (Flag.SHORT_NOTICE,)) is is_short


@pytest.mark.parametrize(
    ("minor", "person", "arrest_day", "is_juvenile"),
    [
        (True, Person(date_of_birth=date(1950, 1, 1)), TODAY, True),  # the age group counts, whatever the date says
        (None, Person(birth_year=2008), TODAY, True),
        (False, Person(birth_year=2008), TODAY, False),
        (None, Person(birth_year=2007), TODAY, False),
        (None, Person(birth_year=2007), date(2025, 3, 1), True),
        (None, Person(date_of_birth=date(2008, 11, 20)), TODAY, False),
        (None, Person(date_of_birth=date(2008, 11, 21)), None, True),
        (None, Person(), TODAY, False),
    ],
)
def test_any_sign_of_being_under_eighteen_at_arrest_counts(
    minor: bool | None, person: Person, arrest_day: date | None, is_juvenile: bool
) -> None:
    assert may_be_juvenile(minor, person, arrest_day, TODAY) is is_juvenile
