"""Seal: an order that an arrest is to be known no more. Stored as keyed hashes, so that the order itself names
nobody."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from pydantic import Field

from shared.arrests.model import Arrest
from shared.arrests.person import Person
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel


class Seal(FrozenModel):
    """Means arrests of the same agency: the one with this number, or else those of the person with one of these
    identifiers on this day. Where the seal gives a name, the arrest must have that name as well."""

    agency: str
    number: str = ""
    person: Person = Person()
    arrested_on: date | None = None
    statute: str = Field(default="", max_length=200)  # under which it was ordered, as the message writes it

    @property
    def is_enough(self) -> bool:
        return bool(self.number or (self.person.identifiers and self.arrested_on))


def keys_of_seal(seal: Seal, pseudonyms: Pseudonyms) -> frozenset[str]:
    """The keys that are stored of a seal. An arrest with any of them is sealed."""
    if seal.number:
        return frozenset([pseudonyms.of("seal by number", seal.agency, seal.number)])
    return frozenset(
        _keys_by_person(seal.agency, seal.person, seal.arrested_on, pseudonyms, named=bool(seal.person.names))
    )


def keys_of_arrest(arrest: Arrest, pseudonyms: Pseudonyms) -> frozenset[str]:
    """The keys that a seal of this arrest could have."""
    keys = [pseudonyms.of("seal by number", arrest.agency, arrest.number)] if arrest.number else []
    for named in (False, True):
        keys += _keys_by_person(arrest.agency, arrest.person, arrest.arrested_on, pseudonyms, named=named)
    return frozenset(keys)


def _keys_by_person(
    agency: str, person: Person, day: date | None, pseudonyms: Pseudonyms, *, named: bool
) -> Iterator[str]:
    """Leaves the issuer of an identifier out, so that a seal is not missed where one side does not give it."""
    if day is None:
        return
    identifiers = dict.fromkeys((identifier.kind.value, identifier.number) for identifier in person.identifiers)
    names = dict.fromkeys(name.key for name in person.names) if named else [("", "")]
    for identifier, name in product(identifiers, names):
        yield pseudonyms.of("seal by person", agency, *identifier, *name, day.isoformat())
