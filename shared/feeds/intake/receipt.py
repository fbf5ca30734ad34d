"""Makes the receipt of a drop, and its reject file, from what was parsed and stored. Nothing here reads or writes."""

import csv
import io
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import Field

from shared.arrests.items import WriteOutcome
from shared.arrests.model import is_too_old
from shared.errors import Rejected
from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import (
    NEWER,
    PURGED,
    SEALED,
    ArrestCounts,
    FileCounts,
    Receipt,
    ReceiptState,
    RowCounts,
)
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile
from shared.feeds.record import Reject
from shared.feeds.spreadsheet_cells import guarded
from shared.feeds.unknown_codes import repeatable_codes
from shared.value import FrozenModel

_MOST_COLUMNS, _LONGEST_COLUMN = 100, 100  # forbidden columns that a receipt names, characters of each

NOTHING_TAKEN: Mapping[str, Any] = {
    "state": ReceiptState.REJECTED,
    "code": "all-rejected",
    "reason": "There are records in the file, and not one of them could be taken.",
    "fix": "See the rejects: each says what to mend. Often it is one key of the profile, such as `dates`.",
}
_SUMMED_FIELDS = (
    "rows",
    "arrests",
    "flags",
    "juvenile",
    "older",
    "late_releases",
    "commands",
    "seals",
    "locks",
    "identity_events",
    "rejected",
    "skipped",
)


class Tally(FrozenModel):
    """The counts of a receipt. The tallies of the parts of a file add up to the tally of the whole.

    `rows` and `arrests` count by WriteOutcome, `rejected` by code, `skipped` by reason, `unknown` words by kind.
    """

    rows: Counter[str] = Counter()
    arrests: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    juvenile: int = 0
    older: int = 0
    late_releases: int = 0
    commands: int = Field(default=0, alias="orders")
    seals: int = 0
    locks: int = 0
    identity_events: int = 0
    rejected: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    unknown: Mapping[str, Counter[str]] = {}
    dropped_columns: tuple[str, ...] = Field(default=(), alias="dropped")

    def __add__(self, other: "Tally") -> "Tally":
        sums: dict[str, Any] = {name: getattr(self, name) + getattr(other, name) for name in _SUMMED_FIELDS}
        kinds = dict.fromkeys((*self.unknown, *other.unknown))
        empty: Counter[str] = Counter()
        unknown = {kind: self.unknown.get(kind, empty) + other.unknown.get(kind, empty) for kind in kinds}
        columns = tuple(dict.fromkeys((*self.dropped_columns, *other.dropped_columns)))
        return Tally.model_construct(**sums, unknown=unknown, dropped_columns=columns)


class StoredOutcomes(NamedTuple):
    """What became of a drop's arrests, by their id, and how many releases it announced late (`short_notice.py`)."""

    of_arrests: Mapping[str, WriteOutcome]
    late_releases: int


NOTHING_STORED = StoredOutcomes({}, 0)


def tally_of(parsed: ParsedDrop, stored: StoredOutcomes, notify_from: date | None) -> Tally:
    """Counts a parsed drop. Of new arrests before `notify_from` nobody is notified."""
    outcomes = stored.of_arrests
    rows, arrests, flags = Counter[str](), Counter[str](), Counter[str]()
    for parsed_arrest in parsed.arrests:
        outcome = outcomes[parsed_arrest.arrest.arrest_id].value
        rows[outcome] += parsed_arrest.rows
        arrests[outcome] += 1
        flags.update(flag.value for flag in parsed_arrest.arrest.flags)
    unknown: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (kind, word), count in parsed.unknown_codes.items():
        unknown[kind][word] += count
    return Tally(
        rows=rows,
        arrests=arrests,
        flags=flags,
        juvenile=sum(parsed_arrest.arrest.juvenile for parsed_arrest in parsed.arrests),
        older=sum(
            outcomes[parsed_arrest.arrest.arrest_id] is WriteOutcome.ACCEPTED
            and is_too_old(parsed_arrest.arrest, notify_from)
            for parsed_arrest in parsed.arrests
        ),
        late_releases=stored.late_releases,
        commands=len(parsed.commands) + parsed.applied_seals,
        seals=len(parsed.seals()) + parsed.applied_seals,
        locks=sum(seal.names_no_statute for seal in parsed.seals()),
        identity_events=len(parsed.identity_events()),
        rejected=Counter(reject.code for reject in parsed.rejects),
        skipped=parsed.skipped + Counter({SEALED: parsed.sealed_rows}),
        unknown=unknown,
        dropped_columns=parsed.dropped_columns,
    )


