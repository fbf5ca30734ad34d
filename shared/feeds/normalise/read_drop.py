"""Reads a whole drop: unpack, read, normalise, merge duplicates. Every record is accounted for before any is stored."""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import NamedTuple

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.seals.seal import Seal
from shared.batching import batches
from shared.errors import Rejected
from shared.feeds.formats import FORMATS
from shared.feeds.formats.read_files import read_files
from shared.feeds.formats.streams.unpack import unpack_files
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.normalise.duplicates import (
    DuplicatePolicy,
    ParsedArrest,
    ParsedRecord,
    is_same_person,
    is_too_large,
    merge_records,
)
from shared.feeds.normalise.normaliser import NormalisedArrest, NormalisedCommand, Normaliser, Outcome
from shared.feeds.profiles.model import Profile
from shared.feeds.record import AppliedSeal, DroppedColumns, RawRecord, ReadResult, Reject, SealedRow, Skip
from shared.pseudonyms import Pseudonyms

MOST_RECORDS = 250_000
BATCH = 256  # records that are normalised together
_GARBAGE_THRESHOLD = 100_000  # new objects between two collections
OnResult = Callable[[ReadResult, Outcome | None], object]
_OF_NOBODY = frozenset({"no-arrest", "reference", "layout"})  # codes of rejects
_SUPERSEDED = "said again further down in the file"


class PartOfDrop(NamedTuple):
    """One of several files of a drop: how it was read, how many lines of the drop stand before it, its lines, and its
    records."""

    layout: str
    before: int
    lines: int
    rows: int


@dataclass(frozen=True)
class ParsedDrop:
    """A whole file. Each record is in exactly one of `arrests`, `commands`, `rejects` and `skipped`.

    `skipped` counts by reason, `unknown_codes` by (kind, word). `dropped_columns` names the forbidden fields. Of a drop
    of several files `parts` says where each stands, and `command_lines` and `skipped_lines` which records are such.
    `rejected_ids` are the arrests that rejected records report; of `unidentified` ones nobody can tell.
    """

    arrests: Sequence[ParsedArrest]
    rejects: Sequence[Reject]
    skipped: Counter[str]
    unknown_codes: Counter[tuple[str, str]]
    dropped_columns: tuple[str, ...] = ()
    commands: Sequence[NormalisedCommand] = ()
    applied_seals: int = 0  # of a cleaned copy: seals that were carried out before
    sealed_rows: int = 0  # of a cleaned copy: records of arrests that were sealed before
    parts: tuple[PartOfDrop, ...] = ()
    command_lines: Sequence[int] = ()
    skipped_lines: Sequence[int] = ()
    rejected_ids: frozenset[str] = frozenset()
    unidentified: int = 0

    @property
    def rows(self) -> int:
        reported = sum(parsed.rows for parsed in self.arrests) + self.applied_seals + self.sealed_rows
        return reported + len(self.rejects) + len(self.commands) + self.skipped.total()

    def seals(self) -> list[Seal]:
        return [action for action in self._actions() if isinstance(action, Seal)]

    def identity_events(self) -> list[IdentityEvent]:
        return [action for action in self._actions() if isinstance(action, IdentityEvent)]

    def _actions(self) -> Iterator[Seal | IdentityEvent]:
        return chain.from_iterable(command.actions for command in self.commands)


