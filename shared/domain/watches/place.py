from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.domain.arrests import Arrest
from shared.domain.identity import normal_name
from shared.domain.offices import Slug
from shared.domain.places import normal_address, normal_precinct
from shared.domain.value import Value
from shared.domain.watches.contract import Grade, Reason, Term


class PlaceWatch(Value):
    """A place of arrest: either a precinct of one agency, or an address, in one city if the city is given."""

    watch: Literal["place"]
    agency: Slug | None = Field(default=None, description="whose precinct it is")
    precinct: str = Field(default="", max_length=60)
    address: str = Field(default="", max_length=500)
    city: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(normal_precinct(self.precinct)) == bool(normal_address(self.address)):
            raise ValueError("write either precinct (with its agency) or address, and not both")
        if self.precinct and not self.agency:
            raise ValueError("agency is missing; precinct numbers mean something only within one agency")
        return self

    @property
    def anchor(self) -> Term:
        if self.precinct:
            return "precinct", self.agency or "", normal_precinct(self.precinct)
        return "address", normal_address(self.address)

    @property
    def identity(self) -> Term:
        return *self.anchor, normal_name(self.city)

    @staticmethod
    def terms(arrest: Arrest) -> Iterator[Term]:
        if precinct := normal_precinct(arrest.place.precinct):
            yield "precinct", arrest.agency, precinct
        if address := normal_address(arrest.place.address):
            yield "address", address

    def reason(self, arrest: Arrest) -> Reason | None:
        if self.anchor not in self.terms(arrest) or self._other_city(arrest.place.city):
            return None
        where = f"in precinct {arrest.place.precinct}" if self.precinct else f"at {normal_address(self.address)}"
        return Reason(sentence=f"arrest {where}", grade=Grade.STRONG)

    def _other_city(self, city: str) -> bool:
        """An arrest that names no city is not in another one."""
        return bool(self.city and city) and normal_name(self.city) != normal_name(city)
