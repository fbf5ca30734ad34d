"""A breach, suspected or confirmed, with the steps that the law asks for and those that were taken."""

from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AwareDatetime, Field, StringConstraints

from shared.offices.model import Slug
from shared.value import FrozenModel

BREACH_ID = r"^[0-9a-f]{32}$"
MOST_STEPS = 30
BreachText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1_000)]
StepName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z ]{0,39}$")]


class BreachState(StrEnum):
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class BreachStep(FrozenModel):
    """One thing to do. `begins` is the state from which it is asked for; `hours` run from then, None means as soon as
    practicable. `risk`: only where people may come to harm; `people`: only from so many people on."""

    name: StepName
    title: BreachText
    begins: BreachState = Field(alias="from")
    hours: int | None = Field(default=None, ge=1, le=10_000)
    risk: bool = False
    people: int = Field(default=0, ge=0)
    source: BreachText


class BreachSteps(FrozenModel):
    steps: tuple[BreachStep, ...] = Field(min_length=1, max_length=MOST_STEPS)


class BreachRequest(FrozenModel):
    """What somebody of the office saw. Name nobody in it."""

    summary: BreachText = Field(description="What happened, and to which data; name nobody.")
    discovered_at: AwareDatetime


class BreachConfirmation(FrozenModel):
    people: int = Field(ge=0, le=100_000_000, description="How many people it concerns, as far as you know.")
    risk: bool = Field(description="Whether they may come to harm.")


class StepRequest(FrozenModel):
    step: StepName
    how: BreachText = Field(description="Whom you told, and by which means.")
    done_at: AwareDatetime


class StepReason(FrozenModel):
    """Why a step is left out."""

    step: StepName
    reason: BreachText


class BreachClosing(FrozenModel):
    finding: BreachText = Field(description="What it was, or why it was none.")
    left_out: tuple[StepReason, ...] = Field(default=(), max_length=MOST_STEPS)


class StepTaken(FrozenModel):
    step: StepName
    how: str
    done_at: AwareDatetime
    recorded_by: str


class Breach(FrozenModel):
    """`people` and `risk` are of the confirmation; until then nobody knows. Addresses are of users of the office."""

    breach_id: str = Field(pattern=BREACH_ID)
    office_id: Slug
    summary: str
    discovered_at: AwareDatetime
    recorded_by: str
    recorded_at: AwareDatetime
    state: BreachState = BreachState.SUSPECTED
    people: int | None = None
    risk: bool = False
    confirmed_by: str = ""
    confirmed_at: AwareDatetime | None = None
    taken: tuple[StepTaken, ...] = Field(default=(), max_length=MOST_STEPS)
    finding: str = ""
    left_out: tuple[StepReason, ...] = ()
    closed_by: str = ""
    closed_at: AwareDatetime | None = None
    revision: int = 1


class StepStatus(NamedTuple):
    """A step that this breach asks for. `due` is None for as soon as practicable."""

    step: BreachStep
    due: AwareDatetime | None
    taken: StepTaken | None
    late: bool
