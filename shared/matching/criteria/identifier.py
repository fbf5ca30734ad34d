"""Watched persons, by an issued identifier."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.arrests.person import Identifier, IdentifierKind
from shared.matching.criteria.reason import Term
from shared.value import FrozenModel

_ISSUED_BY_AGENCY = {IdentifierKind.PERSON, IdentifierKind.BOOKING}


class Holder(FrozenModel):
    """The person who is believed to hold the identifier, so that an alert can say where the report disagrees."""

    surname: str = Field(default="", max_length=200)
    given: str = Field(default="", max_length=200)
    date_of_birth: date | None = None


class IdentifierWatch(FrozenModel):
    """A person by an issued identifier. A person or booking number means something only together with its agency."""

    watch: Literal["identifier"]
    identifier: Identifier = Field(description="kind, value and issuer (state for sid, agency for person and booking)")
    former: tuple[Identifier, ...] = Field(
        default=(), max_length=20, description="numbers that were merged into it; a late report of one still hits"
    )
    holder: Holder | None = Field(
        default=None, description="who is believed to hold it; an alert says where the report disagrees"
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not all(identifier.value for identifier in self.numbers):
            raise ValueError("identifier.value holds no letter or digit; write the number as it was issued")
        if any(identifier.kind in _ISSUED_BY_AGENCY and not identifier.issuer for identifier in self.numbers):
            raise ValueError("identifier.issuer is missing; name the agency that issued this number")
        return self

    @property
    def numbers(self) -> tuple[Identifier, ...]:
        return self.identifier, *self.former

    @property
    def identity(self) -> Term:
        return self.identifier.kind.value, self.identifier.number, self.identifier.issuer or ""
