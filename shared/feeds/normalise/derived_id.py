"""The id of an arrest that has no number: from what identifies it, or else from what is known of it."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.arrests.model import CUSTODY_BEGINS, EventKind
from shared.arrests.person import IdentifierKind, Person
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.duplicates import DuplicatePolicy
from shared.feeds.profiles.model import Profile
from shared.feeds.record import RawRecord
from shared.pseudonyms import Pseudonyms

_STAYS = {IdentifierKind.BOOKING, IdentifierKind.PERSON}


class DerivedId(NamedTuple):
    """`is_weak`: the record, sent again with a change, would be another arrest."""

    arrest_id: str
    policy: DuplicatePolicy
    is_weak: bool = False


def policy_of(profile: Profile) -> DuplicatePolicy:
    """What two records with one number mean."""
    return DuplicatePolicy.CHARGES if profile.charges == "row per charge" else DuplicatePolicy.VERSIONS


def derive_id(
    record: RawRecord,
    kind: EventKind,
    person: Person,
    moment: Moment | None,
    profile: Profile,
    pseudonyms: Pseudonyms,
) -> DerivedId:
    """Tries the `arrest_key` columns; a booking number; the person's number with the time of the arrest or event; then
    name, birth and that time. What is left is weak: all that is said of a person but the charges, because they change
    in the next snapshot; or, where nobody is named, the whole record.

    Where two records may have one id and still be two arrests, all of them are kept.
    """
    policy = policy_of(profile)
    agency = profile.agency if kind in CUSTODY_BEGINS else f"{profile.agency} {kind}"
    facts = [fact.strip() for fact in record.facts]
    if profile.arrest_key and any(facts):
        return DerivedId(pseudonyms.of("arrest by key columns", agency, *facts), policy)
    if stay := _stay_of(person, moment):
        return DerivedId(pseudonyms.of("arrest by stay", agency, *stay), policy)
    born = person.date_of_birth or person.birth_year
    kept_apart = policy if policy is DuplicatePolicy.CHARGES else DuplicatePolicy.STRANGERS
    if born and moment and person.names and all(person.names[0].key):
        key = (*person.names[0].key, str(born), _time_of(moment))
        return DerivedId(pseudonyms.of("arrest by person", agency, *key), kept_apart)
    texts = [*_texts_without_charges(record)] if person.names else facts or [*_all_texts(record)]
    return DerivedId(pseudonyms.of("arrest by facts", agency, *texts), DuplicatePolicy.STRANGERS, is_weak=True)


def _stay_of(person: Person, moment: Moment | None) -> tuple[str, ...] | None:
    """A booking number names a stay in custody; a person's number does together with the time."""
    numbers = {identifier.kind: identifier.value for identifier in person.identifiers if identifier.kind in _STAYS}
    if booking := numbers.get(IdentifierKind.BOOKING):
        return ("booking", booking)
    if moment and (number := numbers.get(IdentifierKind.PERSON)):
        return ("person", number, _time_of(moment))
    return None


def _time_of(moment: Moment) -> str:
    return str(moment.instant or moment.day)


def _texts_without_charges(record: RawRecord) -> Iterator[str]:
    """An age is left out, because it grows."""
    person = record.person._replace(age="", age_group="")
    for texts in (record.event._replace(number=""), *record.names, person, record.place):
        yield from (text.strip() for text in texts)


def _all_texts(record: RawRecord) -> Iterator[str]:
    yield from _texts_without_charges(record)
    for charge in record.charges:
        yield from (text.strip() for text in charge)
