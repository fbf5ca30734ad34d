"""What a court or a jail decides: the outcome of a charge, and the bail, docket, warrant and next date of a case.

The protected party of an order of protection is not here: it is never read (`feeds/forbidden_fields.py`).
"""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.value import FrozenModel

LONGEST_SENTENCE = 500  # characters
LONGEST_CODE = 100  # characters of a word that no code map explains


class ChargeOutcome(StrEnum):
    """How a charge was decided."""

    CONVICTED = "convicted"
    PLEADED_GUILTY = "pleaded guilty"
    PLEADED_TO_LESSER = "pleaded guilty to a lesser charge"
    ACQUITTED = "acquitted"
    DISMISSED = "dismissed"
    DECLINED = "prosecution declined"
    ADJOURNED = "adjourned in contemplation of dismissal"
    COVERED = "covered by another plea"
    DIVERTED = "diverted"
    TRANSFERRED = "transferred to another court"
    MISTRIAL = "mistrial"
    VACATED = "vacated"


class Disposition(FrozenModel):
    """The decision about one charge. `outcome_raw` is a word that no code map explains. `statute` is the code at the
    disposition, which a plea may change."""

    outcome: ChargeOutcome | None = None
    outcome_raw: str = Field(default="", max_length=LONGEST_CODE)
    statute: str = Field(default="", max_length=200)
    sentence: str = Field(default="", max_length=LONGEST_SENTENCE)

    @property
    def shown_outcome(self) -> str:
        return self.outcome.value if self.outcome else self.outcome_raw

    def __str__(self) -> str:
        """`pleaded guilty to a lesser charge, PL 155.25. Sentence: 30 days`."""
        decided = ", ".join(filter(None, (self.shown_outcome, self.statute)))
        return ". ".join(filter(None, (decided, self.sentence and f"Sentence: {self.sentence}")))


class BailKind(StrEnum):
    CASH = "cash"
    BOND = "bond"
    UNSECURED = "unsecured bond"
    RECOGNIZANCE = "own recognizance"
    SUPERVISED = "supervised release"
    REMANDED = "remanded"
    NO_BAIL = "no bail"


class Bail(FrozenModel):
    """`amount` is in dollars, exact: `2500` or `2500.50`; empty where none is set. `kind_raw` is a word that no code
    map explains."""

    amount: str = Field(default="", pattern=r"^(\d{1,12}(\.\d{2})?)?$")
    kind: BailKind | None = None
    kind_raw: str = Field(default="", max_length=LONGEST_CODE)

    def __str__(self) -> str:
        """`$2,500.50 cash`, `remanded`."""
        dollars, point, cents = self.amount.partition(".")
        amount = f"${int(dollars):,}{point}{cents}" if dollars else ""
        return " ".join(filter(None, (amount, self.kind.value if self.kind else self.kind_raw)))


class CourtCase(FrozenModel):
    """One case of an arrest. `court` is a name or an ORI. `next_at` is the instant of the next court date, where the
    feed gives a time."""

    court: str = Field(default="", max_length=200)
    docket: str = Field(default="", max_length=100)
    bail: Bail | None = None
    warrant: str = Field(default="", max_length=100)
    warrant_court: str = Field(default="", max_length=200)
    next_on: date | None = None
    next_at: AwareDatetime | None = None
