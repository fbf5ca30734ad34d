"""The facts of an arrest that somebody can dispute, and which of them are disputed when the arrest is shown."""

from enum import StrEnum

from shared.value import FrozenModel


class ArrestFact(StrEnum):
    """`PERSON` is disputed by whoever says that it was somebody else."""

    PERSON = "person"
    NAME = "name"
    BIRTH = "date of birth"
    SEX = "sex"
    IDENTIFIERS = "identifiers"
    CHARGES = "charges"
    OUTCOME = "outcome"
    ARREST_DATE = "arrest date"
    EVENT_DATE = "date of the event"
    PLACE = "place"
    COURT = "court and bail"


class DisputedFact(FrozenModel):
    """`upheld`: the office agrees, and waits for the agency's correction. Until then it is open."""

    fact: ArrestFact
    upheld: bool = False
