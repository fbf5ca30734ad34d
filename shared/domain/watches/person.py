from collections.abc import Iterator
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.domain.arrests import Arrest
from shared.domain.identity import PersonName, Sex, normal_name
from shared.domain.value import Value
from shared.domain.watches.contract import Grade, Reason, Term


class PersonWatch(Value):
    """A person by name and date of birth. Case, accents, spaces, hyphens and apostrophes make no difference, and any
    name the arrest gives counts, aliases included; a sex that contradicts the watched one does not match."""

    watch: Literal["person"]
    surname: str = Field(min_length=1, max_length=200)
    given: str = Field(min_length=1, max_length=200)
    date_of_birth: date
    sex: Sex = Sex.UNKNOWN

    @model_validator(mode="after")
    def _has_letters(self) -> Self:
        for part in ("surname", "given"):
            if not normal_name(getattr(self, part)):
                raise ValueError(f"{part} holds no letter; a watch needs a whole name")
        return self

    @property
    def anchor(self) -> Term:
        return "person", normal_name(self.surname), normal_name(self.given), self.date_of_birth.isoformat()

    @property
    def identity(self) -> Term:
        return *self.anchor, self.sex.value

    @staticmethod
    def terms(arrest: Arrest) -> Iterator[Term]:
        born = arrest.person.date_of_birth
        if born:
            for name in arrest.person.names:
                if all(name.key):
                    yield "person", *name.key, born.isoformat()

    def reason(self, arrest: Arrest) -> Reason | None:
        person = arrest.person
        name = next((name for name in person.names if name.key == self._key), None)
        if name is None or person.date_of_birth != self.date_of_birth or self._sex_contradicts(person.sex):
            return None
        alias = "" if name == person.names[0] else " (an alias)"
        sentence = f"name and date of birth equal: {_sortable(name)}{alias}, born {self.date_of_birth.isoformat()}"
        return Reason(sentence=sentence, grade=Grade.STRONG)

    @property
    def _key(self) -> tuple[str, str]:
        return normal_name(self.surname), normal_name(self.given)

    def _sex_contradicts(self, sex: Sex) -> bool:
        return Sex.UNKNOWN not in (self.sex, sex) and self.sex != sex


def _sortable(name: PersonName) -> str:
    return f"{name.surname.upper()}, {name.given.upper()}"
