"""Why an arrest matches a criterion, and how surely."""

from enum import StrEnum
from typing import Protocol

from pydantic import Field

from shared.value import FrozenModel

Term = tuple[str, ...]
"""An index term: what an arrest is looked up by, such as ("sid", "01234567A"). Only its keyed hash becomes a table
key."""


class Grade(StrEnum):
    """How surely this arrest is what was watched for."""

    IDENTIFIER = "identifier"  # an issued identifier is equal
    STRONG = "strong"  # equal after normalisation, or so alike that hardly anybody else is
    POSSIBLE = "possible"  # alike; notifies nobody before a person has confirmed it


class Reason(FrozenModel):
    """Why an arrest matches, in one plain sentence.

    `score` is the match weight in bits, where persons were compared. `watched` and `reported` are the values compared.
    `disagrees` warns that an identifier is equal and the person is not. `parts` are the reasons of a combination, one
    for each of its criteria that holds.
    """

    sentence: str
    grade: Grade
    score: float | None = None
    watched: str = ""
    reported: str = ""
    disagrees: bool = False
    subreasons: tuple["Reason", ...] = Field(default=(), alias="parts")


class Watch(Protocol):
    """A kind of criterion as an office writes it. How it is indexed and decided is in `shared/matching/rules`."""

    @property
    def identity(self) -> Term:
        """Everything that tells this criterion from another: equal means that the same is watched."""
