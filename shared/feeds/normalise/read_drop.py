"""A whole drop, read and judged before anything is stored."""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.model import Arrest, Flag
from shared.arrests.person import Identifier, Person
from shared.arrests.seals.seal import Seal
from shared.batching import batches
from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.streams.unpack import unpacked
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.normalise.normaliser import MOST_CHARGES, DuplicatePolicy, Normalised, NormalisedCommand, Normaliser
from shared.feeds.profiles.model import Profile
from shared.feeds.record import Dropped, RawRecord, Read, Reject, Skip
from shared.pseudonyms import Pseudonyms

MOST_ROWS = 250_000
AT_ONCE = 256  # records that go through the door together
_SELDOM = 100_000  # objects made, until cycles are looked for
_MIXED = ("mixed-arrest", "Records with the key of this arrest name different people, or over a hundred charges.",
          "Let `arrest_key` (or the number) name one person's arrest.")  # fmt: skip


class ParsedArrest(NamedTuple):
    """An arrest and how many records of the file told of it."""

    arrest: Arrest
    rows: int


@dataclass(frozen=True)
class ParsedDrop:
    """Every record of the file is in exactly one of: a Found, `orders`, `rejects`, `skipped` (counted by reason)."""

    found: Sequence[ParsedArrest]
    rejects: Sequence[Reject]
    skipped: Counter[str]
    unknown: Counter[tuple[str, str]]
    dropped: tuple[str, ...] = ()
    orders: Sequence[NormalisedCommand] = ()  # one for each record that tells us to do something

    @property
    def rows(self) -> int:
        return sum(parsed.rows for parsed in self.found) + len(self.rejects) + len(self.orders) + self.skipped.total()

    def seals(self) -> list[Seal]:
        return [one for normalised_command in self.orders for one in normalised_command.orders if isinstance(one, Seal)]

    def identity_events(self) -> list[IdentityEvent]:
        return [
            one
            for normalised_command in self.orders
            for one in normalised_command.orders
            if isinstance(one, IdentityEvent)
        ]


class ParsedRecord(NamedTuple):
    """What one record of the file says of an arrest of which others may say more."""

    line: int
    row: str  # kept where it may still be rejected
    arrest: Arrest
    kin: DuplicatePolicy


@dataclass
class Accumulator:
    """Records as they are read; those of one arrest are put together at the end."""

    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    dropped: tuple[str, ...] = ()
    orders: list[NormalisedCommand] = field(default_factory=list)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    arrests: dict[str, ParsedRecord] = field(default_factory=dict)
    more: defaultdict[str, list[ParsedRecord]] = field(default_factory=lambda: defaultdict(list))

    def put(self, record: ParsedRecord) -> None:
        """Of versions of one arrest, the last one put holds."""
        key = record.arrest.arrest_id
        first = self.arrests.setdefault(key, record)
        if first is record:
            return
        if record.kin is DuplicatePolicy.VERSIONS:
            self.arrests[key] = record
            self.skipped["said again further down in the file"] += 1
        else:
            self.more[key].append(record)

    def records(self) -> Iterator[ParsedRecord]:
        """Those of one arrest in the order in which they were put."""
        for key, first in self.arrests.items():
            yield first
            yield from self.more.get(key, ())


def read_drop(stream: Readable, profile: Profile, pseudonyms: Pseudonyms, today: date) -> ParsedDrop:
    """Raises Rejected when nothing of the file can be taken. `today`: the drop's day in the agency's zone."""
    return merge_duplicates(
        accumulate(_few(reads(stream, profile)), Normaliser(profile, pseudonyms, today)), pseudonyms
    )


def accumulate(some: Iterable[Read], door: Normaliser) -> Accumulator:
    pile = Accumulator(unknown=door.unknown)
    with seldom_collected():
        for batch in batches(some, AT_ONCE):
            drafts = [read for read in batch if isinstance(read, RawRecord)]
            for draft, outcome in zip(drafts, door.normalised(drafts), strict=True):
                _put(outcome, draft, pile)
            for read in batch if len(drafts) < len(batch) else ():
                _note(read, pile)
    return pile


