"""What an office records of a person who is let in: employer, training, background check, end of contract (CJIS
Security Policy 6.0: AC-2, AT-3, AT-4, PS-3). Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.offices.governance.model import Policy, TrainingRule
from shared.offices.ori import Ori
from shared.offices.recipient import Text
from shared.value import FrozenModel

RECORDS_OF_TRAINING = timedelta(days=3 * 365 + 1)  # AT-4: three years
MOST_TRAININGS = 50
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?[0-9][0-9 ().-]{5,28}( ?x ?[0-9]{1,6})?)?$")]


class Training(FrozenModel):
    """`completed_on` is a day of the past."""

    kind: Text
    completed_on: date


class RecordedTraining(Training):
    recorded_by: str
    recorded_at: AwareDatetime


class Personnel(FrozenModel):
    """`employer` is the ORI of who employs the person, where that is not the office. A vendor's people have an account
    until `contract_ends`, its last day, and a `background_checked_on`."""

    phone: Phone = ""
    employer: Ori | None = None
    vendor: bool = False
    contract_ends: date | None = None
    background_checked_on: date | None = None
    trainings: tuple[RecordedTraining, ...] = Field(default=(), max_length=MOST_TRAININGS)


class Acknowledgement(Policy):
    """That a person accepted this policy (PL-4)."""

    at: AwareDatetime = Field(alias="acknowledged_at")


class DisabledFor(StrEnum):
    """Why an account is disabled. Its words are in the catalogue under `disabled.`."""

    IDLE = "idle"  # AC-2(3): nobody signed in for 90 days
    TRAINING = "training"  # AT-3: no training, or it is over
    CONTRACT = "contract"  # AC-2(2): a temporary account that has ended
    OWNERLESS = "ownerless"  # AC-2(3): a machine whose keeper has left
    LOCKED = "locked"  # AC-7: five failed sign-ins


class Disabling(FrozenModel):
    reason: DisabledFor
    since: AwareDatetime


class PersonnelFault(FrozenModel):
    """What is wrong with what was written of a person: `field` of `Personnel`, and what to write."""

    field: str
    mend: str


def personnel_faults(personnel: Personnel, today: date) -> list[PersonnelFault]:
    """Checks what somebody writes. What is stored may be older than the check."""
    faults = []
    if personnel.vendor and personnel.contract_ends is None:
        faults.append(PersonnelFault(field="contract_ends", mend="is missing; a vendor's account has a last day"))
    if personnel.vendor and personnel.background_checked_on is None:
        mend = "is missing; a vendor's people are checked before they get access"
        faults.append(PersonnelFault(field="background_checked_on", mend=mend))
    if personnel.background_checked_on and personnel.background_checked_on > today:
        faults.append(
            PersonnelFault(field="background_checked_on", mend="lies in the future; write the day of the check")
        )
    return faults


def training_fault(training: Training, rule: TrainingRule | None, today: date) -> PersonnelFault | None:
    """A training that has not been, or that is none of the office's kinds."""
    if training.completed_on > today:
        return PersonnelFault(field="completed_on", mend="lies in the future; write the day on which it was completed")
    if rule and training.kind not in rule.kinds:
        return PersonnelFault(field="kind", mend=f"is none that your office asks for; write {' or '.join(rule.kinds)}")
    return None


def with_training(personnel: Personnel, training: RecordedTraining, today: date) -> Personnel:
    """Adds it. Records of before three years are left out. The same training again is one record."""
    others = [
        recorded
        for recorded in personnel.trainings
        if (recorded.kind, recorded.completed_on) != (training.kind, training.completed_on)
        and recorded.completed_on + RECORDS_OF_TRAINING >= today
    ]
    newest_last = sorted([*others, training], key=lambda recorded: recorded.completed_on)
    return personnel.model_copy(update={"trainings": tuple(newest_last[-MOST_TRAININGS:])})


def trained_until(trainings: Iterable[Training], rule: TrainingRule) -> date | None:
    """The last day on which a training of the rule's kinds counts; None without one."""
    days = [training.completed_on for training in trainings if training.kind in rule.kinds]
    return max(days) + timedelta(days=rule.every_days) if days else None


def last_day_of_access(trainings: Iterable[Training], rule: TrainingRule | None, added_on: date) -> date | None:
    """The last day on which training lets somebody in; None where no rule holds. Who has none is let in until the rule
    starts, and not at all if it has."""
    if rule is None:
        return None
    before_the_rule = (rule.starts or added_on) - timedelta(days=1)
    until = trained_until(trainings, rule)
    return max(until, before_the_rule) if until and rule.starts else until or before_the_rule


def acknowledged_until(acknowledged_at: datetime) -> datetime:
    """PL-4: again yearly."""
    return acknowledged_at + timedelta(days=365)
