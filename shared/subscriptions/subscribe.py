"""Subscriptions as the people of an office create, change, validate, renew and cancel them.

Creating is idempotent by nature: one owner watches the same criterion for the same case only once. Every function
that takes `before` raises ConflictError when somebody else changed the subscription since it was read. Whether a
subscription exists the write decides; one that exists is read, changed and replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.aws.optimistic_lock import ConflictError
from shared.offices.model import Office
from shared.offices.recipient import Recipient, each_once, short_key
from shared.subscriptions.check_request import checked_recipients, checked_request
from shared.subscriptions.errors import (
    RecipientRefusal,
    RecipientsNotAllowedError,
    SubscriptionOverError,
)
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import MAX_RECIPIENTS, Status, Subscription, SubscriptionRequest
from shared.subscriptions.refused_words import check_request
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import (
    LOOKS_BACK,
    basis_limit,
    last_day,
    next_revision,
    with_validation,
    with_validation_due,
)

_NO_DAY = "It would alert on no day: write a last day that is to come and not before its start, or none."


class SubscribeResult(NamedTuple):
    """`created` is False if the owner had this subscription already. `alerts_anew` is True if it did not alert before:
    it is new, or active again."""

    subscription: Subscription
    created: bool
    alerts_anew: bool


@dataclass(frozen=True)
class SubscribeDeps:
    """`is_enrolled` says whether an agency sends arrests."""

    subscriptions: SubscriptionsTable
    index: SubscriptionIndex
    is_enrolled: Callable[[str], bool]


def subscribe(
    request: SubscriptionRequest, owner: str, office: Office, deps: SubscribeDeps, new_id: str, now: datetime
) -> SubscribeResult:
    """Stores a new subscription; or, if its owner already watches the same for the same case, updates that one.

    The existing one becomes active again and counts as validated today, because its owner states the basis again.
    Raises RecipientsNotAllowedError, NeverHitsError, SubscriptionOverError, TooBroadError, and ConflictError when
    somebody changed the existing one at the same time.
    """
    request = checked_request(request, office, office.local_day(now), deps.is_enrolled)
    fresh = new_subscription(request, owner, office, now, new_id)
    existing = _store_or_find_existing(fresh, deps)
    if existing is None:
        return SubscribeResult(fresh, created=True, alerts_anew=True)
    requested = _apply_request(existing, request, now, status=Status.ACTIVE, ended_by="")
    saved = _save_validated(existing, requested, owner, office, deps, now)
    return SubscribeResult(saved, created=False, alerts_anew=existing.status is not Status.ACTIVE)


def subscribe_by_machine(
    request: SubscriptionRequest, owner: str, office: Office, deps: SubscribeDeps, new_id: str, now: datetime
) -> SubscribeResult:
    """As `subscribe`, for a machine that sends the same requests every night.

    That validates nothing, so a person is still asked when validation is due. What a person cancelled stays cancelled;
    what the machine itself cancelled becomes active again. Raises the same errors.
    """
    request = checked_request(request, office, office.local_day(now), deps.is_enrolled)
    fresh = new_subscription(request, owner, office, now, new_id)
    existing = _store_or_find_existing(fresh, deps)
    if existing is None:
        return SubscribeResult(fresh, created=True, alerts_anew=True)
    cancelled_by_machine = existing.status is Status.CANCELLED and existing.ended_by.casefold() == owner.casefold()
    revival: dict[str, object] = {"status": Status.ACTIVE, "ended_by": ""} if cancelled_by_machine else {}
    after = with_validation_due(_apply_request(existing, request, now, **revival))
    _check_alerts_on_a_day(after, max(office.local_day(now), after.starts))
    deps.index.replace(existing, after)
    return SubscribeResult(after, created=False, alerts_anew=bool(revival))


def new_subscription(
    request: SubscriptionRequest,
    owner: str,
    office: Office,
    now: datetime,
    new_id: str = "",
    *,
    is_to_be_stored: bool = True,
) -> Subscription:
    """Returns the subscription that the request describes, validated today. Nothing is stored.

    Raises RecipientsNotAllowedError, SubscriptionOverError and, if it is to be stored, ImmigrationTextError.
    """
    if is_to_be_stored:
        check_request(request)
    request = request.model_copy(update={"recipients": checked_recipients(request.recipients, office)})
    today = office.local_day(now)
    starts = request.starts or today - LOOKS_BACK
    if request.ends and request.ends < starts:
        raise SubscriptionOverError(_NO_DAY)
    fresh = Subscription(
        **_fields_of(request) | {"starts": starts},
        subscription_id=new_id,
        office_id=office.office_id,
        owner=owner,
        created_at=now,
        changed_at=now,
    )
    subscription = with_validation(fresh, owner, today)
    _check_not_over(subscription, today)
    return subscription


def change(
    before: Subscription, request: SubscriptionRequest, by: str, office: Office, deps: SubscribeDeps, now: datetime
) -> Subscription:
    """Changes everything that a request says. This is no validation, and a cancelled subscription stays cancelled.

    Only the owner can change the private note, because nobody else reads it. Raises RecipientsNotAllowedError,
    SubscriptionOverError, TooBroadError, and ConflictError also when the owner already watches the new criterion.
    """
    check_request(request)
    request = checked_request(request, office, office.local_day(now), deps.is_enrolled)
    after = with_validation_due(_apply_request(before, request, now))
    if not before.is_owned_by(by):
        note = after.note.model_copy(update={"private": before.note.private})
        after = after.model_copy(update={"note": note})
    _check_alerts_on_a_day(after, after.starts)
    deps.index.replace(before, after)
    return after


def change_recipients(
    before: Subscription,
    add: tuple[Recipient, ...],
    remove: tuple[str, ...],
    office: Office,
    deps: SubscribeDeps,
    now: datetime,
) -> Subscription:
    """Adds recipients to this subscription, and removes others by e-mail address or key (`Recipient.key`).

    A removed address is not notified of this subscription any more, even through a role on a folder. Raises
    RecipientsNotAllowedError, also when nobody would be left.
    """
    removed = {short_key(address_or_key) for address_or_key in remove}
    remaining = tuple(recipient for recipient in before.recipients if short_key(recipient.key) not in removed)
    recipients = each_once((*remaining, *add))
    if not recipients and not before.folders:
        mend = "nobody would be told any more; cancel the subscription instead"
        raise RecipientsNotAllowedError([RecipientRefusal("remove", mend)])
    if len(recipients) > MAX_RECIPIENTS:
        mend = f"there would be more than {MAX_RECIPIENTS}; put them into a folder with a role instead"
        raise RecipientsNotAllowedError([RecipientRefusal("add", mend)])
    recipients = checked_recipients(recipients, office)
    removed_emails = {address for address in removed if "@" in address}
    added_emails = {recipient.email.casefold() for recipient in add}
    without = tuple(sorted((set(before.without) | removed_emails) - added_emails))
    after = next_revision(before, now, recipients=recipients, without=without)
    deps.index.replace(before, after)
    return after


def cancel(before: Subscription, by: str, deps: SubscribeDeps, now: datetime) -> Subscription:
    """Ends the subscription: it stays readable and does not alert. One that is cancelled already stays as it is."""
    if before.status is Status.CANCELLED:
        return before
    after = next_revision(before, now, status=Status.CANCELLED, ended_by=by)
    deps.index.replace(before, after)
    return after


def uncancel(before: Subscription, office: Office, deps: SubscribeDeps, now: datetime) -> Subscription:
    """Makes a cancelled subscription active again, without validating it and within its own dates.

    Raises SubscriptionOverError when its last day is past.
    """
    if before.status is not Status.CANCELLED:
        return before
    if before.ends and before.ends < office.local_day(now):
        raise SubscriptionOverError("Its last day is past: renew it with a later one, or none.")
    after = next_revision(before, now, status=Status.ACTIVE, ended_by="")
    deps.index.replace(before, after)
    return after


def validate(before: Subscription, by: str, office: Office, deps: SubscribeDeps, now: datetime) -> Subscription:
    """Records that the subscription is still needed; its own dates stay. An expired one becomes active again.

    Raises SubscriptionOverError when it is cancelled or over.
    """
    if before.status is Status.CANCELLED:
        raise SubscriptionOverError("It is cancelled: un-cancel it first.")
    return _save_validated(before, next_revision(before, now, status=Status.ACTIVE), by, office, deps, now)


def renew(
    before: Subscription, ends: date | None, by: str, office: Office, deps: SubscribeDeps, now: datetime
) -> Subscription:
    """Sets a new last day, or none, and validates. A cancelled or expired one becomes active again.

    Raises SubscriptionOverError when the new last day is past.
    """
    renewed = next_revision(before, now, status=Status.ACTIVE, ended_by="", ends=ends)
    return _save_validated(before, renewed, by, office, deps, now)


def _store_or_find_existing(fresh: Subscription, deps: SubscribeDeps) -> Subscription | None:
    """Stores `fresh` and returns None; or returns what its owner already watches, and stores nothing.

    Whether it exists is decided by the write itself, so two equal requests at the same time cannot both be stored.
    Raises ConflictError when the existing one disappeared meanwhile.
    """
    try:
        deps.index.add(fresh)
    except ConflictError:
        key = deps.index.find_same(fresh)
        existing = deps.subscriptions.find(*key) if key else None
        if existing is None:
            raise
        return existing
    return None


def _apply_request(before: Subscription, request: SubscriptionRequest, now: datetime, **facts: object) -> Subscription:
    """The next revision of `before` with every field of the request. A request without `starts` keeps the old one."""
    return next_revision(before, now, **_fields_of(request) | {"starts": request.starts or before.starts}, **facts)


def _fields_of(request: SubscriptionRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in SubscriptionRequest.model_fields}


def _save_validated(
    before: Subscription, requested: Subscription, by: str, office: Office, deps: SubscribeDeps, now: datetime
) -> Subscription:
    today = office.local_day(now)
    after = with_validation(requested, by, today)
    _check_not_over(after, today)
    deps.index.replace(before, after)
    return after


def _check_not_over(subscription: Subscription, today: date) -> None:
    last = last_day(subscription)
    if last and last < today and last == basis_limit(subscription):
        kind = subscription.basis.kind.value
        raise SubscriptionOverError(f"{kind} carried this watch until {last} at most: say another basis.")
    _check_alerts_on_a_day(subscription, max(today, subscription.starts))


def _check_alerts_on_a_day(subscription: Subscription, first: date) -> None:
    if subscription.ends and subscription.ends < first:
        raise SubscriptionOverError(_NO_DAY)
