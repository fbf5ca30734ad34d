"""Quarantine: a drop that is far larger than usual, or of an agency that is not live or whose agreements have all
ended, is stored and held, and nobody is notified until somebody decides.

`load_baseline` gathers, `reason_to_hold` and `with_drop_status` decide, `hold_if_necessary` and `await_next_drop`
apply.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from shared.arrests.model import NotifyMode
from shared.feeds.drops.model import Drop, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeBaseline, VolumeVerdict, baseline_of, check_volume, overdue_at
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.profiles.model import Profile
from shared.offices.governance.model import Requirement
from shared.words import words

FIX = "When that is settled, release or discard the file: on its page of the console, or with `arrest-alert drop`."


def load_baseline(drop: Drop, profile: Profile, deps: IntakeDeps) -> VolumeBaseline:
    """Returns what is usual for the agency. A manual entry is no drop of its feed and has no baseline."""
    if drop.is_manual_entry:
        return VolumeBaseline()
    return baseline_of(deps.drops.past_drops(drop.agency, drop.dropped_at), profile.rhythm)


def await_next_drop(drop: Drop, baseline: VolumeBaseline, deps: IntakeDeps) -> None:
    """Stores when the agency counts as silent, counted from this drop."""
    if overdue := overdue_at(drop.dropped_at, baseline):
        deps.drops.await_next(drop.agency, overdue)


def may_hold(record: DropRecord) -> bool:
    """Whether a drop can still be held.

    One that is held stays held, and one that was released is not held again. One that was read was notified of then,
    so holding it would come too late.
    """
    return record.status is DropStatus.PASSED and not record.was_read


def reason_to_hold(
    volume: VolumeVerdict,
    rows: int,
    baseline: VolumeBaseline,
    sharing_ended_on: date | None,
    missing: Sequence[Requirement] = (),
) -> str | None:
    """Why a drop of this many records waits for somebody's decision; None if it does not. `missing` is what must be on
    record before the feed is live."""
    if missing:
        requirements = "; ".join(words(f"requirement.{requirement}") for requirement in missing)
        return f"This feed is not live yet. Have whoever operates the system record of the agency: {requirements}."
    if sharing_ended_on:
        return (
            f"No office has an agreement with this agency any more: the last one ended on {sharing_ended_on}. Record"
            " the agreement that follows."
        )
    if volume is VolumeVerdict.FLOOD:
        return (
            f"The file has {rows:,} records; this agency usually sends {baseline.records or 0:,.0f}. Ask the agency"
            " whether its numbers are right."
        )
    return None


def hold_if_necessary(
    record: DropRecord, rows: int, profile: Profile, baseline: VolumeBaseline, deps: IntakeDeps
) -> tuple[DropRecord, VolumeVerdict]:
    """Checks a drop with this many records, and holds it if necessary. Returns its record after that."""
    volume = check_volume(baseline, profile.rhythm, rows)
    if not may_hold(record):
        return record, volume
    agency = record.drop.agency
    reason = reason_to_hold(volume, rows, baseline, deps.sharing_ended_on(agency), deps.missing_before_live(agency))
    return (deps.drops.hold(record.drop.agency, record.drop_id, reason) if reason else record), volume


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
