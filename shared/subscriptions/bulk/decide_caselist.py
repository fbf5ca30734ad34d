"""Decides what an entry of a caselist does to the subscription that it stands for. Pure: no reads, no writes.

The list decides the owner, the criterion, the dates, the basis and the kind of supervision. Recipients that people
added, and when somebody validated the subscription, stay as they are. What a person cancelled, the list does not bring
back.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.subscriptions.bulk.caselist_entry import CaselistEntry, CaselistKind
from shared.subscriptions.model import Basis, Status, Subscription, SubscriptionRequest
from shared.subscriptions.refused_words import check_texts
from shared.subscriptions.subscribe import new_subscription
from shared.subscriptions.validity import ValidityStatus, next_revision, validity_status, with_validation_due

_DECIDED_BY_LIST = ("owner", "criterion", "ends", "basis", "folders", "reference")


class CaselistRowResult(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    REASSIGNED = "reassigned"
    REOPENED = "reopened"
    CLOSED = "closed"
    UNCHANGED = "unchanged"
    BY_HAND = "by hand"  # the prosecutor watches it already, or has cancelled it: it is left as it is
    OVERDUE = "overdue"  # the list says that the case is open, but the prosecutor must validate the subscription
    REJECTED = "rejected"
    NOT_REACHED = "not reached"  # time ran out: send it again, the rows that are done stay done


class CaselistDecision(NamedTuple):
    """`after` is the subscription to store; None if nothing is stored."""

    result: CaselistRowResult
    after: Subscription | None = None


_UNCHANGED = CaselistDecision(CaselistRowResult.UNCHANGED)


def subscription_of_entry(
    entry: CaselistEntry,
    kind: CaselistKind,
    subscription_id: str,
    folders: tuple[str, ...],
    office: Office,
    now: datetime,
) -> Subscription:
    """Returns the subscription as a new one would be made for the entry, in these folders.

    A closed entry has no last day, because that may be past, and is only compared. Raises RecipientsNotAllowedError,
    SubscriptionOverError, ImmigrationTextError.
    """
    request = SubscriptionRequest(
        criterion=entry.criterion,
        basis=Basis(kind=kind.basis, case_number=entry.case_number),
        ends=entry.ends if entry.is_open else None,
        recipients=(Recipient.from_email(entry.prosecutor),),
        folders=folders,
        reference=entry.supervision.capitalize() if entry.supervision else "",
    )
    if entry.is_open:
        check_texts({"defendant": entry.defendant})
    described = new_subscription(request, entry.prosecutor, office, now, subscription_id, is_to_be_stored=entry.is_open)
    return described.model_copy(update={"caselist": kind.value})


def decide_entry(
    entry: CaselistEntry,
    kind: CaselistKind,
    described: Subscription,
    before: Subscription | None,
    office: Office,
    now: datetime,
) -> CaselistDecision:
    """`described` is that of `subscription_of_entry`, `before` the stored subscription with its id."""
    if before is None:
        return CaselistDecision(CaselistRowResult.MADE, described) if entry.is_open else _UNCHANGED
    cancelled_by_list = before.status is Status.CANCELLED and before.ended_by == kind.name_of_list
    if before.status is Status.CANCELLED and not cancelled_by_list:
        return CaselistDecision(CaselistRowResult.BY_HAND)
    if not entry.is_open:
        closing = CaselistDecision(CaselistRowResult.CLOSED, closed_by_list(before, kind, now))
        return _UNCHANGED if cancelled_by_list else closing
    merged = _merge(before, described, now)
    if cancelled_by_list:
        reopening = {"status": Status.ACTIVE, "ended_by": "", "validated_on": described.validated_on}
        after = with_validation_due(merged.model_copy(update=reopening))
        return CaselistDecision(CaselistRowResult.REOPENED, after)
    return _decide_update(before, with_validation_due(merged), office, now)


def closed_by_list(before: Subscription, kind: CaselistKind, now: datetime) -> Subscription:
    return next_revision(before, now, status=Status.CANCELLED, ended_by=kind.name_of_list)


def _decide_update(before: Subscription, after: Subscription, office: Office, now: datetime) -> CaselistDecision:
    differs = any(getattr(before, name) != getattr(after, name) for name in _DECIDED_BY_LIST)
    if validity_status(after, office.local_day(now)) is ValidityStatus.OVERDUE:
        return CaselistDecision(CaselistRowResult.OVERDUE, after if differs else None)
    if not differs:
        return _UNCHANGED
    is_reassigned = before.owner != after.owner
    return CaselistDecision(CaselistRowResult.REASSIGNED if is_reassigned else CaselistRowResult.CHANGED, after)


def _merge(before: Subscription, described: Subscription, now: datetime) -> Subscription:
    """The next revision, with what the list decides from `described` and everything else from `before`."""
    return next_revision(
        before,
        now,
        owner=described.owner,
        criterion=described.criterion,
        ends=described.ends,
        basis=described.basis,
        recipients=_merge_recipients(before, described.recipients[0]),
        caselist=described.caselist,
        folders=tuple(dict.fromkeys((*before.folders, *described.folders))),
        reference=described.reference or before.reference,
    )


def _merge_recipients(before: Subscription, prosecutor: Recipient) -> tuple[Recipient, ...]:
    """The prosecutor first, with other channels that were added; the previous owner goes, everybody else stays."""
    previous_owner = Recipient.from_email(before.owner)
    stored = [recipient for recipient in before.recipients if recipient.key == prosecutor.key]
    others = [recipient for recipient in before.recipients if recipient.key not in (previous_owner.key, prosecutor.key)]
    return (*(stored or [prosecutor]), *others)
