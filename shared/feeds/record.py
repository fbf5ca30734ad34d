"""What every format hands on: one arrest, or one row of one, as text in our words. The door makes sense of it.

The field names of these tuples are the words of a profile's `columns`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from shared.arrests.identity_events.event import IdentityChange
from shared.arrests.model import EventKind


class NameText(NamedTuple):
    surname: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    name: str = ""  # a whole name in one cell: `SURNAME, GIVEN MIDDLE` or `GIVEN MIDDLE SURNAME`


class PersonText(NamedTuple):
    alias: str = ""  # whole names, several parted by `;` or `|`
    born: str = ""
    sex: str = ""
    age: str = ""  # completed years at arrest
    age_group: str = ""
    sid: str = ""
    sid_issuer: str = ""
    fbi: str = ""
    person_number: str = ""
    booking_number: str = ""
    former_sid: str = ""  # of a change of identity: the number that is given up
    former_fbi: str = ""
    former_person_number: str = ""


class PlaceText(NamedTuple):
    address: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    precinct: str = ""
    latitude: str = ""
    longitude: str = ""
    beat: str = ""


class ChargeText(NamedTuple):
    statute: str = ""
    charge: str = ""
    charge_class: str = ""
    degree: str = ""


class EventText(NamedTuple):
    number: str = ""
    arrested: str = ""
    arrested_time: str = ""
    ori: str = ""
    event: str = ""  # what the record tells of, in the agency's word
    event_date: str = ""  # when that happens, where it is not the arrest: a release, a disposition
    event_time: str = ""


class Command(StrEnum):
    """What a record may tell us to do, beside arrests that it tells of."""

    SEAL = "seal"


EVENTS: Mapping[str, EventKind | IdentityChange | Command] = {
    **{kind.value: kind for kind in EventKind},
    "identity merged": IdentityChange.MERGED,
    "identity corrected": IdentityChange.CORRECTED,
    "identity restored": IdentityChange.RESTORED,
    "identity expunged": IdentityChange.EXPUNGED,
    "identity described": IdentityChange.DESCRIBED,
    "seal": Command.SEAL,
    "expungement": Command.SEAL,
}
FIELD_NAMES = EventText._fields + NameText._fields + PersonText._fields + PlaceText._fields + ChargeText._fields


class RawRecord(NamedTuple):
    """`line` counts from 1: lines of text, or records of a structured file. `row` is the record as it came, for the
    reject file. `facts` tell this record from any other when it has no number of its own."""

    line: int
    row: str
    event: EventText
    names: tuple[NameText, ...] = ()
    person: PersonText = PersonText()
    place: PlaceText = PlaceText()
    charges: tuple[ChargeText, ...] = ()
    facts: tuple[str, ...] = ()
    kind: EventKind | IdentityChange | Command | None = None  # where the format itself says what it tells of
    unfinished: bool = False
    unpaired: bool = False  # the cells of its charges do not go together


class Reject(NamedTuple):
    """A record that its sender must mend. Only `row` may hold personal data, and nothing of what may not be kept: where
    a record has such a column, or its cells cannot be told apart, `row` says that it is withheld. The `code` is a word
    that programs go by, new where none of the known ones fits."""

    line: int
    code: str
    reason: str
    fix: str
    row: str = ""


class Skip(NamedTuple):
    """A record that says nothing: a blank line, a header that is repeated."""

    line: int
    why: str


class DroppedColumns(NamedTuple):
    """Columns that were there and were not read, because they may not be."""

    columns: tuple[str, ...]


ReadResult = RawRecord | Reject | Skip | DroppedColumns
