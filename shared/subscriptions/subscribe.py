"""Subscriptions as an office makes, changes and ends them. One owner watches the same thing for the same case once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.channels import CHANNELS
from shared.offices.model import Office
from shared.offices.recipient import Recipient, each_once
from shared.subscriptions.index.table import ConflictError, SubscriptionIndex
from shared.subscriptions.model import Status, Subscription, SubscriptionRequest
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import hard_stop, last_day, next_revision, with_validation, with_validation_due

_NO_DAY = "It would alert on no day: write a last day that is to come and not before its start, or none."


class RecipientRefusal(NamedTuple):
    """A field of the request and what to mend there."""

    field: str
    mend: str


class RecipientsNotAllowedError(Exception):
    """The request is well-formed and this office may not have it."""

    def __init__(self, refusals: list[RecipientRefusal]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


class SubscriptionOverError(Exception):
    """The dates or the basis do not let it alert again; the message says what to do."""


class SubscribeResult(NamedTuple):
    subscription: Subscription
    created: bool


@dataclass(frozen=True)
class SubscribeDeps:
    subscriptions: SubscriptionsTable
    index: SubscriptionIndex


def subscribe(
    request: SubscriptionRequest, owner: str, office: Office, deps: SubscribeDeps, new_id: str, now: datetime
) -> SubscribeResult:
    """A new subscription; or, when this owner already watches the same for the same case, that one, brought to the
    wish and active again. Whoever asks says that it is needed, so it counts as validated today. Raises NotAllowed;
    TooLate; ConflictError when somebody changed that one in the same moment."""
    fresh = new_subscription(request, owner, office, now, new_id)
    if (before := _added(fresh, deps)) is None:
        return SubscribeResult(fresh, created=True)
    wished = _wished(before, request, office, now, status=Status.ACTIVE, ended_by="")
    return SubscribeResult(_validate(before, wished, owner, office, deps, now), created=False)


def subscribe_by_machine(
    wish: SubscriptionRequest, owner: str, office: Office, deps: SubscribeDeps, new_id: str, now: datetime
) -> SubscribeResult:
    """As a machine asks, which sends the same every night: that validates nothing, so that somebody is asked when it
    is due, and what a person cancelled stays so. What the machine cancelled is active again. Raises as `subscribe`."""
    fresh = new_subscription(wish, owner, office, now, new_id)
    if (before := _added(fresh, deps)) is None:
        return SubscribeResult(fresh, created=True)
    by_itself = before.status is Status.CANCELLED and before.ended_by.casefold() == owner.casefold()
    active: dict[str, object] = {"status": Status.ACTIVE, "ended_by": ""} if by_itself else {}
    after = with_validation_due(_wished(before, wish, office, now, **active))
    _refuse_no_day(after, max(_today(office, now), after.starts))
    deps.index.replace(before, after)
    return SubscribeResult(after, created=False)


def _added(fresh: Subscription, deps: SubscribeDeps) -> Subscription | None:
    """None once it is stored; else what its owner watches already. Raises ConflictError when that was just there."""
    try:
        deps.index.add(fresh)
    except ConflictError:
        same = deps.index.find_same(fresh)
        if same is None or (before := deps.subscriptions.find(*same)) is None:
            raise
        return before
    return None


def new_subscription(
    wish: SubscriptionRequest, owner: str, office: Office, now: datetime, new_id: str = "", **facts: object
) -> Subscription:
    """The new subscription that a wish asks for, not stored. Raises NotAllowed; TooLate."""
    _refuse_outsiders(wish, office)
    said = _parts(wish, office, now) | facts
    if wish.ends and wish.ends < said["starts"]:
        raise SubscriptionOverError(_NO_DAY)
    fresh = Subscription(
        **said,
        subscription_id=new_id,
        office_id=office.office_id,
        owner=owner,
        created_at=now,
        changed_at=now,
    )
    subscription = with_validation(fresh, owner, _today(office, now))
    _refuse_over(subscription, _today(office, now))
    return subscription


def change(
    before: Subscription, wish: SubscriptionRequest, by: str, office: Office, deps: SubscribeDeps, now: datetime
) -> Subscription:
    """It is no validation: when it is due follows from the last one. A cancelled one stays cancelled. Who may not read
    the owner's text does not change it either. Raises NotAllowed; TooLate; ConflictError when it was changed meanwhile
    or the owner already watches the new thing."""
    _refuse_outsiders(wish, office)
    after = with_validation_due(_wished(before, wish, office, now))
    if by.casefold() != before.owner.casefold():
        kept = after.note.model_copy(update={"private": before.note.private})
        after = after.model_copy(update={"note": kept})
    _refuse_no_day(after, after.starts)
    deps.index.replace(before, after)
    return after


def cancel(before: Subscription, by: str, deps: SubscribeDeps, now: datetime) -> Subscription:
    """It stays readable and alerts no more. Cancelling twice is cancelling once."""
    if before.status is Status.CANCELLED:
        return before
    after = next_revision(before, now, status=Status.CANCELLED, ended_by=by)
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
    """Recipients of this one alone: `remove` are e-mail addresses or keys, and nothing else has them told of it again.
    Raises NotAllowed, also when nobody would be left; ConflictError."""
    out = {one.casefold().removeprefix("email:") for one in remove}
    left = tuple(recipient for recipient in before.recipients if recipient.key.removeprefix("email:") not in out)
    recipients = each_once((*left, *add))
    if not recipients and not before.folders:
        raise RecipientsNotAllowedError(
            [RecipientRefusal("remove", "nobody would be told any more; cancel the subscription instead")]
        )
    refused = list(_refusals(recipients, office))
    if refused:
        raise RecipientsNotAllowedError(refused)
    back = {recipient.root.get("email", "").casefold() for recipient in add}
    without = sorted(({*before.without} | {one for one in out if "@" in one}) - back)
    after = next_revision(before, now, recipients=recipients, without=tuple(without))
    deps.index.replace(before, after)
    return after


def uncancel(before: Subscription, office: Office, deps: SubscribeDeps, now: datetime) -> Subscription:
    """Within the owner's dates, and no validation. Raises TooLate when it is over; ConflictError."""
    if before.status is not Status.CANCELLED:
        return before
    if before.ends and before.ends < _today(office, now):
        raise SubscriptionOverError("Its last day is past: renew it with a later one, or none.")
    after = next_revision(before, now, status=Status.ACTIVE, ended_by="")
    deps.index.replace(before, after)
    return after


