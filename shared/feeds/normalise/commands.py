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
    found = [
        IdentityEvent(
            event_id=identity_event_id(pseudonyms, agency, change, before, after, day), agency=agency, change=change,
            before=before, said_on=day, **{"person" if isinstance(after, Person) else "after": after},
        )
        for before, after in _changes(draft, change, parts)
        if before != after
    ]  # fmt: skip
    if not found:
        raise Rejected(*_NUMBERS)
    return found


def _changes(
    draft: RawRecord, change: IdentityChange, parts: FieldParser
) -> Iterator[tuple[Identifier, Identifier | Person | None]]:
    if change not in (IdentityChange.EXPUNGED, IdentityChange.DESCRIBED):
        yield from _pairs(draft, parts)
        return
    person = parts.person(draft.names, draft.person).person
    if change is IdentityChange.DESCRIBED and not person.names:
        raise Rejected(*_DESCRIPTION)
    for one in person.identifiers:
        yield one, person.model_copy(update={"identifiers": ()}) if change is IdentityChange.DESCRIBED else None


def _pairs(draft: RawRecord, parts: FieldParser) -> Iterator[tuple[Identifier, Identifier]]:
    said = draft.person
    former = said._replace(
        sid=said.former_sid, fbi=said.former_fbi, person_number=said.former_person_number, booking_number=""
    )
    before = {one.kind: one for one in parts.person((), former).person.identifiers}
    for after in parts.person((), said).person.identifiers:
        if after.kind in before:
            yield before[after.kind], after
