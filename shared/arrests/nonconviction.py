"""Nonconviction data: arrests that led to no conviction, as 28 CFR 20.3 defines them. Pure; the rules are data
(`nonconviction.toml`).

The label is computed when a record is read, because a year passes without a new version. Who may not have such data is
answered as if nothing were held (28 CFR 20.21 (b), (c)(2)): `shared/offices/criminal_justice.py` says who may.
"""

from datetime import date
from enum import StrEnum
from functools import cache

from pydantic import Field

from shared.arrests.charges import Charge
from shared.arrests.court import ChargeOutcome
from shared.arrests.days import years_after
from shared.arrests.model import CUSTODY_BEGINS, Arrest, EventKind, Flag
from shared.value import FrozenModel, read_rules

_DISCLOSES_ARREST = CUSTODY_BEGINS | {
    EventKind.RELEASE,
    EventKind.DISPOSITION,
    EventKind.COURT_DATE,
    EventKind.CUSTODY_CHANGE,
    EventKind.TRANSFER,
    EventKind.ESCAPE,
}
"""Warrants are not criminal history records (28 CFR 20.20 (b)); supervision follows a conviction."""


class ChargeEnd(StrEnum):
    CONVICTION = "conviction"
    NONCONVICTION = "nonconviction"
    PENDING = "pending"


class NonconvictionRules(FrozenModel):
    years_without_disposition: int = Field(ge=1, le=100)
    outcomes: dict[ChargeOutcome, ChargeEnd]
    source: str = Field(min_length=3)


@cache
def nonconviction_rules() -> NonconvictionRules:
    return read_rules(__file__, "nonconviction.toml", NonconvictionRules)


def nonconviction(arrest: Arrest, today: date) -> Flag | None:
    """Why the record is nonconviction data; None if it is not. `arrest` has all its fields: an agreement may withhold
    the outcomes that decide it."""
    if arrest.kind not in _DISCLOSES_ARREST or Flag.CONVICTED in arrest.flags:
        return None
    if Flag.NONCONVICTION in arrest.flags:  # it is shown already, perhaps without the outcomes that decided it
        return Flag.NONCONVICTION
    ends = [_end_of(charge, arrest) for charge in arrest.charges]
    if ChargeEnd.CONVICTION in ends:
        return None
    if Flag.NOT_CONVICTED in arrest.flags or (ends and set(ends) == {ChargeEnd.NONCONVICTION}):
        return Flag.NONCONVICTION
    arrested_on = arrest.happened_on if arrest.arrested_on is None else arrest.arrested_on
    if arrested_on is None or _is_prosecuted(arrest, today):
        return None
    is_over = years_after(arrested_on, nonconviction_rules().years_without_disposition) <= today
    return Flag.NO_DISPOSITION if is_over else None


def without_nonconviction(arrest: Arrest, today: date) -> Arrest | None:
    """The record for a reader who may not have nonconviction data: without the charges that ended without a conviction;
    None if all of it is such data."""
    if nonconviction(arrest, today):
        return None
    charges = tuple(charge for charge in arrest.charges if _end_of(charge, arrest) is not ChargeEnd.NONCONVICTION)
    return arrest if charges == arrest.charges else arrest.model_copy(update={"charges": charges})


def end_of_outcome(outcome: ChargeOutcome) -> ChargeEnd:
    return nonconviction_rules().outcomes[outcome]


def _end_of(charge: Charge, arrest: Arrest) -> ChargeEnd:
    """A conviction that is none by the statute that seals it ended the charge without one (CPL 720.35)."""
    outcome = charge.disposition.outcome if charge.disposition else None
    end = end_of_outcome(outcome) if outcome else ChargeEnd.PENDING
    is_none = end is ChargeEnd.CONVICTION and Flag.NO_CONVICTION in arrest.flags
    return ChargeEnd.NONCONVICTION if is_none else end


def _is_prosecuted(arrest: Arrest, today: date) -> bool:
    """Whether a prosecution is known to be active: a court date lies ahead, or a court wants the person. A docket alone
    says that one was begun."""
    return any(case.warrant or (case.next_on and case.next_on >= today) for case in arrest.cases)
