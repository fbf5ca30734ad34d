"""Whether what a drop says is told of: what somebody decided, or what is usual of its agency."""

from shared.domain.arrests import Manner
from shared.domain.drops import Drop, DropRecord, Standing
from shared.domain.receipts import Receipt, State
from shared.domain.rhythm import Amount, Norm, amount, awaited_by, norm
from shared.feeds.profile import Profile
from shared.intake.contract import Intake

FIX = "Look at it, then release or discard it: POST /v1/agencies/{agency}/drops/{drop}/release, or `arrest-alert drop`."


def usual_of(drop: Drop, profile: Profile, at: Intake) -> Norm:
    """Of the agency's drops; from this one on the next is awaited. What a person enters says nothing of that."""
    if drop.by_hand:
        return Norm()
    usual = norm(at.drops.past(drop.agency, drop.dropped_at), profile.rhythm)
    if late := awaited_by(drop.dropped_at, usual):
        at.drops.await_next(drop.agency, late)
    return usual


def judged(record: DropRecord, rows: int, profile: Profile, usual: Norm, at: Intake) -> tuple[DropRecord, Amount]:
    """How the drop stands now that its rows are counted. What was held stays so, and what was told of is not held any
    more."""
    found = amount(usual, profile.rhythm, rows)
    if found is not Amount.FLOOD or record.standing is not Standing.PASSED or record.receipt:
        return record, found
    why = f"There are {rows:,} records in the file; usual are {usual.records or 0:,.0f}."
    return at.drops.hold(record.drop.agency, record.drop_id, why), found


def as_judged(receipt: Receipt, record: DropRecord, amount: Amount) -> Receipt:
    """A drop that is held says so, and why."""
    receipt = receipt.model_copy(update={"amount": amount})
    if record.manner is not Manner.HELD or receipt.state is not State.TAKEN:
        return receipt
    if record.standing is Standing.DISCARDED:
        facts = {"state": State.DISCARDED, "code": "discarded", "reason": record.why, "fix": "Send it again, mended."}
    else:
        facts = {"state": State.HELD, "code": "held", "reason": record.why, "fix": FIX}
    return receipt.model_copy(update=facts)
