"""Outcomes that a statute says are no conviction, such as that of a youthful offender (CPL 720.35). Pure.

The document of the arrest stays as its agency reports it; what is read of it and told of it says no conviction.
"""

from collections.abc import Iterable

from shared.arrests.charges import Charge
from shared.arrests.diff import Difference
from shared.arrests.model import Arrest, ArrestChange, Flag
from shared.arrests.nonconviction import ChargeEnd, end_of_outcome

INSTEAD = "decided, and no conviction by law"


def without_convictions(arrest: Arrest) -> Arrest:
    """The arrest as it is shown: the same object where its convictions are convictions."""
    if Flag.NO_CONVICTION not in arrest.flags:
        return arrest
    return arrest.model_copy(update={"charges": tuple(map(_without_conviction, arrest.charges))})


def differences_without_convictions(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Of such an arrest no change of an outcome is told: each names what was decided before or after."""
    return tuple(each for each in differences if each.change is not ArrestChange.OUTCOME_CHANGED)


def _without_conviction(charge: Charge) -> Charge:
    decided = charge.disposition
    if decided is None or decided.outcome is None or end_of_outcome(decided.outcome) is not ChargeEnd.CONVICTION:
        return charge
    shown = decided.model_copy(update={"outcome": None, "outcome_raw": INSTEAD})
    return charge.model_copy(update={"disposition": shown})