def receipt_of(
    drop: Drop,
    drop_id: str,
    parsed: ParsedDrop,
    stored: StoredOutcomes,
    profile: Profile,
    finished_at: datetime,
) -> Receipt:
    """Returns the receipt of a drop that was read and stored as a whole."""
    tally = tally_of(parsed, stored, profile.notify_from(drop.day(profile.zone)))
    receipt = receipt_of_tally(drop, drop_id, tally, profile, finished_at)
    return (
        receipt.model_copy(update={"files": file_counts(parsed, stored.of_arrests)})
        if len(parsed.parts) > 1
        else receipt
    )


_COUNTED_AS: Mapping[WriteOutcome, str] = {
    WriteOutcome.ACCEPTED: "accepted",
    WriteOutcome.UPDATED: "updated",
    WriteOutcome.UNCHANGED: "unchanged",
    WriteOutcome.SKIPPED: "skipped",
    WriteOutcome.SEALED: "skipped",
    WriteOutcome.PURGED: "skipped",
}


def file_counts(parsed: ParsedDrop, outcomes: Mapping[str, WriteOutcome]) -> tuple[FileCounts, ...]:
    """Counts the records of each file of a drop. A row that was joined to an arrest shares the arrest's outcome."""
    counted = [Counter[str](read=part.rows) for part in parsed.parts]
    before = [part.before for part in parsed.parts]
    for name, line in _counted_lines(parsed, outcomes):
        counted[bisect_left(before, line) - 1][name] += 1
    return tuple(
        FileCounts(layout=part.layout, rows=RowCounts(**counts))
        for part, counts in zip(parsed.parts, counted, strict=True)
    )


def _counted_lines(parsed: ParsedDrop, outcomes: Mapping[str, WriteOutcome]) -> Iterator[tuple[str, int]]:
    for arrest, _, lines in parsed.arrests:
        yield from ((_COUNTED_AS[outcomes[arrest.arrest_id]], line) for line in lines)
    yield from (("accepted", line) for line in parsed.command_lines)
    yield from (("rejected", reject.line) for reject in parsed.rejects)
    yield from (("skipped", line) for line in parsed.skipped_lines)


def receipt_of_tally(drop: Drop, drop_id: str, tally: Tally, profile: Profile, finished_at: datetime) -> Receipt:
    """Returns the receipt for these counts. If there were records and none was taken, its state is "rejected"."""
    rejected = tally.rejected.total()
    nothing_taken = rejected and not (tally.arrests or tally.commands)
    unknown = Counter({(kind, word): count for kind, words in tally.unknown.items() for word, count in words.items()})
    return Receipt(
        drop_id=drop_id,
        agency=drop.agency,
        key=drop.key,
        size=drop.size,
        dropped_at=drop.dropped_at,
        finished_at=finished_at,
        **(NOTHING_TAKEN if nothing_taken else {}),
        rows=_row_counts(tally),
        arrests=_arrest_counts(tally),
        late_releases=tally.late_releases,
        older_arrests=_older_sentence(tally.older, profile),
        seals=tally.seals,
        seals_without_statute=_locks_sentence(tally.locks),
        identity_events=tally.identity_events,
        rejected=tally.rejected,
        skipped=_skipped(tally),
        flags=tally.flags,
        unknown_codes=repeatable_codes(unknown),
        dropped_columns=_first_columns(tally.dropped_columns),
        rejects_key=f"{drop.agency}/rejects/{drop.name_in_answers}.{drop_id}.csv" if rejected else None,
    )


