"""What is done to a drop that was read whole, from one file or several: its volume is checked, it is stored, and its
receipt counts what became of it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from shared.feeds.drops.model import DropRecord
from shared.feeds.drops.receipt import Receipt
from shared.feeds.drops.volume_check import VolumeBaseline
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.quarantine import await_next_drop, hold_if_necessary, load_baseline, with_drop_status
from shared.feeds.intake.receipt import StoredOutcomes, receipt_of
from shared.feeds.intake.short_notice import late_notices
from shared.feeds.intake.snapshots import store_with_absences
from shared.feeds.intake.store import complete_drop
from shared.feeds.normalise.read_drop import ParsedDrop
from shared.feeds.profiles.model import Profile


class CountedDrop(NamedTuple):
    """`record` says whether the drop is held, `parsed` has what was stored."""

    record: DropRecord
    parsed: ParsedDrop
    receipt: Receipt


def begin_volume_check(record: DropRecord, profile: Profile, deps: IntakeDeps) -> VolumeBaseline:
    """Returns what is usual for the agency. Notes from which day on somebody is notified of this drop, and when the
    agency counts as silent."""
    drop = record.drop
    deps.drops.set_notify_limit(drop.agency, record.drop_id, profile.rhythm.notify_limit)
    baseline = load_baseline(drop, profile, deps)
    await_next_drop(drop, baseline, deps)
    return baseline


def store_and_count(
    parsed: ParsedDrop,
    record: DropRecord,
    profile: Profile,
    baseline: VolumeBaseline,
    deps: IntakeDeps,
    clock: Callable[[], datetime],
) -> CountedDrop:
    """Raises TryLater when another snapshot of the agency was quicker, or DynamoDB stayed busy."""
    drop = record.drop
    parsed = complete_drop(parsed, drop.agency, deps)
    record, volume = hold_if_necessary(record, parsed.rows, profile, baseline, deps)
    record, parsed, outcomes, absences = store_with_absences(parsed, record, profile, deps, clock())
    stored = StoredOutcomes(outcomes, late_notices(parsed, outcomes, deps.arrests, drop.dropped_at))
    receipt = with_drop_status(receipt_of(drop, record.drop_id, parsed, stored, profile, clock()), record, volume)
    return CountedDrop(record, parsed, receipt.model_copy(update={"absences": absences}))
