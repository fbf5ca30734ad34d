"""Why an arrest matches a criterion, and how surely."""

from collections.abc import Mapping
from datetime import date
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


class ReasonKind(StrEnum):
    """What the reason rests on. `shared/alerts/matches/reason_words.py` makes the sentence of it."""

    IDENTIFIER = "identifier"
    PERSON = "person"
    CHARGE = "charge"
    PLACE = "place"
    AGENCY = "agency"
    EVENT = "event"
    NOTHING_EXCLUDED = "nothing excluded"  # a combination of which nothing else is left to say


class Contrast(FrozenModel):
    """A field in which the watched and the reported person differ: name, surname, given, middle, suffix, born or sex.
    A side is empty where nothing was given. Days are ISO 8601."""

    field: str
    watched: str
    reported: str


class Reason(FrozenModel):
    """Why an arrest matches.

    `kind` and `facts` are stored, and the sentence is made of them when somebody reads it. A reason that was stored
    before there were kinds has its `sentence` stored. `facts` are what the sentence names beside the compared values.
    `score` is the match weight in bits, where persons were compared. `watched` and `reported` are the values compared.
    `disagrees` warns that an identifier is equal and the person is not; `contrasts` say in what two persons differ.
    `parts` are the reasons of a combination, one for each of its criteria that holds. `confirmed_by` is who confirmed
    a possible match.
    """

    kind: ReasonKind | None = None
    sentence: str = ""
    grade: Grade
    facts: Mapping[str, str] = {}
    contrasts: tuple[Contrast, ...] = ()
    confirmed_by: str = ""
    confirmed_on: date | None = None
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
