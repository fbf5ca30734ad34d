"""What becomes of disputes: recorded, decided, ended by the agency's correction or with the arrest. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.arrests.days import days_after
from shared.arrests.disputed import ArrestFact
from shared.disclosures.model import Disclosure, DisclosureMeans, RecipientKind
from shared.disputes.model import (
    MOST_DISPUTES,
    ArrestDisputes,
    CorrectionNotice,
    Dispute,
    DisputeDecision,
    DisputeDecisionRequest,
    DisputeRequest,
    DisputeRules,
    DisputeState,
)
from shared.offices.immigration import names_immigration

_STATE_OF = {
    DisputeDecision.UPHELD: DisputeState.UPHELD,
    DisputeDecision.REFUSED: DisputeState.REFUSED,
    DisputeDecision.WITHDRAWN: DisputeState.WITHDRAWN,
}
_TEXTS = ("claim", "claimant_name", "identity_proof", "recorded_by", "decided_by", "reason", "agency_asked")
_EARLIEST = timedelta(days=3_650)


class DisputeFault(NamedTuple):
    """What is wrong with a field of the request, and what to do about it."""

    field: str
    fix: str


class DisputeRefusedError(Exception):
    def __init__(self, reason: str, faults: Collection[DisputeFault]) -> None:
        super().__init__(reason)
        self.reason, self.faults = reason, tuple(faults)


class DisputeDecisionError(Exception):
    """The decision cannot be taken, or not by this person."""


class Recorder(NamedTuple):
    """The address of the user who records a dispute, and of which agency the arrest is."""

    email: str
    agency: str


def record_dispute(
    request: DisputeRequest, stored: ArrestDisputes, recorder: Recorder, rules: DisputeRules, new_id: str, now: datetime
) -> Dispute:
    """Raises DisputeRefusedError with every fault at once."""
    if faults := list(_faults(request, stored, now.date())):
        raise DisputeRefusedError("The dispute cannot be recorded as it is written.", faults)
    return Dispute(
        **request.model_dump(),
        dispute_id=new_id,
        office_id=stored.office_id,
        agency=recorder.agency,
        due=days_after(request.received_on, rules.decide_within.days),
        recorded_by=recorder.email,
        recorded_at=now,
    )


def _faults(request: DisputeRequest, stored: ArrestDisputes, today: date) -> Iterator[DisputeFault]:
    marked = {disputed.fact for disputed in stored.disputed_facts}
    if request.fact in marked:
        yield DisputeFault("fact", "is disputed already; what is new is for whoever decides that dispute")
    if len(stored.disputes) >= MOST_DISPUTES:
        yield DisputeFault("arrest_id", f"has {MOST_DISPUTES} disputes already; talk to its agency")
    if request.received_on > today + timedelta(days=1):  # where the office's day is ahead of UTC
        yield DisputeFault("received_on", "lies in the future; write the day on which it reached you")
    if request.received_on < today - _EARLIEST:
        yield DisputeFault("received_on", "lies more than ten years ago; write the day on which it reached you")
    for field in ("claim", "claimant_name", "identity_proof"):
        if names_immigration(getattr(request, field)):
            yield DisputeFault(field, "names immigration enforcement, which nothing here serves; leave it out")


def decide_dispute(
    dispute: Dispute, request: DisputeDecisionRequest, by: str, rules: DisputeRules, now: datetime
) -> Dispute:
    """28 CFR 20.21(g): an administrative review, with a reason and an appeal.

    An upheld dispute may still be withdrawn. Raises DisputeDecisionError when `by` recorded it, when it has ended or
    was decided so; DisputeRefusedError when the agency was not asked.
    """
    if by.casefold() == dispute.recorded_by.casefold():
        raise DisputeDecisionError("You recorded this yourself. Another person with the right `privacy` decides.")
    state = _STATE_OF[request.decision]
    may_change = dispute.state is DisputeState.OPEN or (
        dispute.state is DisputeState.UPHELD and state is DisputeState.WITHDRAWN
    )
    if not may_change:
        raise DisputeDecisionError(f"This is {dispute.state.value} already.")
    if state is DisputeState.UPHELD and request.agency_asked is None:
        fault = DisputeFault("agency_asked", "ask the agency to correct its record first, and write how and when")
        raise DisputeRefusedError("Only the agency can correct its record.", [fault])
    return dispute.model_copy(
        update={
            "state": state,
            "decided_by": by,
            "decided_at": now,
            "reason": request.reason,
            "agency_asked": request.agency_asked or dispute.agency_asked,
            "appeal": rules.appeal if state is DisputeState.REFUSED else "",
            "ended_at": None if state is DisputeState.UPHELD else now,
        }
    )


def after_correction(stored: ArrestDisputes, changed: Collection[ArrestFact], now: datetime) -> ArrestDisputes:
    """A version of the arrest changed these facts: what is disputed of them is corrected. Returns `stored` itself if
    nothing was."""
    ended = {"state": DisputeState.CORRECTED, "ended_at": now}
    after = stored
    for dispute in stored.disputes:
        if dispute.state.marks_the_fact and dispute.fact in changed:
            after = after.with_dispute(dispute.model_copy(update=ended))
    return after


def with_hidden(stored: ArrestDisputes, *, hidden: bool) -> ArrestDisputes:
    """Returns `stored` itself if it is so already."""
    return stored if stored.hidden is hidden else stored.model_copy(update={"hidden": hidden})


def without_texts(stored: ArrestDisputes, now: datetime) -> ArrestDisputes:
    """The arrest is gone (`end_disputes`): every dispute goes with it. What stays says that there was one, and names
    nobody. Returns `stored` itself if nothing is left to go."""
    after = stored
    for dispute in stored.disputes:
        if dispute.state is not DisputeState.GONE:
            ended_at = dispute.ended_at or now
            emptied = dict.fromkeys(_TEXTS, "") | {"state": DisputeState.GONE, "ended_at": ended_at}
            after = after.with_dispute(dispute.model_copy(update=emptied))
    return after


def correction_notices(
    disclosures: Iterable[Disclosure],
    arrest_id: str,
    content: str,
    facts: Collection[ArrestFact],
    tell_by: date,
    now: datetime,
) -> list[CorrectionNotice]:
    """One for each disclosure of the arrest that was allowed. `content` is the hash of the version that corrects it:
    the same version makes the same notice."""
    return [
        CorrectionNotice(
            notice_id=_notice_id(disclosure.disclosure_id, arrest_id, content),
            office_id=disclosure.office_id,
            disclosure_id=disclosure.disclosure_id,
            arrest_id=arrest_id,
            facts=tuple(sorted(facts)),
            corrected_at=now,
            tell_by=tell_by,
        )
        for disclosure in disclosures
        if facts and disclosure.state.is_allowed and arrest_id in disclosure.request.arrest_ids
    ]


def _notice_id(*ids: str) -> str:
    return hashlib.blake2b("\x1f".join(ids).encode(), digest_size=16).hexdigest()


def tick_off(notice: CorrectionNotice, by: str, means: DisclosureMeans, told_on: date, today: date) -> CorrectionNotice:
    """Raises DisputeRefusedError for a day that cannot be, DisputeDecisionError when it was told before."""
    if notice.told_on is not None:
        raise DisputeDecisionError(f"The recipient was told on {notice.told_on}.")
    if not notice.corrected_at.date() - timedelta(days=1) <= told_on <= today:
        fault = DisputeFault("told_on", "lies before the correction or in the future; write the day on which you told")
        raise DisputeRefusedError("The recipient cannot have been told on that day.", [fault])
    changes = {"told_on": told_on, "told_by": by, "means": means, "revision": notice.revision + 1}
    return notice.model_copy(update=changes)


def other_recipients(disclosures: Iterable[Disclosure]) -> list[Disclosure]:
    """Those that went to nobody of criminal justice, whom the person may ask for (28 CFR 20.21(g)(4))."""
    return [
        disclosure
        for disclosure in disclosures
        if disclosure.state.is_allowed and not is_criminal_justice(disclosure.request.recipient_kind)
    ]


def is_criminal_justice(kind: RecipientKind) -> bool:
    """28 CFR 20.3: courts, and agencies that administer criminal justice. A kind that may be either is named."""
    return kind in (RecipientKind.LAW_ENFORCEMENT, RecipientKind.COURT)