def _skipped(tally: Tally) -> Counter[str]:
    """Records skipped by reason: by the reader, and because of what is stored."""
    by_outcome = {NEWER: WriteOutcome.SKIPPED, SEALED: WriteOutcome.SEALED, PURGED: WriteOutcome.PURGED}
    return tally.skipped + Counter({reason: tally.rows[outcome] for reason, outcome in by_outcome.items()})


def _row_counts(tally: Tally) -> RowCounts:
    rejected = tally.rejected.total()
    return RowCounts(
        read=tally.rows.total() + tally.commands + rejected + tally.skipped.total(),
        accepted=tally.rows[WriteOutcome.ACCEPTED] + tally.commands,
        updated=tally.rows[WriteOutcome.UPDATED],
        unchanged=tally.rows[WriteOutcome.UNCHANGED],
        rejected=rejected,
        skipped=_skipped(tally).total(),
    )


def _arrest_counts(tally: Tally) -> ArrestCounts:
    return ArrestCounts(
        accepted=tally.arrests[WriteOutcome.ACCEPTED],
        updated=tally.arrests[WriteOutcome.UPDATED],
        unchanged=tally.arrests[WriteOutcome.UNCHANGED],
        skipped=sum(tally.arrests[outcome] for outcome, word in _COUNTED_AS.items() if word == "skipped"),
        juvenile=tally.juvenile,
        older=tally.older,
    )


def _older_sentence(count: int, profile: Profile) -> str:
    if not count:
        return ""
    arrests, they = ("1 new arrest was", "It is") if count == 1 else (f"{count:,} new arrests were", "They are")
    return (
        f"{arrests} made more than {profile.notify_arrests_of_last} before the file came. {they} stored, and nobody is "
        "notified, unless a new watch looks back. `notify_arrests_of_last` of the profile says how many days count."
    )


def _locks_sentence(count: int) -> str:
    if not count:
        return ""
    seals, they = ("1 seal names", "It is") if count == 1 else (f"{count:,} seals name", "They are")
    return (
        f"{seals} no statute. {they} carried out so far that nobody reads what is sealed; nothing is erased. Send the "
        "same again with its statute in `seal_statute`, like CPL 160.50: it decides whether records are erased, marked "
        "or left."
    )


def rejects_file(rejects: Iterable[Reject], *, header: bool = True) -> bytes:
    """Returns the reject file as comma-separated UTF-8 text: one line a reject, in the given order."""
    text = io.StringIO()
    writer = csv.writer(text)
    if header:
        writer.writerow(Reject._fields)
    writer.writerows([reject.line, *map(guarded, reject[1:])] for reject in rejects)
    return text.getvalue().encode("utf-8", "backslashreplace")


def refused_receipt(drop: Drop, drop_id: str, rejection: Rejected, finished_at: datetime) -> Receipt:
    """Returns the receipt of a drop of which nothing was read. Without a usable profile its state is "quarantined"."""
    no_profile = rejection.code in ("prefix", "profile")
    return Receipt(
        drop_id=drop_id,
        agency=drop.agency,
        key=drop.key,
        size=drop.size,
        dropped_at=drop.dropped_at,
        finished_at=finished_at,
        state=ReceiptState.QUARANTINED if no_profile else ReceiptState.REFUSED,
        code=rejection.code,
        reason=rejection.reason,
        fix=rejection.fix,
    )


def _first_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The first hundred names of forbidden columns, each cut; after them how many there are more."""
    shown = tuple(name[:_LONGEST_COLUMN] for name in columns[:_MOST_COLUMNS])
    more = len(columns) - len(shown)
    return (*shown, f"(and {more} more)") if more else shown


def receipt_key(receipt: Receipt) -> str:
    """Returns the key of the receipt's object in the feeds bucket."""
    drop = Drop(key=receipt.key, size=receipt.size, dropped_at=receipt.dropped_at)
    return f"{receipt.agency}/receipts/{drop.name_in_answers}.{receipt.drop_id}.json"
