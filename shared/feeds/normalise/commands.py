"""Records that tell us to do something: to seal arrests, to hold two numbers for one person's."""

from collections.abc import Iterator

from shared.arrests.identity_events.event import IdentityChange, IdentityEvent, identity_event_id
from shared.arrests.person import Identifier, Person
from shared.arrests.seals.seal import Seal
from shared.errors import Rejected
from shared.feeds.normalise.dates import Moment
from shared.feeds.normalise.fields import FieldParser
from shared.feeds.record import RawRecord
from shared.pseudonyms import Pseudonyms

_SEAL = ("seal-key", "A seal needs the number of the arrest, or an identifier of the person and the day of the arrest.",
         "Fill in `number`, or `sid` (`fbi`, `person_number`, `booking_number`) and `arrested`.")  # fmt: skip
_NUMBERS = (
    "identity-numbers",
    "A change of identity needs two numbers of one kind, before and after; an expunged or described one needs its own.",
    "Fill in `former_sid` and `sid` (or `former_fbi` and `fbi`, `former_person_number` and `person_number`).",
)
_DESCRIPTION = ("identity-name", "A person described anew has no name.", "Fill in `surname` and `given`, or `name`.")


def seal_of(draft: RawRecord, agency: str, moment: Moment | None, parts: FieldParser) -> Seal:
    person = parts.person(draft.names, draft.person).person
    seal = Seal(
        agency=agency, number=draft.event.number.strip(), person=person, arrested_on=moment.day if moment else None
    )
    if not seal.is_enough:
        raise Rejected(*_SEAL)
    return seal


def identity_events_of(
    draft: RawRecord,
    change: IdentityChange,
    agency: str,
    moment: Moment | None,
    parts: FieldParser,
    pseudonyms: Pseudonyms,
) -> list[IdentityEvent]:
    """One for each kind of number of which there are two; for an expunged or a described one, of which there is one."""
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
        for before, after in _changes(draft, change, parts)
        if before != after
    ]
    if not identity_events:
        raise Rejected(*_NUMBERS)
    return identity_events


def _changes(
    draft: RawRecord, change: IdentityChange, parts: FieldParser
) -> Iterator[tuple[Identifier, Identifier | Person | None]]:
    if change not in (IdentityChange.EXPUNGED, IdentityChange.DESCRIBED):
        yield from _pairs(draft, parts)
        return
    person = parts.person(draft.names, draft.person).person
    if change is IdentityChange.DESCRIBED and not person.names:
        raise Rejected(*_DESCRIPTION)
    for identifier in person.identifiers:
        yield identifier, person.model_copy(update={"identifiers": ()}) if change is IdentityChange.DESCRIBED else None


def _pairs(draft: RawRecord, parts: FieldParser) -> Iterator[tuple[Identifier, Identifier]]:
    person_text = draft.person
    former = person_text._replace(
        sid=person_text.former_sid,
        fbi=person_text.former_fbi,
        person_number=person_text.former_person_number,
        booking_number="",
    )
    before = {identifier.kind: identifier for identifier in parts.person((), former).person.identifiers}
    for after in parts.person((), person_text).person.identifiers:
        if after.kind in before:
            yield before[after.kind], after