@dataclass
class Accumulator:
    """Collects the records of a drop as they are read. Those of one arrest are merged at the end.

    With `keeps_lines` each arrest bears the lines of its records, so that the files of a drop can be counted apart.
    """

    rejects: list[Reject] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    dropped_columns: tuple[str, ...] = ()
    commands: list[NormalisedCommand] = field(default_factory=list)
    applied_seals: int = 0
    sealed_rows: int = 0
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_records: dict[str, ParsedRecord] = field(default_factory=dict)
    further_records: defaultdict[str, list[ParsedRecord]] = field(default_factory=lambda: defaultdict(list))
    keeps_lines: bool = False
    command_lines: list[int] = field(default_factory=list)
    skipped_lines: list[int] = field(default_factory=list)
    rejected_ids: set[str] = field(default_factory=set)
    unidentified: int = 0

    def add(self, record: ParsedRecord) -> None:
        """Of several versions of one arrest, only the last is kept. Those of two people are kept to be rejected."""
        arrest_id = record.arrest.arrest_id
        first = self.first_records.setdefault(arrest_id, record)
        if first is record:
            return
        are_versions = record.duplicate_policy is DuplicatePolicy.VERSIONS and arrest_id not in self.further_records
        if are_versions and is_same_person((first.arrest, record.arrest)):
            self.skipped_lines.append(self.first_records[arrest_id].line)
            self.first_records[arrest_id] = record
            self.skipped[_SUPERSEDED] += 1
        else:
            self.further_records[arrest_id].append(record)

    def records(self) -> Iterator[ParsedRecord]:
        """Those of one arrest in the order in which they were added."""
        for arrest_id in self.first_records:
            yield from self.records_of(arrest_id)

    def records_of(self, arrest_id: str) -> list[ParsedRecord]:
        return [self.first_records[arrest_id], *self.further_records.get(arrest_id, ())]

    def add_outcome(self, record: RawRecord, outcome: Outcome, arrest_id: str = "") -> None:
        """`arrest_id` is that of a rejected record, where it can be told."""
        match outcome:
            case NormalisedArrest(arrest, policy):
                may_be_rejected = policy is not DuplicatePolicy.STRANGERS or is_too_large(arrest)
                row = record.row if may_be_rejected else ""
                self.add(ParsedRecord(record.line, row, arrest, policy))
            case NormalisedCommand():
                self.commands.append(outcome)
                self.command_lines.append(record.line)
            case Reject():
                self.rejects.append(outcome)
                self.note_rejected(arrest_id, outcome.code)

    def note_rejected(self, arrest_id: str, code: str) -> None:
        """Of a total row, and of a row that is joined to nobody, nobody is missing."""
        if arrest_id:
            self.rejected_ids.add(arrest_id)
        elif code not in _OF_NOBODY:
            self.unidentified += 1

    def add_unread(self, result: ReadResult) -> None:
        match result:
            case Reject():
                self.rejects.append(result)
                self.note_rejected("", result.code)
            case Skip():
                self.skipped[result.why] += 1
                self.skipped_lines.append(result.line)
            case DroppedColumns():
                self.dropped_columns += result.columns
            case SealedRow():
                self.sealed_rows += 1
                self.skipped_lines.append(result.line)
            case AppliedSeal():
                self.applied_seals += 1
                self.command_lines.append(result.line)

    def absorb(self, other: "Accumulator", change: Callable[[ParsedRecord], ParsedRecord] | None = None) -> None:
        """Takes over what another one collected, its records `change`d."""
        for record in other.records():
            self.add(change(record) if change else record)
        self.rejects += other.rejects
        self.skipped += other.skipped
        self.dropped_columns += other.dropped_columns
        self.commands += other.commands
        self.applied_seals += other.applied_seals
        self.sealed_rows += other.sealed_rows
        self.unknown_codes += other.unknown_codes
        self.command_lines += other.command_lines
        self.skipped_lines += other.skipped_lines
        self.rejected_ids |= other.rejected_ids
        self.unidentified += other.unidentified


def read_drop(
    stream: Readable, profile: Profile, pseudonyms: Pseudonyms, today: date, *, may_seal: bool = False
) -> ParsedDrop:
    """`today` is the day of the drop in the agency's zone. Raises Rejected when nothing of the file can be taken."""
    records = read_records(stream, profile)  # first, because it refuses a format that does not exist
    return understand(records, Normaliser(profile, pseudonyms, today, may_seal=may_seal), pseudonyms)


