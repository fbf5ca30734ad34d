"""Subscriptions as an office makes, changes and ends them. One owner watches the same thing for the same case once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from shared.channels import CHANNELS
from shared.domain.offices import Office
from shared.domain.subscriptions import Status, Subscription, Wish
from shared.tables.subscriptions import SubscriptionsTable
from shared.tables.watch_list import Overtaken, WatchList


class Refusal(NamedTuple):
    """A field of the request and what to mend there."""

    field: str
    mend: str


class NotAllowed(Exception):  # noqa: N818
    """The request is well-formed and this office may not have it."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


class Enrolled(NamedTuple):
    subscription: Subscription
    created: bool


@dataclass(frozen=True)
class Enrolling:
    subscriptions: SubscriptionsTable
    watch_list: WatchList


def subscribe(wish: Wish, owner: str, office: Office, at: Enrolling, new_id: str, now: datetime) -> Enrolled:
    """A new subscription; or, when this owner already watches the same for the same case, that one, brought to the
    wish and active again. Raises NotAllowed; Overtaken when somebody changed that one in the same moment."""
    _refuse_outsiders(wish, office)
    subscription = Subscription(
        **_parts(wish, office, now), subscription_id=new_id, office_id=office.office_id, owner=owner,
        created_at=now, changed_at=now,
    )  # fmt: skip
    try:
        at.watch_list.add(subscription)
    except Overtaken:
        same = at.watch_list.same_as(subscription)
        if same is None or (before := at.subscriptions.find(*same)) is None:
            raise
        return Enrolled(_replace(before, wish, Status.ACTIVE, office, at, now), created=False)
    return Enrolled(subscription, created=True)


def change(before: Subscription, wish: Wish, office: Office, at: Enrolling, now: datetime) -> Subscription:
    """A cancelled one stays cancelled. Raises NotAllowed; Overtaken when it was changed meanwhile or the owner already
    watches the new thing."""
    _refuse_outsiders(wish, office)
    return _replace(before, wish, before.status, office, at, now)


def cancel(before: Subscription, at: Enrolling, now: datetime) -> Subscription:
    """It stays readable and alerts no more. Cancelling twice is cancelling once."""
    if before.status is Status.CANCELLED:
        return before
    after = before.model_copy(update={"status": Status.CANCELLED, "revision": before.revision + 1, "changed_at": now})
    at.watch_list.replace(before, after)
    return after


def _replace(
    before: Subscription, wish: Wish, status: Status, office: Office, at: Enrolling, now: datetime
) -> Subscription:
    after = Subscription(
        **_parts(wish, office, now) | {"starts": wish.starts or before.starts}, office_id=before.office_id,
        subscription_id=before.subscription_id, owner=before.owner, created_at=before.created_at, changed_at=now,
        revision=before.revision + 1, status=status,
    )  # fmt: skip
    at.watch_list.replace(before, after)
    return after


def _parts(wish: Wish, office: Office, now: datetime) -> dict[str, Any]:
    parts = {name: getattr(wish, name) for name in Wish.model_fields}
    return parts | {"starts": wish.starts or now.astimezone(office.zone).date()}


def _refuse_outsiders(wish: Wish, office: Office) -> None:
    """Every address that may not be written to, all at once; nothing is stored if there is one."""
    if refusals := list(_refusals(wish, office)):
        raise NotAllowed(refusals)


def _refusals(wish: Wish, office: Office) -> Iterator[Refusal]:
    for place, recipient in enumerate(wish.recipients):
        for channel, address in recipient.root.items():
            field = f"recipients.{place}.{channel}"
            if channel not in CHANNELS:
                yield Refusal(field, f"there is no channel {channel!r}; use one of {', '.join(CHANNELS)}")
            elif mend := CHANNELS[channel].refusal(address, recipient, office):
                yield Refusal(field, mend)
