"""Seal: an order that an arrest is to be known no more, or is marked. Stored as keyed hashes, so that the order itself
names nobody."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from pydantic import Field

from shared.arrests.custody import COMMON_TO_AGENCIES, custody_day, numbers_of_kind
from shared.arrests.model import Arrest
from shared.arrests.person import IdentifierKind, Person
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel


class Seal(FrozenModel):
    """Means arrests of the same agency: the one with this number, or else those of the person with one of these
    identifiers on this day. Where the seal gives a name, the arrest must have that name as well.

    One with a `lock_id` answers an earlier seal that named no statute, and means the arrests of that one. `is_lifted`
    is the answer that it was no seal of ours. One with an `unsealing_id` opens an arrest again, as an approved request
    says."""

    agency: str
    number: str = ""
    person: Person = Person()
    arrested_on: date | None = None
    statute: str = Field(default="", max_length=200)  # under which it was ordered, as the message writes it
    lock_id: str = ""
    is_lifted: bool = False
    unsealing_id: str = ""

    @property
    def names_no_statute(self) -> bool:
        """Whether it locks, and its sender is asked."""
        return not (self.statute or self.is_lifted or self.unsealing_id)

    @property
    def is_enough(self) -> bool:
        is_named = self.number or self.lock_id or self.unsealing_id
        return bool(is_named or (self.person.identifiers and self.arrested_on))


def keys_of_seal(seal: Seal, pseudonyms: Pseudonyms) -> frozenset[str]:
    """The keys that are stored of a seal. An arrest with any of them is meant."""
    if seal.number:
        return frozenset([pseudonyms.of("seal by number", seal.agency, seal.number)])
    return frozenset(
        _keys_by_person(seal.agency, seal.person, seal.arrested_on, pseudonyms, named=bool(seal.person.names))
    )


def lock_id_of(seal: Seal, pseudonyms: Pseudonyms) -> str:
    """The id under which a seal that names no statute waits for one: the same however often it is sent."""
    return pseudonyms.of("seal lock", seal.agency, *sorted(keys_of_seal(seal, pseudonyms)))


def keys_of_arrest(arrest: Arrest, pseudonyms: Pseudonyms) -> frozenset[str]:
    """The keys that a seal of this arrest could have, its own agency's or another's."""
    keys = [pseudonyms.of("seal by number", arrest.agency, arrest.number)] if arrest.number else []
    for named in (False, True):
        keys += _keys_by_person(arrest.agency, arrest.person, arrest.arrested_on, pseudonyms, named=named)
    keys += _custody_keys(arrest, pseudonyms, is_sealed=False)
    return frozenset(keys)


def custody_keys_of(arrest: Arrest, pseudonyms: Pseudonyms) -> frozenset[str]:
    """The keys by which a seal of this arrest reaches other agencies' reports of the same custody."""
    return frozenset(_custody_keys(arrest, pseudonyms, is_sealed=True))


def _custody_keys(arrest: Arrest, pseudonyms: Pseudonyms, *, is_sealed: bool) -> Iterator[str]:
    """By numbers and never by a name: a tracking number, or a person's number with the day; each with the date of
    birth, so that no record is reached under somebody else's number. The issuer of a state's numbers must be known,
    because another state may have issued an equal one.

    Two reports that both have a tracking number are of one custody only if it is the same. So the key of a person's
    number says whether the sealed arrest has one, and a report with a tracking number asks only for those without."""
    person = arrest.person
    if person.date_of_birth is None:
        return
    born, is_tracked = person.date_of_birth.isoformat(), any(numbers_of_kind(IdentifierKind.CJTN, person))
    for kind in COMMON_TO_AGENCIES:
        day = custody_day(kind, arrest.arrested_on)
        for identifier in numbers_of_kind(kind, person):
            if day is None or not (identifier.issuer or kind is IdentifierKind.FBI):
                continue
            fields = ("seal by custody", kind.value, identifier.number, identifier.issuer or "", day, born)
            if kind is IdentifierKind.CJTN:
                yield pseudonyms.of(*fields)
            elif is_sealed:
                yield pseudonyms.of(*fields, "tracked" if is_tracked else "untracked")
            else:
                yield from pseudonyms.of_each(fields, ("untracked",) if is_tracked else ("tracked", "untracked"))


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
