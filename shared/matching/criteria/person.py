"""Watched persons, by name and date of birth."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.arrests.person import PersonName, Sex, normal_name
from shared.matching.criteria.reason import Term
from shared.value import FrozenModel


class PersonWatch(FrozenModel):
    """A person by name and date of birth. Matches allow for spelling, short forms, initials, swapped or missing name
    parts and a slip in the date, and are graded. Every watched alias is compared with every reported name.

    With a year of birth, or without any, every match is only possible: somebody looks before anybody is notified."""

    watch: Literal["person"]
    surname: str = Field(min_length=1, max_length=200)
    given: str = Field(min_length=1, max_length=200)
    middle: str = Field(default="", max_length=200)
    suffix: str = Field(default="", max_length=40)
    aliases: tuple[PersonName, ...] = Field(
        default=(),
        max_length=20,
        description="other names of the same person; some fifteen fit into one watch, of double names three",
    )
    date_of_birth: date | None = Field(default=None, description="leave it out only where nobody knows it")
    birth_year: int | None = Field(default=None, ge=1850, le=2200, description="where the day is not known")
    sex: Sex = Sex.UNKNOWN

    @model_validator(mode="after")
    def _has_letters(self) -> Self:
        for name, text in (("surname", self.surname), ("given", self.given)):
            if not normal_name(text):
                raise ValueError(f"{name} holds no letter; a watch needs a whole name")
        if not all(all(alias.key) for alias in self.aliases):
            raise ValueError("an alias needs surname and given, each with a letter")
        if self.date_of_birth and self.birth_year and self.date_of_birth.year != self.birth_year:
            raise ValueError("date_of_birth and birth_year disagree; leave birth_year out")
        return self

    @property
    def born(self) -> date | int | None:
        """The day, or the year where no more is known."""
        return self.date_of_birth or self.birth_year

    @property
    def names(self) -> tuple[PersonName, ...]:
        of_record = PersonName(surname=self.surname, given=self.given, middle=self.middle, suffix=self.suffix)
        return (of_record, *self.aliases)

    @property
    def identity(self) -> Term:
        keys = sorted({"/".join(name.key) for name in self.names[1:]})
        return "person", *self.names[0].key, str(self.born or ""), self.sex.value, *keys
