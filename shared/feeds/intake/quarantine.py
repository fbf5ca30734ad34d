"""Whether what a drop says is told of: what somebody decided, or what is usual of its agency."""

from shared.arrests.model import NotifyMode
from shared.feeds.drops.model import Drop, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import VolumeBaseline, VolumeVerdict, baseline_of, check_volume, overdue_at
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.profiles.model import Profile

FIX = "Look at it, then release or discard it: POST /v1/agencies/{agency}/drops/{drop}/release, or `arrest-alert drop`."


def usual_of(drop: Drop, profile: Profile, deps: IntakeDeps) -> VolumeBaseline:
    """Of the agency's drops; from this one on the next is awaited. What a person enters says nothing of that."""
    if drop.is_manual_entry:
        return VolumeBaseline()
    usual = baseline_of(deps.drops.past_drops(drop.agency, drop.dropped_at), profile.rhythm)
    if late := overdue_at(drop.dropped_at, usual):
        deps.drops.await_next(drop.agency, late)
    return usual


def judged(
    record: DropRecord, rows: int, profile: Profile, usual: VolumeBaseline, deps: IntakeDeps
) -> tuple[DropRecord, VolumeVerdict]:
    """How the drop stands now that its rows are counted. What was held stays so, and what was told of is not held any
    more."""
    volume_verdict = check_volume(usual, profile.rhythm, rows)
    if volume_verdict is not VolumeVerdict.FLOOD or record.status is not DropStatus.PASSED or record.receipt:
        return record, volume_verdict
    why = f"The file has {rows:,} records; this agency usually sends {usual.records or 0:,.0f}."
    return deps.drops.hold(record.drop.agency, record.drop_id, why), volume_verdict


def as_judged(receipt: Receipt, record: DropRecord, amount: VolumeVerdict) -> Receipt:
    """A drop that is held says so, and why."""
    receipt = receipt.model_copy(update={"volume": amount})
    if record.notify_mode is not NotifyMode.HELD or receipt.state is not ReceiptState.TAKEN:
        return receipt
    if record.status is DropStatus.DISCARDED:
        facts = {
            "state": ReceiptState.DISCARDED,
            "code": "discarded",
            "reason": record.held_because,
            "fix": "Send it again, mended.",
        }
    else:
        facts = {"state": ReceiptState.HELD, "code": "held", "reason": record.held_because, "fix": FIX}
    return receipt.model_copy(update=facts)
