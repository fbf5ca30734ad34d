"""Whether what a drop says is told of: what somebody decided, or what is usual of its agency."""

from typing import NamedTuple

from shared.domain.arrests import Manner
from shared.domain.drops import Drop, DropRecord, Standing
from shared.domain.receipts import Receipt, State
from shared.domain.rhythm import Amount, Norm, amount, awaited_by, norm
from shared.feeds.profile import Profile
from shared.feeds.reading import Reading
from shared.intake.contract import Intake

FIX = "Look at it, then release or discard it: POST /v1/agencies/{agency}/drops/{drop}/release, or `arrest-alert drop`."


class Judged(NamedTuple):
    manner: Manner
    why: str = ""
    amount: Amount = Amount.USUAL


def usual_of(drop: Drop, profile: Profile, at: Intake) -> Norm:
    """Of the agency's drops; from this one on the next is awaited. What a person enters says nothing of that."""
    if drop.by_hand:
        return Norm()
    usual = norm(at.drops.past(drop.agency, drop.dropped_at), profile.rhythm)
    if late := awaited_by(drop.dropped_at, usual):
        at.drops.await_next(drop.agency, late)
    return usual


def judged(drop: Drop, record: DropRecord, profile: Profile, usual: Norm, reading: Reading, at: Intake) -> Judged:
    """Read once more, a drop is judged as it was, so that a retry holds what was held."""
    if record.standing is not Standing.PASSED:
        return Judged(_as_decided(record), record.why)
    if drop.by_hand:
        return Judged(Manner.TOLD)
    found = amount(usual, profile.rhythm, records=reading.rows)
    if found is not Amount.FLOOD or record.receipt:  # what was told of is not held any more
        return Judged(Manner.TOLD, amount=found)
    why = f"There are {reading.rows:,} records in the file; usual are {usual.records or 0:,.0f}."
    return Judged(_as_decided(at.drops.hold(drop.agency, record.drop_id, why)), why, found)


def _as_decided(record: DropRecord) -> Manner:
    if record.standing in (Standing.HELD, Standing.DISCARDED):
        return Manner.HELD
    if record.standing is Standing.PASSED or record.decided is None:
        return Manner.TOLD
    return record.decided.manner


def as_judged(receipt: Receipt, judged: Judged, standing: Standing) -> Receipt:
    """A drop that is held says so, and why."""
    receipt = receipt.model_copy(update={"amount": judged.amount})
    if judged.manner is not Manner.HELD or receipt.state is not State.TAKEN:
        return receipt
    if standing is Standing.DISCARDED:
        facts = {"state": State.DISCARDED, "code": "discarded", "reason": judged.why, "fix": "Send it again, mended."}
    else:
        facts = {"state": State.HELD, "code": "held", "reason": judged.why, "fix": FIX}
    return receipt.model_copy(update=facts)
