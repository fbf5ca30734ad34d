"""Watches follow the person when a number is merged, corrected, restored or expunged, or its person described anew.
Owner and office are told once of each change, before it is made: an attempt that died in between is repeated whole."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.table import AlertsTable
from shared.arrests.identity_events.event import IdentityChange, IdentityEvent, linked_events, number_of
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.model import Arrest
from shared.aws.optimistic_lock import ConflictError
from shared.errors import TryLater
from shared.matching.criteria import Combination
from shared.matching.rules import TooBroadError, posting_terms
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.apply_identity_event import Criterion, criterion_after, is_in_doubt, shrink_criterion
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable

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

    index: SubscriptionIndex
    subscriptions: SubscriptionsTable
    offices: OfficesTable
    alerts: AlertsTable
    pseudonyms: Pseudonyms
    enqueue: Callable[[Iterable[DeliveryKey]], None]
    events: IdentityEventsTable


@dataclass
class FollowSummary:
    """What became of the watches of a number, in ids fit for a log."""

    identity_event: str
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    in_doubt: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def follow_before_matching(
    arrests: Iterable[Arrest], events: Sequence[IdentityEvent], deps: FollowDeps, now: datetime
) -> list[FollowSummary]:
    """What must be followed before these arrests are matched: these events, and those of the last hour that are linked
    with them or with a number of an arrest. Others may be at work on these at the same time, and not be there yet."""
    lately = deps.events.recent(now)
    known = {identity_event.event_id for identity_event in lately}
    earlier = [identity_event for identity_event in events if identity_event.event_id not in known]
    numbers = {number for event in events for number in event.numbers}
    if lately:
        numbers |= {number_of(identifier) for arrest in arrests for identifier in arrest.person.identifiers}
    return [
        follow_identity_event(identity_event, deps, now)
        for identity_event in (*earlier, *linked_events(lately, numbers))
    ]


def follow_identity_event(event: IdentityEvent, deps: FollowDeps, now: datetime) -> FollowSummary:
    """May run again for the same event: what followed already stays, and nobody is told twice."""
    numbers = [identifier for identifier in (event.before, event.after) if identifier]
    subscriptions, broken = deps.subscriptions.read(deps.index.find_by_identifiers(numbers))
    done = FollowSummary(event.event_id, broken=broken)
    for _, subscription in sorted(subscriptions.items()):
        if subscription.status is Status.ACTIVE:
            _follow_one(subscription, event, deps, now, done)
    return done


def _follow_one(
    subscription: Subscription, event: IdentityEvent, deps: FollowDeps, now: datetime, done: FollowSummary
) -> None:
    """Somebody may change it in the same moment: then what they made of it follows."""
    key = SubscriptionKey(subscription.office_id, subscription.subscription_id)
    for _ in range(_ATTEMPTS):
        step = _step(subscription, event, deps, now)
        if step.says:
            _tell(subscription, event, step.says, deps, now)
        if step.after is None:
            done.in_doubt += [subscription.subscription_id] if step.says else []
            return
        try:
            deps.index.replace(subscription, step.after)
        except ConflictError:
            again = deps.subscriptions.find(*key)
            if again is None or again.status is not Status.ACTIVE:
                return
            subscription = again
        else:
            (done.changed if step.after.status is Status.ACTIVE else done.ended).append(subscription.subscription_id)
            return
    raise TryLater("a watch kept changing while it followed its person")


class _Step(NamedTuple):
    """What becomes of one watch, None where it stays as it is, and what is to be said of that."""

    after: Subscription | None
    says: tuple[str, ...]


def _step(subscription: Subscription, event: IdentityEvent, deps: FollowDeps, now: datetime) -> _Step:
    criterion, says = criterion_after(subscription.criterion, event), _SAYS[event.change]
    if criterion == subscription.criterion:
        return _Step(None, (_DOUBT,) if is_in_doubt(subscription.criterion, event) else ())
    if criterion is None:
        return _Step(_changed(subscription, now, status=Status.CANCELLED), (says, _CLOSED))
    kept = _as_much_as_fits(criterion)
    if kept is None or kept == subscription.criterion:  # nobody else's watch waits for this one
        return _Step(None, () if kept else (_TOO_MUCH,))
    said = (says,) if kept == criterion else (says, _LEFT_OUT)
    after = _changed(subscription, now, criterion=kept)
    same = deps.index.find_same(after)
    if same is None or same == SubscriptionKey(subscription.office_id, subscription.subscription_id):
        return _Step(after, said)
    other = deps.subscriptions.find(*same)
    if other and other.status is Status.ACTIVE:
        return _Step(_changed(subscription, now, status=Status.CANCELLED), (*said, _TWICE))
    # What is over already keeps its place as the one watch of that number for that case: this one stands beside it.
    return _Step(_changed(subscription, now, criterion=Combination(all=(kept,))), said)


def _as_much_as_fits(criterion: Criterion | None) -> Criterion | None:
    while criterion:
        try:
            posting_terms(criterion)
        except TooBroadError:
            criterion = shrink_criterion(criterion)
        else:
            break
    return criterion


def _changed(subscription: Subscription, now: datetime, **facts: object) -> Subscription:
    return subscription.model_copy(update={"revision": subscription.revision + 1, "changed_at": now} | facts)


def _tell(
    subscription: Subscription, event: IdentityEvent, says: tuple[str, ...], deps: FollowDeps, now: datetime
) -> None:
    office = deps.offices.office(subscription.office_id)
    told = (address.casefold() for address in (subscription.owner, office.contact if office else "") if address)
    notices = [
        Notice(
            notice_id=deps.pseudonyms.of("identity notice", event.event_id, subscription.subscription_id, email),
            office_id=subscription.office_id,
            email=email,
            title="A watch has changed",
            lines=says,
            path=f"/v1/subscriptions/{subscription.subscription_id}",
            created_at=now,
        )
        for email in dict.fromkeys(told)
    ]
    for notice in notices:
        deps.alerts.notices.give(notice)
    deps.enqueue(key_of(notice.delivery) for notice in notices)
