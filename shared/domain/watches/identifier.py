from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from shared.domain.arrests import Arrest
from shared.domain.identity import Identifier, IdentifierKind
from shared.domain.value import Value
from shared.domain.watches.contract import Grade, Reason, Term

_WORDS = {
    IdentifierKind.SID: "state ID",
    IdentifierKind.FBI: "FBI number",
    IdentifierKind.PERSON: "agency's person number",
    IdentifierKind.BOOKING: "booking number",
}
_ISSUED_BY_AGENCY = {IdentifierKind.PERSON, IdentifierKind.BOOKING}


class IdentifierWatch(Value):
    """A person by an issued identifier. A person or booking number means something only together with its agency."""

    watch: Literal["identifier"]
    identifier: Identifier = Field(description="kind, value and issuer (state for sid, agency for person and booking)")

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if not self.identifier.value:
            raise ValueError("identifier.value holds no letter or digit; write the number as it was issued")
        if self.identifier.kind in _ISSUED_BY_AGENCY and not self.identifier.issuer:
            raise ValueError("identifier.issuer is missing; name the agency that issued this number")
        return self

    @property
    def anchor(self) -> Term:
        return _term(self.identifier)

    @property
    def identity(self) -> Term:
        return *self.anchor, self.identifier.issuer or ""

    @staticmethod
    def terms(arrest: Arrest) -> Iterator[Term]:
        return (_term(one) for one in arrest.person.identifiers if one.value)

    def reason(self, arrest: Arrest) -> Reason | None:
        if not any(self.identifier.same_as(one) for one in arrest.person.identifiers):
            return None
        sentence = f"{_WORDS[self.identifier.kind]} equal: {self.identifier.value}"
        return Reason(sentence=sentence, grade=Grade.IDENTIFIER)


def _term(identifier: Identifier) -> Term:
    return identifier.kind.value, identifier.value
