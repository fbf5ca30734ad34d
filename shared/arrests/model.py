"""The arrest: one custody event of one person, as one agency reports it."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property

from pydantic import AwareDatetime, Field

from shared.arrests.charges import Charge
from shared.arrests.court import CourtCase
from shared.arrests.disputed import DisputedFact
from shared.arrests.numbers import normal_number
from shared.arrests.person import Person, age_on
from shared.arrests.places import Place
from shared.arrests.release import PlannedRelease
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

ADULT_FROM = 18

LONGEST_INCIDENT = 100  # characters


class EventKind(StrEnum):
    """What a record reports. Seals and identity events are no arrests: they are carried out, not stored as one."""

    ARREST = "arrest"
    BOOKING = "booking"
    RELEASE_SCHEDULED = "scheduled release"
    RELEASE = "release"
    WARRANT = "warrant"
    WARRANT_CLEARED = "warrant cleared"
    DISPOSITION = "disposition"
    COURT_DATE = "court date"
    CUSTODY_CHANGE = "custody change"
    TRANSFER = "transfer"
    ESCAPE = "escape"
    DEATH = "death"
    SUPERVISION = "supervision"
    SUPERVISION_ENDED = "supervision ended"


CUSTODY_BEGINS = frozenset({EventKind.ARREST, EventKind.BOOKING})
"""The kinds that every criterion matches. The others need an event watch that names them."""
WARRANTS = frozenset({EventKind.WARRANT, EventKind.WARRANT_CLEARED})
"""The kinds that a warrant identifies, where its number is known, and not the number of an arrest."""
_MAY_REPEAT = frozenset(
    {EventKind.RELEASE, EventKind.DISPOSITION, EventKind.CUSTODY_CHANGE, EventKind.TRANSFER, EventKind.ESCAPE}
)
"""The kinds that may happen several times in one custody."""


class Flag(StrEnum):
    """A doubt that a reader must know of before trusting a field. The arrest is stored all the same."""

    NO_ARREST_DATE = "arrest date not supplied"
    FUTURE_ARREST_DATE = "arrest date lies in the future"
    IMPOSSIBLE_DATE_OF_BIRTH = "date of birth is impossible and was left out"
    SHORT_NOTICE = "less than 48 hours' notice of a release"
    MAY_BE_A_MINOR = "date of birth is impossible or cannot be read: kept back like that of somebody under 18"
    DERIVED_NUMBER = "no arrest number supplied"
    UNREADABLE_TIME = "a time of day cannot be read and was left out"
    WEAK_KEY = "nothing identifies the arrest: sent again with a change it counts as another one (see arrest_key)"
    ROUNDED_IDENTIFIER = "a spreadsheet rounded an identifier, which was left out: format its column as text"
    CUT_CHARGES = "more than 100 charges: the rest were left out"
    MENDED_LETTERS = "letters were mended: the text is UTF-8, and was read or exported as another encoding"
    NO_COORDINATES = "coordinates cannot be read and were left out"
    UNREADABLE_BAIL = "an amount of bail cannot be read and was left out"
    UNREADABLE_COURT_DATE = "the next court date cannot be read and was left out"
    CUT_SENTENCE = "a sentence has more than 500 characters: the rest was left out"
    EVENT_BEFORE_ARREST = "the event is dated before the arrest: one of the two dates is wrong"
    SOCIAL_SECURITY_NUMBER = "an identifier has the form of a Social Security number and was left out"
    UNPAIRED_CHARGES = (
        "the details of the charges cannot be told apart: codes and texts stand alone, classes are left out"
    )
    MANUAL = "entered by hand; the agency's feed has not told of it yet"
    MISSING_FROM_SNAPSHOT = "the agency's next list of those in custody does not have the person"
    PARTNER_MISSING = "a file that belongs to the agency's arrests did not come: charges or details may be missing"
    SEALED_AND_OPEN = "sealed by statute; open to law enforcement in its duty alone, and to nobody else"
    NO_CONVICTION = "there is no conviction: the statute that seals it says so"
    UNFINISHED_ROW = "the file ends without a line end: the last cell may be cut short"
    CONVICTED = "another report of the agency says that the case ended with a conviction"
    NOT_CONVICTED = "another report of the agency says that the case ended without a conviction"
    NONCONVICTION = "nonconviction data (28 CFR 20.3): the case ended without a conviction"
    NO_DISPOSITION = (
        "nonconviction data (28 CFR 20.3): no outcome is reported a year after the arrest, and no active prosecution"
    )


FLAGS_OF_READING = frozenset(
    {
        Flag.SEALED_AND_OPEN,
        Flag.NO_CONVICTION,
        Flag.CONVICTED,
        Flag.NOT_CONVICTED,
        Flag.NONCONVICTION,
        Flag.NO_DISPOSITION,
    }
)
"""Flags that no agency reports: they are added when a record is read, and are no part of its content."""


def _is_empty(value: object) -> bool:
    return not value


class Arrest(FrozenModel):
    """One person, one custody event, as one agency reports it.

    `arrest_id` is derived from agency and number, so the same arrest always has the same id. `arrested_on` is the day
    in the agency's time zone; `arrested_at` the instant, when the feed gives a time. `juvenile` arrests (under 18, or
    with a date of birth that cannot be read) lie apart and are never matched. `event_on` and `event_at` are the day and
    the instant of an event that is no arrest, such as a release or a disposition. `cases` are the court cases of the
    arrest. `incident` is the agency's number of the event in which it was made, perhaps with others. `release` is what
    the notice of a release says. Without cases, incident or release the document is the same as before there were any,
    and so is its hash. `disputed` is set when the arrest is shown to an office that holds such
    disputes, and never stored.
    """

    arrest_id: str
    agency: str
    number: str = Field(max_length=200)
    kind: EventKind = EventKind.ARREST
    ori: str = Field(default="", max_length=20)
    arrested_on: date | None = None
    arrested_at: AwareDatetime | None = None
    event_on: date | None = None
    event_at: AwareDatetime | None = None
    person: Person = Person()
    charges: tuple[Charge, ...] = ()
    place: Place = Place()
    juvenile: bool = False
    flags: tuple[Flag, ...] = ()
    cases: tuple[CourtCase, ...] = Field(default=(), exclude_if=_is_empty)
    disputed: tuple[DisputedFact, ...] = Field(default=(), exclude_if=_is_empty)
    incident: str = Field(default="", max_length=LONGEST_INCIDENT, exclude_if=_is_empty)
    release: PlannedRelease | None = Field(default=None, exclude_if=_is_empty)

    @property
    def happened_on(self) -> date | None:
        return self.event_on or self.arrested_on

    @property
    def content(self) -> str:
        """Hash of every field that was reported: equal content is the same version."""
        reported = self
        if not FLAGS_OF_READING.isdisjoint(self.flags):
            flags = tuple(flag for flag in self.flags if flag not in FLAGS_OF_READING)
            reported = self.model_copy(update={"flags": flags})
        return hashlib.blake2b(reported.model_dump_json().encode(), digest_size=16).hexdigest()


def arrest_id(pseudonyms: Pseudonyms, agency: str, number: str) -> str:
    """The id of the arrest with this number, however the number is written."""
    return pseudonyms.of("arrest", agency, normal_number(number))


def arrest_ids(pseudonyms: Pseudonyms, agency: str, numbers: Iterable[str]) -> list[str]:
    """The ids of arrests whose numbers are in their normal form."""
    return pseudonyms.of_each(("arrest", agency), numbers)


def event_id(pseudonyms: Pseudonyms, agency: str, kind: EventKind, number: str, day: date | None) -> str:
    """The id of an arrest, or of an event that is none. A scheduled release or a court date that is put off keeps its
    id; a second release or disposition of the same custody has its day in the id and so another one."""
    if kind in CUSTODY_BEGINS:
        return arrest_id(pseudonyms, agency, number)
    return pseudonyms.of("event", agency, kind, number, str(day or "") if kind in _MAY_REPEAT else "")


def is_juvenile(arrested_on: date | None, born: date | None, today: date) -> bool:
    """Under 18 at arrest; without an arrest date, under 18 today."""
    return born is not None and age_on(arrested_on or today, born) < ADULT_FROM


def is_too_old(arrest: Arrest, notify_from: date | None) -> bool:
    """Whether the arrest was made too long before its drop for anybody to be notified. Releases, dispositions and
    warrants are news however long ago the custody began; an arrest without a date may be of today."""
    if notify_from is None or arrest.arrested_on is None or arrest.kind not in CUSTODY_BEGINS:
        return False
    return arrest.arrested_on < notify_from


class ArrestChange(StrEnum):
    """How a version of an arrest differs from the one before. Only these make an update worth sending."""

    CHARGE_ADDED = "charge added"
    CHARGE_REMOVED = "charge removed"
    IDENTIFIER_ADDED = "identifier added"
    PERSON_CORRECTED = "person corrected"
    EVENT_MOVED = "date moved"
    OUTCOME_CHANGED = "outcome changed"
    CASE_CHANGED = "court case changed"


class NotifyMode(StrEnum):
    """Whether the arrests of a drop are matched and notified."""

    NOTIFY = "told"
    HELD = "held"  # stored, and not matched until somebody releases the drop; readers see the version before
    SILENT = "silent"  # stored, and nobody is notified
    TOO_OLD = "too old"  # stored, and nobody is notified of this arrest of a drop: it was made too long before
    REMATCH = "again"  # matched, whether or not it is new


class Provenance(FrozenModel):
    """The drop that an arrest comes from. `order` sorts versions of an arrest by the time of their drops, because an
    older drop never overwrites a newer one. Nobody is notified of arrests that were made before `notify_from`, unless
    somebody was notified of them before; None notifies of all."""

    drop_id: str
    dropped_at: AwareDatetime
    sequencer: str = ""
    notify_mode: NotifyMode = Field(default=NotifyMode.NOTIFY, alias="manner")
    notify_from: date | None = None

    @cached_property
    def order(self) -> str:
        return f"{self.dropped_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}#{self.sequencer.zfill(32)}"


def parse_utc(text: str) -> datetime:
    """An aware UTC instant from ISO 8601 text, `Z` included."""
    return datetime.fromisoformat(text).astimezone(UTC)
