"""What a court or a jail decided, in the lines of a message: outcomes, dockets, bail, warrants, the next court date."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from shared.alerts.view import ShownArrest
from shared.arrests.charges import Charge
from shared.arrests.court import CourtCase
from shared.arrests.model import WARRANTS, EventKind
from shared.arrests.numbers import normal_number
from shared.words import words
from shared.words.moments import instant_or_day

_ENDS_WATCHES = {EventKind.WARRANT_CLEARED, EventKind.DEATH}


def decision_line(arrest: ShownArrest, when: str) -> str:
    """`Dismissed on Tue, Nov 3, 2026 in Queensbridge Criminal Court, docket CR-26-0001`. Empty for what is no
    disposition, or a disposition of which nothing is known but the day. `when` is empty where the day is unknown."""
    case = next(iter(arrest.cases), CourtCase())
    outcome = _common_outcome(arrest)
    if arrest.kind is not EventKind.DISPOSITION or not (outcome or case.court or case.docket):
        return ""
    outcome = outcome or words("court.several")
    return words(
        "court.decided",
        outcome=outcome[:1].upper() + outcome[1:],
        when=words("court.when", when=when) if when else "",
        court=words("court.in", court=case.court) if case.court else "",
        docket=words("court.docket", docket=case.docket) if case.docket else "",
    )


def _common_outcome(arrest: ShownArrest) -> str:
    """The outcome of all charges; empty where they differ, or where one has none: only the lines of the charges then
    say what was decided."""
    outcomes = {charge.disposition.shown_outcome if charge.disposition else "" for charge in arrest.charges}
    return outcomes.pop() if len(outcomes) == 1 else ""


def decided_charge(charge_shown: str, charge: Charge) -> str:
    """`Grand larceny (felony): pleaded guilty to a lesser charge, PL 155.25. Sentence: 30 days`."""
    if charge.disposition is None:
        return charge_shown
    return words("court.charge", charge=charge_shown, decision=charge.disposition)


def case_lines(arrest: ShownArrest, zone: ZoneInfo) -> tuple[str, ...]:
    """Each once, because cases may share a court or a bail."""
    return tuple(dict.fromkeys(line for case in arrest.cases for line in _case_lines(case, arrest, zone)))


def release_lines(arrest: ShownArrest) -> tuple[str, ...]:
    """What the notice of a release says beside person and charges (Correction Law 149)."""
    planned = arrest.release
    if planned is None:
        return ()
    texts = {
        "address": planned.proposed_address,
        "term": planned.remaining_term,
        "county": planned.county,
        "office": planned.supervising_office,
    }
    return tuple(words(f"release.{name}", text=text) for name, text in texts.items() if text)


def _case_lines(case: CourtCase, arrest: ShownArrest, zone: ZoneInfo) -> Iterator[str]:
    if case.court:
        key = "court.court and docket" if case.docket else "court.court"
        yield words(key, court=case.court, docket=case.docket)
    elif case.docket:
        yield words("court.docket alone", docket=case.docket)
    if case.bail:
        yield words("court.bail", bail=case.bail)
    yield from _warrant_lines(case, arrest)
    is_other_date = arrest.kind is not EventKind.COURT_DATE
    if is_other_date and (when := instant_or_day(case.next_at, case.next_on, zone)):
        yield words("court.next", when=when)


def _warrant_lines(case: CourtCase, arrest: ShownArrest) -> Iterator[str]:
    """A warrant's own record says its number with its source."""
    is_said = arrest.kind in WARRANTS and not has_other_number(arrest)
    if case.warrant and not is_said:
        key = "court.warrant of" if case.warrant_court else "court.warrant"
        yield words(key, warrant=case.warrant, court=case.warrant_court)
    elif case.warrant_court:
        yield words("court.issued", court=case.warrant_court)


def has_other_number(arrest: ShownArrest) -> bool:
    """Whether the number of a warrant's record is not that of the warrant, but of the arrest."""
    warrants = {normal_number(case.warrant) for case in arrest.cases if case.warrant}
    return arrest.kind in WARRANTS and bool(warrants) and arrest.number not in warrants


def advice_lines(arrest: ShownArrest) -> tuple[str, ...]:
    """A cleared warrant and a death may leave a watch without a reason. Its owner ends it, nobody else."""
    return (words(f"advice.{arrest.kind}"),) if arrest.kind in _ENDS_WATCHES else ()
