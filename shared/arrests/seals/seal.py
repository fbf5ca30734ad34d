"""A seal or an expungement: which arrests it means, in keyed hashes, so that what is kept of it names nobody."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from shared.arrests.model import Arrest
from shared.arrests.person import Person
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel


class Seal(FrozenModel):
    """By arrest number; else by the person's identifiers and the day of the arrest, and where a name is given, that
    name as well. Only arrests of the same agency are meant."""

    agency: str
    number: str = ""
    person: Person = Person()
    arrested_on: date | None = None

    @property
    def is_enough(self) -> bool:
        return bool(self.number or (self.person.identifiers and self.arrested_on))


def keys_of_seal(seal: Seal, pseudonyms: Pseudonyms) -> frozenset[str]:
    """An arrest with any of these keys is sealed."""
    if seal.number:
        return frozenset([pseudonyms.of("seal by number", seal.agency, seal.number)])
    return frozenset(_by_person(seal.agency, seal.person, seal.arrested_on, pseudonyms, named=bool(seal.person.names)))


def keys_of_arrest(arrest: Arrest, pseudonyms: Pseudonyms) -> frozenset[str]:
    """Under each of these it may have been sealed."""
    found = [pseudonyms.of("seal by number", arrest.agency, arrest.number)] if arrest.number else []
    for named in (False, True):
        found += _by_person(arrest.agency, arrest.person, arrest.arrested_on, pseudonyms, named=named)
    return frozenset(found)


def _by_person(agency: str, person: Person, day: date | None, pseudonyms: Pseudonyms, *, named: bool) -> Iterator[str]:
    """Whoever issued an identifier: a seal is not missed because one of the two leaves that out."""
    if day is None:
        return
    identifiers = dict.fromkeys((one.kind.value, one.value) for one in person.identifiers)
    names = dict.fromkeys(name.key for name in person.names) if named else [("", "")]
    for identifier, name in product(identifiers, names):
        yield pseudonyms.of("seal by person", agency, *identifier, *name, day.isoformat())
