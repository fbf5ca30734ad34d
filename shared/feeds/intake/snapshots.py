"""Stores a full snapshot: its arrests, and a release of everybody who was in the last one and is not in this one.

`_load_comparison` gathers, `compare` decides, `_hold_if_mass_release` and `_release_missing` apply. The releases are
stored before the custody that is remembered, so a crash in between repeats them with the same ids.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from shared.arrests.items import WriteOutcome
from shared.arrests.model import CUSTODY_BEGINS, Arrest, EventKind, Flag, NotifyMode, arrest_id, event_id
from shared.errors import TryLater
from shared.feeds.drops.model import DropRecord, DropStatus
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.quarantine import may_hold
from shared.feeds.intake.store import provenance_of, store_drop
from shared.feeds.normalise.duplicates import ParsedArrest
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile, SnapshotRule
from shared.feeds.snapshots.compare import (
    AbsenceVerdict,
    Comparison,
    Custody,
    Snapshot,
    compare,
    custody_after,
    custody_id,
    custody_number,
)


class StoredDrop(NamedTuple):
    """`parsed` has the ids under which arrests are stored. `absences` counts by verdict, for the receipt."""

    record: DropRecord
    parsed: ParsedDrop
    outcomes: dict[str, WriteOutcome]
    absences: dict[str, int]


class _Loaded(NamedTuple):
    custody: Custody | None
    etag: str
    snapshot: Snapshot
    comparison: Comparison


def store_with_absences(
    parsed: ParsedDrop, record: DropRecord, profile: Profile, deps: IntakeDeps, now: datetime
) -> StoredDrop:
    """Stores a drop. If it is a snapshot, whoever is missing from it is released, or the drop is held before that.

    Raises TryLater when another snapshot of the agency was quicker.
    """
    rule, agency = snapshot_rule_of(profile, record.layout), record.drop.agency
    if rule is None or deps.custody is None:
        outcomes = store_drop(parsed, agency, deps, provenance_of(record.drop, record, profile), now)
        _note_releases(parsed, record, deps)
        return StoredDrop(record, parsed, outcomes, {})
    loaded = _load_comparison(parsed, record, rule, profile, deps)
    record = _hold_if_mass_release(record, loaded, deps)
    parsed = _with_custody_ids(parsed, loaded, deps)
    outcomes = store_drop(parsed, agency, deps, provenance_of(record.drop, record, profile), now)
    if record.notify_mode is not NotifyMode.HELD:
        _release_missing(loaded, record, profile, deps, now)
    missing = len(loaded.comparison.missing)
    return StoredDrop(record, parsed, outcomes, {loaded.comparison.verdict.value: missing} if missing else {})


def snapshot_rule_of(profile: Profile, layout: str) -> SnapshotRule | None:
    """Of a profile with layouts, at most one is that of a snapshot."""
    if not profile.layouts:
        return profile.snapshot
    if layout:
        return profile.layouts[layout].profile.snapshot
    return next((reading.snapshot for reading in profile.readings if reading.snapshot), None)


def snapshot_of(parsed: ParsedDrop, order: str) -> Snapshot:
    """A rejected row whose arrest can be told is present. An arrest without a key that stays is in no snapshot: every
    change would release somebody."""
    in_custody = [each.arrest for each in parsed.arrests if each.arrest.kind in CUSTODY_BEGINS]
    arrest_ids = {arrest.arrest_id for arrest in in_custody if Flag.WEAK_KEY not in arrest.flags}
    cut = sum(Flag.UNFINISHED_ROW in arrest.flags for arrest in in_custody)
    return Snapshot(order, frozenset(arrest_ids | parsed.rejected_ids), parsed.unidentified + cut)


def _load_comparison(
    parsed: ParsedDrop, record: DropRecord, rule: SnapshotRule, profile: Profile, deps: IntakeDeps
) -> _Loaded:
    if deps.custody is None:
        raise TypeError("a snapshot is compared with the custody that is stored")
    custody, etag = deps.custody.get(record.drop.agency)
    snapshot = snapshot_of(parsed, provenance_of(record.drop, record, profile).order)
    is_checked = record.status is DropStatus.RELEASED and record.notify_mode is NotifyMode.NOTIFY
    return _Loaded(custody, etag, snapshot, compare(custody, snapshot, rule, is_checked=is_checked))


def _hold_if_mass_release(record: DropRecord, loaded: _Loaded, deps: IntakeDeps) -> DropRecord:
    """Holds the drop before anybody is released: its arrests are stored, and nobody is notified of it."""
    if loaded.comparison.verdict is not AbsenceVerdict.TOO_MANY or not may_hold(record):
        return record
    missing, present = len(loaded.comparison.missing), len(loaded.custody.present) if loaded.custody else 0
    reason = (
        f"The snapshot lacks {missing:,} of the {present:,} people of the last one, who would count as released. Ask"
        " the agency whether its numbers are right."
    )
    return deps.drops.hold(record.drop.agency, record.drop_id, reason)


def _with_custody_ids(parsed: ParsedDrop, loaded: _Loaded, deps: IntakeDeps) -> ParsedDrop:
    """Who left and is back is a new custody, and so another arrest, even under the same number."""
    custody, is_newer = loaded.custody, loaded.comparison.verdict is not AbsenceVerdict.NOT_NEWER

    def with_id(parsed_arrest: ParsedArrest) -> ParsedArrest:
        arrest = parsed_arrest.arrest
        number = custody_number(custody, arrest.arrest_id, is_newer=is_newer) if arrest.kind in CUSTODY_BEGINS else 0
        if not number:
            return parsed_arrest
        own_id = custody_id(arrest.arrest_id, number, deps.pseudonyms)
        return parsed_arrest._replace(arrest=arrest.model_copy(update={"arrest_id": own_id}))

    return replace(parsed, arrests=[*map(with_id, parsed.arrests)])


def _release_missing(loaded: _Loaded, record: DropRecord, profile: Profile, deps: IntakeDeps, now: datetime) -> None:
    """Raises TryLater when another snapshot was stored meanwhile: this one is then compared with that."""
    custody, etag, snapshot, (verdict, missing) = loaded
    day = record.drop.day(profile.zone)
    after = custody_after(custody, snapshot, verdict, day)
    if after is None or deps.custody is None:
        return
    if custody and verdict is AbsenceVerdict.RELEASED:
        releases = [*_releases(custody, missing, day, deps)]
        parsed = ParsedDrop(releases, (), Counter(), Counter())
        store_drop(parsed, record.drop.agency, deps, provenance_of(record.drop, record, profile), now)
    if not deps.custody.put(record.drop.agency, after, etag):
        raise TryLater("another snapshot of the agency was quicker")


def _releases(custody: Custody, missing: frozenset[str], day: date, deps: IntakeDeps) -> Iterator[ParsedArrest]:
    """Yields a release for each of the missing whose arrest may be read, unless the feed reported it."""
    numbers = {
        custody_id(key, custody.present[key], deps.pseudonyms): custody.present[key]
        for key in missing - custody.reported
    }
    for version in deps.arrests.versions(numbers):
        yield ParsedArrest(_release_of(version.arrest, numbers[version.arrest.arrest_id], day, deps), 0)


def _release_of(arrest: Arrest, custody: int, day: date, deps: IntakeDeps) -> Arrest:
    """The release that the feed itself would tell of this day, so that either is told once."""
    key = arrest.number or arrest.arrest_id
    release_id = event_id(deps.pseudonyms, arrest.agency, EventKind.RELEASE, key, day)
    return arrest.model_copy(
        update={
            "arrest_id": custody_id(release_id, custody, deps.pseudonyms),
            "kind": EventKind.RELEASE,
            "event_on": day,
            "event_at": None,
            "flags": (*arrest.flags, Flag.MISSING_FROM_SNAPSHOT),
        }
    )


def _note_releases(parsed: ParsedDrop, record: DropRecord, deps: IntakeDeps) -> None:
    """Remembers whose release another file of an agency with snapshots tells."""
    if deps.custody is None or record.notify_mode is NotifyMode.HELD:
        return
    numbers = {each.arrest.number for each in parsed.arrests if each.arrest.kind is EventKind.RELEASE}
    agency = record.drop.agency
    released = {arrest_id(deps.pseudonyms, agency, number) for number in numbers if number}
    custody, etag = deps.custody.get(agency) if released else (None, "")
    reported = released & custody.present.keys() if custody else frozenset[str]()
    if custody and not reported <= custody.reported:
        changed = custody.model_copy(update={"reported": custody.reported | reported})
        if not deps.custody.put(agency, changed, etag):
            raise TryLater("a snapshot of the agency is stored at the same time")
