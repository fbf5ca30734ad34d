"""Commands of a feed: records that order a seal or report an identity event instead of an arrest."""

import re
from collections.abc import Iterator

from shared.arrests.identity_events.event import IdentityChange, IdentityEvent, identity_event_id
from shared.arrests.person import Identifier, IdentifierKind, Person
from shared.arrests.placeholders import is_placeholder
from shared.arrests.seals.effect import rule_for
from shared.arrests.seals.seal import Seal
from shared.errors import Rejected
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.fields import FieldParser
from shared.feeds.record import FeedCommand, RawRecord
from shared.pseudonyms import Pseudonyms

_SEAL = (
    "seal-key",
    "A seal needs the number of the arrest, or an identifier of the person and the day of the arrest.",
    "Fill in `number`, or `sid` (`fbi`, `person_number`, `booking_number`, `cjtn`) and `arrested`.",
)
_STATUTE = (
    "seal-statute",
    "The statute of the seal is none that we know, so nobody can say whether records are erased or marked.",
    "Write it like CPL 160.50, or ask whoever operates the system to add it with its source.",
)
_TAKEN_BACK = (
    "seal-taken-back",
    "A file does not take a seal back, unless it answers one that named no statute.",
    "Give the `seal_id` of the receipt if it named none. For any other, people enter a court's order in the console.",
)
_TOO_MANY = (
    "seal-key",
    "The seal names so many numbers and names that nobody can say whom it means.",
    "Give the number of the arrest, or fewer identifiers and names.",
)
_MOST_KEYS = 1_000
_UNSEALED = (
    "unsealing",
    "A file does not open what is sealed.",
    "Two people with the right `seal` enter the court's order on the agency's page of the console.",
)
_NO_SEAL_ID = (
    "seal-id",
    "The id of the seal has not the form of one.",
    "Copy it from the receipt of the seal that named no statute: 32 figures and letters from a to f.",
)
_SEAL_ID = re.compile("[0-9a-f]{32}")
_REMOVAL = "CPL 725.15"  # a case that is removed to family court is sealed by this section
_NUMBERS = (
    "identity-numbers",
    "A change of identity needs two numbers of one kind, before and after; an expunged or described one needs its own.",
    "Fill in `former_sid` and `sid` (or `former_fbi` and `fbi`, `former_person_number` and `person_number`).",
)
_DESCRIPTION = ("identity-name", "A person described anew has no name.", "Fill in `surname` and `given`, or `name`.")
_CHANGES_OF_ONE_NUMBER = (IdentityChange.EXPUNGED, IdentityChange.DESCRIBED)


def seal_of(
    record: RawRecord, command: FeedCommand, number: str, agency: str, moment: Moment | None, fields: FieldParser
) -> Seal:
    """Raises Rejected when the record does not identify an arrest, names a statute that we do not know, or takes back
    what a file cannot."""
    seal_id = record.event.seal_id.strip()
    if seal_id and not _SEAL_ID.fullmatch(seal_id):
        raise Rejected(*_NO_SEAL_ID)
    match command:
        case FeedCommand.UNSEALED:
            if not seal_id:
                raise Rejected(*_UNSEALED)
            return Seal(agency=agency, unsealing_id=seal_id)
        case FeedCommand.SEAL_LIFTED:
            if not seal_id:
                raise Rejected(*_TAKEN_BACK)
            return Seal(agency=agency, lock_id=seal_id, is_lifted=True)
    statute = record.event.seal_statute.strip()[:200] or (_REMOVAL if command is FeedCommand.REMOVED else "")
    if is_placeholder(statute):
        statute = ""
    if statute and rule_for(statute) is None:
        raise Rejected(*_STATUTE)
    person, day = fields.person(record.names, record.person).person, moment.day if moment else None
    if len(person.identifiers) * max(1, len(person.names)) > _MOST_KEYS:
        raise Rejected(*_TOO_MANY)
    seal = Seal(agency=agency, number=number, person=person, arrested_on=day, statute=statute, lock_id=seal_id)
    if not seal.is_enough:
        raise Rejected(*_SEAL)
    return seal


def identity_events_of(
    record: RawRecord,
    change: IdentityChange,
    agency: str,
    moment: Moment | None,
    fields: FieldParser,
    pseudonyms: Pseudonyms,
) -> list[IdentityEvent]:
    """Returns one event for each kind of number that the record has. Raises Rejected when it has none, or no name."""
    day = moment.day if moment else None
    identity_events = [
        IdentityEvent(
            event_id=identity_event_id(pseudonyms, agency, change, before, after, day),
            agency=agency,
            change=change,
            before=before,
            reported_on=day,
            **{"person" if isinstance(after, Person) else "after": after},
        )
        for before, after in _changes(record, change, fields)
        if before != after
    ]
    if not identity_events:
        raise Rejected(*_NUMBERS)
    return identity_events


def _changes(
    record: RawRecord, change: IdentityChange, fields: FieldParser
) -> Iterator[tuple[Identifier, Identifier | Person | None]]:
    """Yields (number before, number after); None after an expunged number, the person after a described one."""
    if change not in _CHANGES_OF_ONE_NUMBER:
        yield from _number_pairs(record, fields)
        return
    person = fields.person(record.names, record.person).person
    if change is IdentityChange.DESCRIBED and not person.names:
        raise Rejected(*_DESCRIPTION)
    description = person.model_copy(update={"identifiers": ()}) if change is IdentityChange.DESCRIBED else None
    for identifier in person.identifiers:
        if identifier.kind is not IdentifierKind.CJTN:
            yield identifier, description


def _number_pairs(record: RawRecord, fields: FieldParser) -> Iterator[tuple[Identifier, Identifier]]:
    text = record.person
    former_text = text._replace(
        sid=text.former_sid,
        fbi=text.former_fbi,
        person_number=text.former_person_number,
        booking_number="",
        cjtn="",  # names an arrest: no person has it, and so none changes it
    )
    former = {identifier.kind: identifier for identifier in fields.person((), former_text).person.identifiers}
    for identifier in fields.person((), text).person.identifiers:
        if identifier.kind in former:
            yield former[identifier.kind], identifier
