"""Persons: names, dates of birth and issued identifiers, each normalised to the one form in which it is compared."""

import unicodedata
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from pydantic import Field, model_validator

from shared.arrests.issued_numbers import bare_code, fbi_number, state_id, without_noughts
from shared.value import FrozenModel

# Letters that carry no combining mark, so that Unicode decomposition leaves them alone.
_BARE_LETTERS = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Ħ": "H", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ð": "D"})
OLDEST = 120  # years; an earlier date of birth is a slip of the pen


@lru_cache(maxsize=65_536)
def normal_name(text: str) -> str:
    """Letters only, upper case, without accents: O'Brien, OBRIEN and O BRIEN are one, and so are Jo Ann and Joann."""
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(_BARE_LETTERS))
    return "".join(letter for letter in decomposed.upper() if letter.isalpha())


class IdentifierKind(StrEnum):
    SID = "sid"  # state identification number; in New York the NYSID
    FBI = "fbi"  # FBI number, universal control number
    PERSON = "person"  # the agency's own number for a person
    BOOKING = "booking"  # the agency's number for one stay in custody
    CJTN = "cjtn"  # criminal justice tracking number: the state's number of one arrest, and of no person

    @property
    def words(self) -> str:
        return _KIND_WORDS[self]


_KIND_WORDS = {
    IdentifierKind.SID: "state ID",
    IdentifierKind.FBI: "FBI number",
    IdentifierKind.PERSON: "agency's person number",
    IdentifierKind.BOOKING: "booking number",
    IdentifierKind.CJTN: "tracking number of the arrest",
}
_ISSUED_BY_STATES = frozenset({IdentifierKind.SID, IdentifierKind.CJTN})


class Identifier(FrozenModel):
    """An issued identifier. `issuer` is the state for `sid` and `cjtn`, the agency for `person` and
    `booking`, or unknown.

    However it is written, it becomes one form: `NYSID: 00009113Q` is the number 00009113Q of NY.
    """

    kind: IdentifierKind
    value: str = Field(max_length=64)
    issuer: str | None = Field(default=None, max_length=64)

    @model_validator(mode="before")
    @classmethod
    def _normalise(cls, fields: Any) -> Any:
        if not isinstance(fields, dict) or not isinstance(fields.get("value"), str):
            return fields
        issuer = fields.get("issuer")
        if not isinstance(issuer, str | None):
            return fields
        value, issuer = normal_identifier(str(fields.get("kind")), fields["value"], issuer)
        return {**fields, "value": value, "issuer": issuer} if issuer else {**fields, "value": value}

    @property
    def number(self) -> str:
        """The value as it is compared: systems lose the noughts before a state's number."""
        return without_noughts(self.value) if self.kind in _ISSUED_BY_STATES else self.value

    def same_as(self, other: "Identifier") -> bool:
        """Equal kind and number, and no two different issuers. An unknown issuer speaks against nothing."""
        return (
            self.kind == other.kind
            and self.number == other.number
            and (self.issuer is None or other.issuer is None or self.issuer == other.issuer)
        )


def normal_identifier(kind: str, text: str, issuer: str | None) -> tuple[str, str | None]:
    """Returns (value, issuer) of an identifier as somebody wrote it."""
    if kind == IdentifierKind.SID:
        return state_id(text, issuer)
    return (fbi_number(text) if kind == IdentifierKind.FBI else bare_code(text)), issuer


class PersonName(FrozenModel):
    surname: str = Field(default="", max_length=200)
    given: str = Field(default="", max_length=200)
    middle: str = Field(default="", max_length=200)
    suffix: str = Field(default="", max_length=40)

    def __str__(self) -> str:
        return " ".join(word for word in (self.given, self.middle, self.surname, self.suffix) if word)

    @property
    def key(self) -> tuple[str, str]:
        return normal_name(self.surname), normal_name(self.given)


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"
    OTHER = "X"
    UNKNOWN = "U"


class Person(FrozenModel):
    """The person arrested. `names` holds the name of record first, then the aliases."""

    names: tuple[PersonName, ...] = ()
    date_of_birth: date | None = None
    birth_year: int | None = Field(default=None, ge=1850, le=2200)
    sex: Sex = Sex.UNKNOWN
    identifiers: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _year_agrees(self) -> Self:
        if self.date_of_birth and self.birth_year and self.date_of_birth.year != self.birth_year:
            raise ValueError("birth year and date of birth disagree")
        return self


def age_on(day: date, born: date) -> int:
    """Completed years. A person born on 29 February completes a year on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
