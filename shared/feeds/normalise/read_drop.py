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
from shared.feeds.formats.streams.unpack import unpack
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.normalise.normaliser import MOST_CHARGES, DuplicatePolicy, Normalised, NormalisedCommand, Normaliser
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, Skip
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

    arrests: Sequence[ParsedArrest]
    rejects: Sequence[Reject]
    skipped: Counter[str]
    unknown_codes: Counter[tuple[str, str]]
    dropped_columns: tuple[str, ...] = ()
    commands: Sequence[NormalisedCommand] = ()  # one for each record that tells us to do something

    @property
    def rows(self) -> int:
        return (
            sum(parsed.rows for parsed in self.arrests) + len(self.rejects) + len(self.commands) + self.skipped.total()
        )

    def seals(self) -> list[Seal]:
        return [
            one for normalised_command in self.commands for one in normalised_command.actions if isinstance(one, Seal)
        ]

    def identity_events(self) -> list[IdentityEvent]:
        return [
            one
            for normalised_command in self.commands
            for one in normalised_command.actions
            if isinstance(one, IdentityEvent)
        ]


class ParsedRecord(NamedTuple):
    """What one record of the file says of an arrest of which others may say more."""

    line: int
    row: str  # kept where it may still be rejected
    arrest: Arrest
    duplicate_policy: DuplicatePolicy


@dataclass
class Accumulator:
    """Records as they are read; those of one arrest are put together at the end."""

    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    dropped_columns: tuple[str, ...] = ()
    commands: list[NormalisedCommand] = field(default_factory=list)
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_records: dict[str, ParsedRecord] = field(default_factory=dict)
    further_records: defaultdict[str, list[ParsedRecord]] = field(default_factory=lambda: defaultdict(list))

    def add(self, record: ParsedRecord) -> None:
        """Of versions of one arrest, the last one put holds."""
        key = record.arrest.arrest_id
        first = self.first_records.setdefault(key, record)
        if first is record:
            return
        if record.duplicate_policy is DuplicatePolicy.VERSIONS:
            self.first_records[key] = record
            self.skipped["said again further down in the file"] += 1
        else:
            self.further_records[key].append(record)

    def records(self) -> Iterator[ParsedRecord]:
        """Those of one arrest in the order in which they were put."""
        for key, first in self.first_records.items():
            yield first
            yield from self.further_records.get(key, ())


def read_drop(stream: Readable, profile: Profile, pseudonyms: Pseudonyms, today: date) -> ParsedDrop:
    """Raises Rejected when nothing of the file can be taken. `today`: the drop's day in the agency's zone."""
    return merge_duplicates(
        accumulate(_few(read_records(stream, profile)), Normaliser(profile, pseudonyms, today)), pseudonyms
    )


def accumulate(results: Iterable[ReadResult], normaliser: Normaliser) -> Accumulator:
    pile = Accumulator(unknown_codes=normaliser.unknown_codes)
    with rare_garbage_collection():
        for batch in batches(results, AT_ONCE):
            drafts = [read for read in batch if isinstance(read, RawRecord)]
            for draft, outcome in zip(drafts, normaliser.normalise(drafts), strict=True):
                _put(outcome, draft, pile)
            for read in batch if len(drafts) < len(batch) else ():
                _note(read, pile)
    return pile


def merge_duplicates(pile: Accumulator, pseudonyms: Pseudonyms) -> ParsedDrop:
    parseds = [each for key, first in pile.first_records.items() for each in _settled(key, first, pile, pseudonyms)]
    return ParsedDrop(
        parseds, sorted(pile.rejects), pile.skipped, pile.unknown_codes, pile.dropped_columns, pile.commands
    )


def _few(some: Iterable[ReadResult]) -> Iterator[ReadResult]:
    for number, read in enumerate(some, 1):
        if number > MOST_ROWS:
            raise Rejected("too-large", f"The file has more than {MOST_ROWS:,} records.", "Send it in parts.")
        yield read


@contextmanager
def rare_garbage_collection() -> Iterator[None]:
    """Rows become values without cycles, so looking for cycles among all that were read is vain, and takes as long as
    the reading itself."""
    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def read_records(stream: Readable, profile: Profile) -> Iterator[ReadResult]:
    if profile.format not in FORMATS:
        raise Rejected(
            "profile",
            f"The profile's format is `{profile.format}`, which is not known.",
            f"Write one of: {', '.join(FORMATS)}.",
        )
    return FORMATS[profile.format](unpack(stream), profile)


def _put(outcome: Normalised | NormalisedCommand | Reject, draft: RawRecord, pile: Accumulator) -> None:
    match outcome:
        case Normalised(arrest, kin):
            pile.add(ParsedRecord(draft.line, draft.row if kin is DuplicatePolicy.CHARGES else "", arrest, kin))
        case NormalisedCommand():
            pile.commands.append(outcome)
        case Reject():
            pile.rejects.append(outcome)


def _note(read: ReadResult, pile: Accumulator) -> None:
    match read:
        case Reject():
            pile.rejects.append(read)
        case Skip():
            pile.skipped[read.why] += 1
        case DroppedColumns():
            pile.dropped_columns += read.columns


def _settled(key: str, first: ParsedRecord, pile: Accumulator, pseudonyms: Pseudonyms) -> Iterator[ParsedArrest]:
    """The arrests that the records with one key are."""
    if key not in pile.further_records:
        yield ParsedArrest(first.arrest, 1)
        return
    records = [first, *pile.further_records[key]]
    match first.duplicate_policy:
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
