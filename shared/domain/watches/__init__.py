"""What can be watched. A new kind of watch is a module here and a line in each of the two lists below."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from shared.domain.arrests import Arrest
from shared.domain.watches.charge import ChargeWatch
from shared.domain.watches.contract import Grade, Reason, Term, Watch
from shared.domain.watches.identifier import IdentifierWatch
from shared.domain.watches.person import PersonWatch
from shared.domain.watches.place import PlaceWatch

__all__ = ["WATCHES", "Criterion", "Grade", "Reason", "Term", "terms_of"]

Criterion = Annotated[IdentifierWatch | PersonWatch | ChargeWatch | PlaceWatch, Field(discriminator="watch")]
WATCHES: tuple[type[Watch], ...] = (IdentifierWatch, PersonWatch, ChargeWatch, PlaceWatch)


def terms_of(arrest: Arrest) -> Iterator[Term]:
    """All routes are tried and their hits united: somebody watching by name is told even if another watches by ID."""
    for watch in WATCHES:
        yield from watch.terms(arrest)
