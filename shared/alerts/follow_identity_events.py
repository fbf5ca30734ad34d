"""Watches follow the person when a number is merged, corrected, restored or expunged, or its person described anew.
Owner and office are told once of each change, before it is made: an attempt that died in between is repeated whole."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.table import AlertsTable
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent, linked, number_of
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.model import Arrest
from shared.errors import TryLater
from shared.matching.criteria import Combination
from shared.matching.rules import TooBroadError, posting_terms
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.apply_identity_event import Criterion, criterion_after, is_in_doubt, shrink_criterion
from shared.subscriptions.index.table import ConflictError, SubscriptionIndex
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import Key, SubscriptionsTable

_ATTEMPTS = 5
_SAYS = {
    IdentityChange.MERGED: "The number that this watch names was merged into another one. It watches both from now on.",
    IdentityChange.CORRECTED: "The number that this watch names was recorded by mistake and was corrected. It watches "
    "the right one from now on, and the old one no more.",
    IdentityChange.RESTORED: "A merger of numbers was undone. This watch is back at the number that it named before.",
    IdentityChange.EXPUNGED: "A record that this watch names was expunged. What it watched by that record it watches "
    "no more.",
    IdentityChange.DESCRIBED: "The name or date of birth of the person whose number this watch names was changed by "
    "the agency. The watch goes by the new ones from now on; the old names go on counting as aliases.",
}  # fmt: skip
_DOUBT = (
    "The number that this watch names stood for two persons and stands for one of them again. Nothing was changed: "
    "check that it is the person whom you mean."
)
_CLOSED = "Nothing is left to watch, so it was ended."
_LEFT_OUT = (
    "With what is new it would be more than one watch can hold. The oldest numbers that it followed, or else its last "
    "aliases, were left out: look at it, and make a second watch of what is missing."
)
_TOO_MUCH = (
    "The agency changed the number, the name or the date of birth of the person whose number this watch names. With "
    "what is new it would be more than one watch can hold, so nothing was changed: make a second watch of what is new."
)
_TWICE = "You already watch the number that it would go over to, for the same case, so this one was ended."


@dataclass(frozen=True)
class FollowDeps:
    """Where this use case reads and writes."""

    watch_list: SubscriptionIndex
    subscriptions: SubscriptionsTable
    offices: OfficesTable
    alerts: AlertsTable
    pseudonyms: Pseudonyms
    enqueue: Callable[[Iterable[DeliveryKey]], None]
    events: IdentityEventsTable


@dataclass
class Followed:
    """What became of the watches of a number, in ids fit for a log."""

    identity_event: str
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    in_doubt: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def follow_before(
    arrests: Iterable[Arrest], events: Sequence[IdentityEvent], at: FollowDeps, now: datetime
) -> list[Followed]:
    """What must be followed before these arrests are matched: these events, and those of the last hour that are linked
    with them or with a number of an arrest. Others may be at work on these at the same time, and not be there yet."""
    lately = at.events.lately(now)
    known = {one.event_id for one in lately}
    earlier = [one for one in events if one.event_id not in known]
    numbers = {number for event in events for number in event.numbers}
    if lately:
        numbers |= {number_of(one) for arrest in arrests for one in arrest.person.identifiers}
    return [follow(one, at, now) for one in (*earlier, *linked(lately, numbers))]


def follow(event: IdentityEvent, at: FollowDeps, now: datetime) -> Followed:
    """May run again for the same event: what followed already stays, and nobody is told twice."""
    numbers = [one for one in (event.before, event.after) if one]
    found, broken = at.subscriptions.read(at.watch_list.naming(numbers))
    done = Followed(event.event_id, broken=broken)
    for _, one in sorted(found.items()):
        if one.status is Status.ACTIVE:
            _follow_one(one, event, at, now, done)
    return done


def _follow_one(one: Subscription, event: IdentityEvent, at: FollowDeps, now: datetime, done: Followed) -> None:
    """Somebody may change it in the same moment: then what they made of it follows."""
    key = Key(one.office_id, one.subscription_id)
    for _ in range(_ATTEMPTS):
        step = _step(one, event, at, now)
        if step.says:
            _tell(one, event, step.says, at, now)
        if step.after is None:
            done.in_doubt += [one.subscription_id] if step.says else []
            return
        try:
            at.watch_list.replace(one, step.after)
        except ConflictError:
            again = at.subscriptions.find(*key)
            if again is None or again.status is not Status.ACTIVE:
                return
            one = again
        else:
            (done.changed if step.after.status is Status.ACTIVE else done.ended).append(one.subscription_id)
            return
    raise TryLater("a watch kept changing while it followed its person")


class _Step(NamedTuple):
    """What becomes of one watch, None where it stays as it is, and what is to be said of that."""

    after: Subscription | None
    says: tuple[str, ...]


def _step(one: Subscription, event: IdentityEvent, at: FollowDeps, now: datetime) -> _Step:
    criterion, says = criterion_after(one.criterion, event), _SAYS[event.change]
    if criterion == one.criterion:
        return _Step(None, (_DOUBT,) if is_in_doubt(one.criterion, event) else ())
    if criterion is None:
        return _Step(_changed(one, now, status=Status.CANCELLED), (says, _CLOSED))
    kept = _as_much_as_fits(criterion)
    if kept is None or kept == one.criterion:  # nobody else's watch waits for this one
        return _Step(None, () if kept else (_TOO_MUCH,))
    said = (says,) if kept == criterion else (says, _LEFT_OUT)
    after = _changed(one, now, criterion=kept)
    same = at.watch_list.same_as(after)
    if same is None or same == Key(one.office_id, one.subscription_id):
        return _Step(after, said)
    other = at.subscriptions.find(*same)
    if other and other.status is Status.ACTIVE:
        return _Step(_changed(one, now, status=Status.CANCELLED), (*said, _TWICE))
    # What is over already keeps its place as the one watch of that number for that case: this one stands beside it.
    return _Step(_changed(one, now, criterion=Combination(all=(kept,))), said)


def _as_much_as_fits(criterion: Criterion | None) -> Criterion | None:
    while criterion:
        try:
            posting_terms(criterion)
        except TooBroadError:
            criterion = shrink_criterion(criterion)
        else:
            break
    return criterion


def _changed(one: Subscription, now: datetime, **facts: object) -> Subscription:
    return one.model_copy(update={"revision": one.revision + 1, "changed_at": now} | facts)


def _tell(one: Subscription, event: IdentityEvent, says: tuple[str, ...], at: FollowDeps, now: datetime) -> None:
    office = at.offices.office(one.office_id)
    told = (address.casefold() for address in (one.owner, office.contact if office else "") if address)
    notices = [
        Notice(
            notice_id=at.pseudonyms.of("identity notice", event.event_id, one.subscription_id, email),
            office_id=one.office_id, email=email, title="A watch has changed", lines=says,
            path=f"/v1/subscriptions/{one.subscription_id}", created_at=now,
        )
        for email in dict.fromkeys(told)
    ]  # fmt: skip
    for notice in notices:
        at.alerts.notices.give(notice)
    at.enqueue(key_of(notice.delivery) for notice in notices)