def merge_duplicates(pile: Accumulator, pseudonyms: Pseudonyms) -> ParsedDrop:
    parseds = [each for key, first in pile.arrests.items() for each in _settled(key, first, pile, pseudonyms)]
    return ParsedDrop(parseds, sorted(pile.rejects), pile.skipped, pile.unknown, pile.dropped, pile.orders)


def _few(some: Iterable[Read]) -> Iterator[Read]:
    for number, read in enumerate(some, 1):
        if number > MOST_ROWS:
            raise Rejected("too-large", f"The file has more than {MOST_ROWS:,} records.", "Send it in parts.")
        yield read


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Rows become values without cycles, so looking for cycles among all that were read is vain, and takes as long as
    the reading itself."""
    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def reads(stream: Readable, profile: Profile) -> Iterator[Read]:
    if profile.format not in FORMATS:
        raise Rejected(
            "profile",
            f"The profile's format is `{profile.format}`, which is not known.",
            f"Write one of: {', '.join(FORMATS)}.",
        )
    return FORMATS[profile.format](unpacked(stream), profile)


def _put(outcome: Normalised | NormalisedCommand | Reject, draft: RawRecord, pile: Accumulator) -> None:
    match outcome:
        case Normalised(arrest, kin):
            pile.put(ParsedRecord(draft.line, draft.row if kin is DuplicatePolicy.CHARGES else "", arrest, kin))
        case NormalisedCommand():
            pile.orders.append(outcome)
        case Reject():
            pile.rejects.append(outcome)


def _note(read: Read, pile: Accumulator) -> None:
    match read:
        case Reject():
            pile.rejects.append(read)
        case Skip():
            pile.skipped[read.why] += 1
        case Dropped():
            pile.dropped += read.columns


def _settled(key: str, first: ParsedRecord, pile: Accumulator, pseudonyms: Pseudonyms) -> Iterator[ParsedArrest]:
    """The arrests that the records with one key are."""
    if key not in pile.more:
        yield ParsedArrest(first.arrest, 1)
        return
    records = [first, *pile.more[key]]
    match first.kin:
        case DuplicatePolicy.STRANGERS:
            for nth, record in enumerate(sorted(records, key=_said)):
                number = {"arrest_id": pseudonyms.of("nth", key, str(nth))} if nth else {}
                yield ParsedArrest(record.arrest.model_copy(update=number), 1)
        case DuplicatePolicy.CHARGES if len(records) <= MOST_CHARGES and _same_person(records):
            yield ParsedArrest(_together(sorted(records, key=_said)), len(records))
        case DuplicatePolicy.CHARGES:
            pile.rejects += [Reject(record.line, *_MIXED, record.row) for record in records]


def _said(record: ParsedRecord) -> str:
    """Sorts records by what they say, so that a shuffled file gives the same arrests."""
    return record.arrest.model_dump_json()


def _same_person(records: Sequence[ParsedRecord]) -> bool:
    people = [record.arrest.person for record in records]
    named: Callable[[Person], object] = lambda person: person.names and person.names[0].key  # noqa: E731
    born: Callable[[Person], object] = lambda person: person.date_of_birth  # noqa: E731
    return all(len({fact(person) for person in people} - {None, ()}) <= 1 for fact in (named, born))


def _together(records: Sequence[ParsedRecord]) -> Arrest:
    """One arrest of all the charges, identifiers, names and flags."""
    arrests = [record.arrest for record in records]
    fullest = max(arrests, key=lambda arrest: (bool(arrest.person.names), bool(arrest.person.date_of_birth)))
    people = [fullest.person, *(arrest.person for arrest in arrests)]
    identifiers: dict[Identifier, None] = {identifier: None for person in people for identifier in person.identifiers}
    names = {name: None for person in people for name in person.names}
    flags: dict[Flag, None] = {flag: None for arrest in arrests for flag in arrest.flags}
    person = fullest.person.model_copy(update={"names": tuple(names), "identifiers": tuple(identifiers)})
    return fullest.model_copy(
        update={
            "person": person,
            "charges": tuple(charge for arrest in arrests for charge in arrest.charges),
            "juvenile": any(arrest.juvenile for arrest in arrests),
            "flags": tuple(flags),
        }
    )
