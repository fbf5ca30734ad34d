"""The facts of an arrest's record that its retention asks for."""

from collections.abc import Iterable
from datetime import date

from shared.arrests.charges import Charge
from shared.arrests.model import WARRANTS, Arrest, EventKind
from shared.arrests.retention.model import (
    CaseEnd,
    CaseEvent,
    CaseEventKind,
    Offense,
    RecordFacts,
    RetentionSchedule,
)
from shared.arrests.statutes.notation import reported_codes
from shared.arrests.statutes.offense_families import family_of

_EVENT_OF = {
    CaseEnd.PROSECUTED: CaseEventKind.PROSECUTED,
    CaseEnd.SETTLED: CaseEventKind.SETTLED,
    CaseEnd.TAKEN_BACK: CaseEventKind.TAKEN_BACK,
}


def facts_of(
    arrest: Arrest, first_on: date, made_on: date, events: Iterable[CaseEvent], schedule: RetentionSchedule
) -> RecordFacts:
    """`events` are those that were told of the arrest beside its own record, which was first reported `first_on`."""
    offenses = tuple(_offense_of(charge, schedule.state) for charge in arrest.charges)
    if arrest.kind in WARRANTS and arrest.kind is not EventKind.WARRANT_CLEARED:
        offenses = (*offenses, Offense(name="active warrant"))
    if arrest.juvenile and not offenses:
        offenses = (Offense(name="juvenile without arrest or offence"),)
    return RecordFacts(
        offenses=offenses,
        made_on=made_on,
        events=(*events, *events_of(arrest, schedule, first_on)),
        born=arrest.person.date_of_birth,
        last_arrested_on=arrest.arrested_on,
    )


def events_of(arrest: Arrest, schedule: RetentionSchedule, first_on: date) -> list[CaseEvent]:
    """What this record says of the end of its case: nothing unless every charge is decided for good, or a judgment is
    vacated and none stands beside it.

    Clocks count from `first_on`, the day of the record's first report, if its own day is earlier: no file makes due at
    once, with a day of long ago, what an office works with.
    """
    end, day = _case_end(arrest.charges, schedule), arrest.happened_on
    if end is CaseEnd.OPEN or day is None:
        return []
    return [CaseEvent(kind=_EVENT_OF[end], day=max(day, first_on), happened_on=day if day < first_on else None)]


def _case_end(charges: Iterable[Charge], schedule: RetentionSchedule) -> CaseEnd:
    ends = {
        schedule.outcomes.get(charge.disposition.outcome, CaseEnd.OPEN)
        if charge.disposition and charge.disposition.outcome
        else CaseEnd.OPEN
        for charge in charges
    }
    if CaseEnd.TAKEN_BACK in ends:
        return CaseEnd.OPEN if CaseEnd.PROSECUTED in ends else CaseEnd.TAKEN_BACK
    if not ends or CaseEnd.OPEN in ends:
        return CaseEnd.OPEN
    return CaseEnd.PROSECUTED if CaseEnd.PROSECUTED in ends else CaseEnd.SETTLED


def _offense_of(charge: Charge, state: str) -> Offense:
    """By the statute at the disposition, which a plea may have changed."""
    decided = charge.disposition.statute if charge.disposition else ""
    codes = reported_codes(decided or charge.statute, state)
    families = (family_of(code, state) for code in codes)
    return Offense(
        codes=codes,
        family=charge.family or next(filter(None, families), None),
        degree=charge.degree,
        grade=charge.charge_class,
    )