def validate(before: Subscription, by: str, office: Office, deps: SubscribeDeps, now: datetime) -> Subscription:
    """It is still needed: the owner's dates stay. An expired one alerts again. Raises TooLate; ConflictError."""
    if before.status is Status.CANCELLED:
        raise SubscriptionOverError("It is cancelled: un-cancel it first.")
    return _validate(before, next_revision(before, now, status=Status.ACTIVE), by, office, deps, now)


def renew(
    before: Subscription, ends: date | None, by: str, office: Office, deps: SubscribeDeps, now: datetime
) -> Subscription:
    """A new last day, or none, and a validation; a cancelled one alerts again. Raises TooLate; ConflictError."""
    wished = next_revision(before, now, status=Status.ACTIVE, ended_by="", ends=ends)
    return _validate(before, wished, by, office, deps, now)


def _validate(
    before: Subscription, wished: Subscription, by: str, office: Office, deps: SubscribeDeps, now: datetime
) -> Subscription:
    after = with_validation(wished, by, _today(office, now))
    _refuse_over(after, _today(office, now))
    deps.index.replace(before, after)
    return after


def _refuse_over(subscription: Subscription, today: date) -> None:
    last = last_day(subscription)
    if last and last < today and last == hard_stop(subscription):
        raise SubscriptionOverError(
            f"{subscription.basis.kind.value} carried this watch until {last} at most: say another basis."
        )
    _refuse_no_day(subscription, max(today, subscription.starts))


def _refuse_no_day(subscription: Subscription, first: date) -> None:
    if subscription.ends and subscription.ends < first:
        raise SubscriptionOverError(_NO_DAY)


def _wished(
    before: Subscription, wish: SubscriptionRequest, office: Office, now: datetime, **facts: object
) -> Subscription:
    said = _parts(wish, office, now) | {"starts": wish.starts or before.starts}
    return next_revision(before, now, **said, **facts)


def _today(office: Office, now: datetime) -> date:
    return now.astimezone(office.zone).date()


def _parts(wish: SubscriptionRequest, office: Office, now: datetime) -> dict[str, Any]:
    parts = {name: getattr(wish, name) for name in SubscriptionRequest.model_fields}
    return parts | {"starts": wish.starts or _today(office, now)}


def _refuse_outsiders(wish: SubscriptionRequest, office: Office) -> None:
    """Every address that may not be written to, all at once; nothing is stored if there is one."""
    if refusals := list(_refusals(wish.recipients, office)):
        raise RecipientsNotAllowedError(refusals)


def _refusals(recipients: tuple[Recipient, ...], office: Office) -> Iterator[RecipientRefusal]:
    for place, recipient in enumerate(recipients):
        for channel, address in recipient.root.items():
            field = f"recipients.{place}.{channel}"
            if channel not in CHANNELS:
                yield RecipientRefusal(field, f"there is no channel {channel!r}; use one of {', '.join(CHANNELS)}")
            elif mend := CHANNELS[channel].refusal(address, recipient, office):
                yield RecipientRefusal(field, mend)
