"""Persons: names, dates of birth and issued identifiers, each normalised to the one form in which it is compared."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from shared.value import FrozenModel

# Letters that carry no combining mark, so that Unicode decomposition leaves them alone.
_BARE_LETTERS = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Ħ": "H", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ð": "D"})
OLDEST = 120  # years; an earlier date of birth is a slip of the pen
_NOT_CODE = re.compile(r"[^0-9A-Z]+")


@lru_cache(maxsize=65_536)
def normal_name(text: str) -> str:
    """Letters only, upper case, without accents: O'Brien, OBRIEN and O BRIEN are one, and so are Jo Ann and Joann."""
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(_BARE_LETTERS))
    return "".join(letter for letter in decomposed.upper() if letter.isalpha())


def normal_code(text: str) -> str:
    """Digits and Latin letters only, upper case, other scripts' digits folded: ` 0123-45 a ` is `012345A`."""
    if text.isascii():
        return _NOT_CODE.sub("", text.upper())
    return _NOT_CODE.sub("", unicodedata.normalize("NFKC", text).upper())


class IdentifierKind(StrEnum):
    SID = "sid"  # state identification number; in New York the NYSID
    FBI = "fbi"  # FBI number, universal control number
    PERSON = "person"  # the agency's own number for a person
    BOOKING = "booking"  # the agency's number for one stay in custody

    @property
    def words(self) -> str:
        return {"sid": "state ID", "fbi": "FBI number", "person": "agency's person number"}.get(self, "booking number")


class Identifier(FrozenModel):
    """An issued identifier. `issuer` is the state for `sid`, the agency for `person` and `booking`, or unknown."""

    kind: IdentifierKind
    value: Annotated[str, AfterValidator(normal_code), Field(max_length=64)]
    issuer: str | None = Field(default=None, max_length=64)

    def same_as(self, other: "Identifier") -> bool:
        """Equal kind and value, and no two different issuers. An unknown issuer speaks against nothing."""
        return (
            self.kind == other.kind
            and self.value == other.value
            and (self.issuer is None or other.issuer is None or self.issuer == other.issuer)
        )


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
