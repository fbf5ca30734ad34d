"""The raw record: what every format reads of one arrest, as text under our field names. `normalise` interprets it.

The fields of the text tuples are the words that a profile's `columns` may use.
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
    alias: str = ""  # whole names, separated by `;` or `|`
    born: str = ""
    sex: str = ""
    age: str = ""  # completed years at arrest
    age_group: str = ""
    sid: str = ""
    sid_issuer: str = ""
    fbi: str = ""
    person_number: str = ""
    booking_number: str = ""
    former_sid: str = ""  # of an identity event: the number that is given up
    former_fbi: str = ""
    former_person_number: str = ""
    cjtn: str = ""  # criminal justice tracking number, which names the arrest


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
    outcome: str = ""  # how the charge was decided, in the agency's word
    disposed_statute: str = ""  # the code at the disposition, which a plea may change
    sentence: str = ""


DECISION_FIELDS = ("outcome", "disposed_statute", "sentence")
"""What is decided about a charge: read where the charge is."""


class CaseText(NamedTuple):
    court: str = ""  # a name or an ORI
    docket: str = ""
    bail: str = ""  # an amount, or a word such as `REMANDED`; both in one cell too
    bail_kind: str = ""
    warrant: str = ""
    warrant_court: str = ""  # which issued the warrant
    court_date: str = ""  # the next one
    court_time: str = ""


class EventText(NamedTuple):
    number: str = ""
    arrested: str = ""
    arrested_time: str = ""
    ori: str = ""
    event: str = ""  # what the record reports, in the agency's word
    event_date: str = ""  # when that happens, where it is not the arrest: a release, a disposition
    event_time: str = ""
    seal_statute: str = ""  # under which a seal was ordered
    seal_id: str = ""  # of a seal that named no statute, as its receipt has it: this record answers it
    incident: str = ""  # the agency's number of the event in which the arrest was made, perhaps with others
    proposed_address: str = ""  # of a scheduled release, from here on: where the person means to live
    prosecution_county: str = ""
    remaining_term: str = ""  # what is left of the full term, in the agency's words
    supervising_office: str = ""


class FeedCommand(StrEnum):
    """An order that a record may give instead of reporting an arrest. Identity events are orders too."""

    SEAL = "seal"
    SEAL_LIFTED = "seal lifted"
    UNSEALED = "unsealed"
    REMOVED = "removed to family court"


RecordKind = EventKind | IdentityChange | FeedCommand

EVENTS: Mapping[str, RecordKind] = {
    **{kind.value: kind for kind in EventKind},
    "identity merged": IdentityChange.MERGED,
    "identity corrected": IdentityChange.CORRECTED,
    "identity restored": IdentityChange.RESTORED,
    "identity expunged": IdentityChange.EXPUNGED,
    "identity described": IdentityChange.DESCRIBED,
    "seal": FeedCommand.SEAL,
    "expungement": FeedCommand.SEAL,
    "seal lifted": FeedCommand.SEAL_LIFTED,
    "unsealed": FeedCommand.UNSEALED,
    "removed to family court": FeedCommand.REMOVED,
}
"""The words that a profile's `event` and `codes.event` may use, and what each means."""

FIELD_NAMES = (
    *EventText._fields,
    *NameText._fields,
    *PersonText._fields,
    *PlaceText._fields,
    *ChargeText._fields,
    *CaseText._fields,
)


class RawRecord(NamedTuple):
    """One record of a file as text in our field names.

    `line` counts from 1: lines of text, or records of a structured file. `row` is the record as it came, for the
    reject file. `facts` identify a record that has no number of its own.
    """

    line: int
    row: str
    event: EventText
    names: tuple[NameText, ...] = ()
    person: PersonText = PersonText()
    place: PlaceText = PlaceText()
    charges: tuple[ChargeText, ...] = ()
    facts: tuple[str, ...] = ()
    kind: RecordKind | None = None  # set where the format itself says what the record reports
    unfinished: bool = False  # the last line of a file without a line end: its last cell may be cut short
    unpaired: bool = False  # the cells of its charges have different numbers of items
    case: CaseText = CaseText()


class Reject(NamedTuple):
    """A record that its sender must mend.

    `code` is a stable word for programs; add a new one only where no existing code fits. Only `row` may hold personal
    data, and never a forbidden field: where a record has one, or its cells cannot be told apart, `row` says that it is
    withheld. `column` is the agency's name of the column to look at, where there is one, and `value` what stands in it:
    never a name, a date of birth, an identifier or an address.
    """

    line: int
    code: str
    reason: str
    fix: str
    row: str = ""
    column: str = ""
    value: str = ""


class Skip(NamedTuple):
    """A record that reports nothing, such as a blank line or a repeated header. `why` is counted in the receipt."""

    line: int
    why: str


class DroppedColumns(NamedTuple):
    """The names of forbidden fields that the file has. Their values are not read."""

    columns: tuple[str, ...]


class SealedRow(NamedTuple):
    """Of a cleaned copy: a record whose arrest was sealed since. Nothing else of it is kept."""

    line: int


class AppliedSeal(NamedTuple):
    """Of a cleaned copy: a record that ordered a seal, which was carried out. It is counted, and named nobody since."""

    line: int


ResultOnLine = RawRecord | Reject | Skip | SealedRow | AppliedSeal
ReadResult = ResultOnLine | DroppedColumns


def moved(result: ResultOnLine, before: int, unit: str, part: str) -> ResultOnLine:
    """A result of one part of a drop with a line of its own in the drop, in which `before` lines precede the part. A
    reject says where it stands in its part: `(Line 3 of file 2 of the archive.)`."""
    in_drop = result._replace(line=before + result.line)
    if isinstance(in_drop, Reject):
        return in_drop._replace(reason=f"{in_drop.reason} ({unit} {result.line} of {part}.)")
    return in_drop