def understand(
    results: Iterable[ReadResult], normaliser: Normaliser, pseudonyms: Pseudonyms, on_result: OnResult | None = None
) -> ParsedDrop:
    """Normalises what a format read, or what a cleaned copy kept of that. Raises Rejected for too many records."""
    return merge_duplicates(accumulate(_limit(results), normaliser, on_result), pseudonyms)


def read_records(stream: Readable, profile: Profile) -> Iterator[ReadResult]:
    """Raises Rejected when the profile's format does not exist, or when nothing of the file can be read."""
    form = FORMATS.get(profile.format)
    if form is None:
        raise Rejected(
            "profile",
            f"The profile's format is `{profile.format}`, which is not known.",
            f"Write one of: {', '.join(FORMATS)}.",
        )
    return read_files(unpack_files(stream, form.LARGEST), form, profile.format, profile)


def accumulate(
    results: Iterable[ReadResult],
    normaliser: Normaliser,
    on_result: OnResult | None = None,
    *,
    keeps_lines: bool = False,
) -> Accumulator:
    """`on_result` is called with each result in the order of the file, and with what became of a raw record."""
    accumulator = Accumulator(unknown_codes=normaliser.unknown_codes, keeps_lines=keeps_lines)
    with rare_garbage_collection():
        for batch in batches(results, BATCH):
            records = [result for result in batch if isinstance(result, RawRecord)]
            outcomes: Iterable[Outcome] = normaliser.normalise(records)
            if on_result:
                outcomes = [*outcomes]
                _show(batch, outcomes, on_result)
            for record, outcome in zip(records, outcomes, strict=True):
                arrest_id = normaliser.id_of_rejected(record) if isinstance(outcome, Reject) else ""
                accumulator.add_outcome(record, outcome, arrest_id)
            for result in batch if len(records) < len(batch) else ():
                accumulator.add_unread(result)
    return accumulator


def _show(batch: Iterable[ReadResult], outcomes: Iterable[Outcome], on_result: OnResult) -> None:
    following = iter(outcomes)
    for result in batch:
        on_result(result, next(following) if isinstance(result, RawRecord) else None)


def merge_duplicates(
    accumulator: Accumulator, pseudonyms: Pseudonyms, parts: tuple[PartOfDrop, ...] = ()
) -> ParsedDrop:
    arrests: list[ParsedArrest] = []
    rejects, rejected_ids = list(accumulator.rejects), set(accumulator.rejected_ids)
    for arrest_id, first in accumulator.first_records.items():
        if arrest_id not in accumulator.further_records and not is_too_large(first.arrest):
            arrests.append(ParsedArrest(first.arrest, 1, (first.line,) if accumulator.keeps_lines else ()))
            continue
        for merged in merge_records(accumulator.records_of(arrest_id), pseudonyms):
            if isinstance(merged, Reject):
                rejects.append(merged)
                rejected_ids.add(arrest_id)
            else:
                arrests.append(merged if accumulator.keeps_lines else merged._replace(lines=()))
    return ParsedDrop(
        arrests,
        sorted(rejects),
        accumulator.skipped,
        accumulator.unknown_codes,
        accumulator.dropped_columns,
        accumulator.commands,
        accumulator.applied_seals,
        accumulator.sealed_rows,
        parts,
        accumulator.command_lines,
        accumulator.skipped_lines,
        frozenset(rejected_ids),
        accumulator.unidentified,
    )


def _limit(results: Iterable[ReadResult]) -> Iterator[ReadResult]:
    for number, result in enumerate(results, 1):
        if number > MOST_RECORDS:
            raise Rejected("too-large", f"The file has more than {MOST_RECORDS:,} records.", "Send it in parts.")
        yield result


@contextmanager
def rare_garbage_collection() -> Iterator[None]:
    """Records become values without reference cycles, and looking for cycles takes as long as the reading itself."""
    thresholds = gc.get_threshold()
    gc.set_threshold(_GARBAGE_THRESHOLD, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
