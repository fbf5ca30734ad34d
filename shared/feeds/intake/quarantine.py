"""Quarantine: a drop that is far larger than usual is stored and held, and nobody is notified until somebody decides.

`load_baseline` gathers, `must_hold` and `with_drop_status` decide, `hold_if_flood` and `await_next_drop` apply.
"""

from typing import Any

from shared.arrests.model import NotifyMode
from shared.feeds.drops.model import Drop, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeBaseline, VolumeVerdict, baseline_of, check_volume, overdue_at
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.profiles.model import Profile

FIX = (
    "Ask the agency whether its numbers are right, then release or discard the file: on its page of the console, or "
    "with `arrest-alert drop`."
)


def load_baseline(drop: Drop, profile: Profile, deps: IntakeDeps) -> VolumeBaseline:
    """Returns what is usual for the agency. A manual entry is no drop of its feed and has no baseline."""
    if drop.is_manual_entry:
        return VolumeBaseline()
    return baseline_of(deps.drops.past_drops(drop.agency, drop.dropped_at), profile.rhythm)


def await_next_drop(drop: Drop, baseline: VolumeBaseline, deps: IntakeDeps) -> None:
    """Stores when the agency counts as silent, counted from this drop."""
    if overdue := overdue_at(drop.dropped_at, baseline):
        deps.drops.await_next(drop.agency, overdue)


def must_hold(record: DropRecord, volume: VolumeVerdict) -> bool:
    """Says whether a drop is to be held for its size.

    A drop that is held stays held, and one that was released is not held again. One that was read was notified of
    then, so holding it would come too late.
    """
    return volume is VolumeVerdict.FLOOD and record.status is DropStatus.PASSED and not record.was_read


def hold_if_flood(
    record: DropRecord, rows: int, profile: Profile, baseline: VolumeBaseline, deps: IntakeDeps
) -> tuple[DropRecord, VolumeVerdict]:
    """Checks the volume of a drop with this many records and holds it if necessary. Returns its record after that."""
    volume = check_volume(baseline, profile.rhythm, rows)
    if not must_hold(record, volume):
        return record, volume
    reason = f"The file has {rows:,} records; this agency usually sends {baseline.records or 0:,.0f}."
    return deps.drops.hold(record.drop.agency, record.drop_id, reason), volume


def with_drop_status(receipt: Receipt, record: DropRecord, volume: VolumeVerdict) -> Receipt:
    """Returns the receipt with the volume verdict. If the drop is held or discarded, it says so, and why."""
    changes: dict[str, Any] = {"volume": volume}
    if record.notify_mode is NotifyMode.HELD and receipt.state is ReceiptState.TAKEN:
        changes["reason"] = record.held_because
        if record.status is DropStatus.DISCARDED:
            changes |= {"state": ReceiptState.DISCARDED, "code": "discarded", "fix": "Send it again, mended."}
        else:
            changes |= {"state": ReceiptState.HELD, "code": "held", "fix": FIX}
    return receipt.model_copy(update=changes)
