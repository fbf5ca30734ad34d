"""Settles what one column alone cannot tell: which of two dates and times, and what columns without names mean.

Each step takes the assignments and returns them anew. Whatever it changes gets a doubt.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.feeds.suggest.columns.assign_columns import Assignment, crosses
from shared.feeds.suggest.columns.column_names import claims_of, names_place
from shared.feeds.suggest.columns.field_fit import Fit, fit_of
from shared.feeds.suggest.columns.settle_unnamed import Evidence, given_share, place_of, settle_unnamed
from shared.feeds.suggest.columns.value_shapes import event_word
from shared.feeds.suggest.columns.vocabulary import BOOKED, BOOKED_TIME, HOME, RELEASE

PLACES = ("address", "city", "state", "postcode")
_OF_BOOKING = "It is the time of the booking, which need not be the time of the arrest."
_HOME_OR_PLACE = "Nothing tells whether it is the home or the place of the arrest."


def settle_columns(assignments: Sequence[Assignment], evidence: Evidence, *, has_header: bool) -> list[Assignment]:
    settled = _with_given_name(_with_event_date(_with_arrest_day(assignments), evidence), evidence)
    if not has_header:
        settled = settle_unnamed(settled, evidence)
    return _with_swapped_names(_with_class(_without_homes(settled, evidence), evidence), evidence)


def is_jail(assignments: Sequence[Assignment]) -> bool:
    """Whether the file speaks of bookings."""
    return any(assignment.field in {BOOKED, BOOKED_TIME, "booking_number"} for assignment in assignments)


def _with_arrest_day(assignments: Sequence[Assignment]) -> list[Assignment]:
    """Where no column says the day of the arrest, or only one of a vague name, it is the time of the booking."""
    arrested, booked = place_of(assignments, "arrested"), place_of(assignments, BOOKED)
    settled = [*assignments]
    if booked is None or (arrested is not None and not assignments[arrested].vague):
        return settled
    if arrested is not None:
        settled[arrested] = replace(settled[arrested], field="", doubt="It may be the day of the arrest.")
    settled[booked] = replace(settled[booked], field="arrested", doubt=_OF_BOOKING)
    clock, booked_clock = place_of(settled, "arrested_time"), place_of(settled, BOOKED_TIME)
    if booked_clock is not None and (clock is None or settled[clock].vague):
        if clock is not None:
            settled[clock] = replace(settled[clock], field="")
        settled[booked_clock] = replace(settled[booked_clock], field="arrested_time", doubt=_OF_BOOKING)
    return settled


def _with_event_date(assignments: Sequence[Assignment], evidence: Evidence) -> list[Assignment]:
    """Where a column says that some records report a release, the day of the release is when that happened."""
    settled, events = [*assignments], place_of(assignments, "event")
    released = next(
        (place for place, a in enumerate(assignments) if a.field == RELEASE and evidence[a.column].date_share > 0.5),
        None,
    )
    if events is None or released is None or place_of(assignments, "event_date") is not None:
        return settled
    if any("release" in event_word(text) for text in evidence[assignments[events].column].values):
        doubt = "It is read as the time of what the record reports."
        settled[released] = replace(settled[released], field="event_date", doubt=doubt)
    return settled


def _with_given_name(assignments: Sequence[Assignment], evidence: Evidence) -> list[Assignment]:
    """Beside a surname, a column called name, in any language, has the given name."""
    settled = [*assignments]
    if place_of(settled, "surname") is None or place_of(settled, "given") is not None:
        return settled
    for place, assignment in enumerate(settled):
        claims = [claim.field for claim in claims_of(assignment.column)[:1]]
        if not assignment.field and claims == ["name"] and fit_of("given", evidence[assignment.column]) is Fit.PROVED:
            settled[place] = replace(assignment, field="given", doubt="It stands beside the surname.")
            return settled
    return settled


def _without_homes(assignments: Sequence[Assignment], evidence: Evidence) -> list[Assignment]:
    """An address is read only where its name or its values say that it is the place of the arrest.

    A city, state or postal code beside an address is of that address.
    """
    settled, is_place = list[Assignment](), False
    for assignment in assignments:
        if assignment.field == "address":
            column = evidence[assignment.column]
            is_place = names_place(column.name) or crosses(column)
        elif assignment.field == HOME:
            is_place = False
        if assignment.field in PLACES and not (is_place or names_place(assignment.column)):
            assignment = replace(assignment, field="", doubt=_HOME_OR_PLACE)  # noqa: PLW2901 - the same column
        settled.append(assignment)
    return settled


def _with_class(assignments: Sequence[Assignment], evidence: Evidence) -> list[Assignment]:
    """A column called degree whose values are classes is the class, where no other column is."""
    settled, degree = [*assignments], place_of(assignments, "degree")
    if degree is None or place_of(assignments, "charge_class") is not None:
        return settled
    if fit_of("charge_class", evidence[assignments[degree].column]) is Fit.PROVED:
        settled[degree] = replace(settled[degree], field="charge_class")
    return settled


def _with_swapped_names(assignments: Sequence[Assignment], evidence: Evidence) -> list[Assignment]:
    """Values outrank names: where given names stand under the surname, and surnames under the given name."""
    settled, surname, given = [*assignments], place_of(assignments, "surname"), place_of(assignments, "given")
    if surname is None or given is None:
        return settled
    under_surname, under_given = (given_share(evidence[assignments[place].column]) for place in (surname, given))
    if under_surname > 0.4 and under_given < 0.1:
        doubt = "Its values are common given names, or stand beside them: the header has the two the wrong way round."
        settled[surname] = replace(assignments[surname], field="given", doubt=doubt)
        settled[given] = replace(assignments[given], field="surname", doubt=doubt)
    return settled
