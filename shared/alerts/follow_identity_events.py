"""Follow identity events: a subscription follows its person when a number is merged, corrected, restored or expunged,
or when the agency describes its person differently.

The owner and the office's contact get a notice of each change, once. The notice is stored before the change, so that an
attempt that died in between is repeated as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Enqueue
from shared.alerts.table import AlertsTable
from shared.arrests.identity_events.event import IdentityEvent, linked_events, number_of
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
from shared.subscriptions.validity import next_revision
from shared.words import words

_ATTEMPTS = 5


@dataclass(frozen=True)
class FollowDeps:
    """What following reads and writes."""

    index: SubscriptionIndex
    subscriptions: SubscriptionsTable
    offices: OfficesTable
    alerts: AlertsTable
    pseudonyms: Pseudonyms
    enqueue: Enqueue
    events: IdentityEventsTable


@dataclass
class FollowSummary:
    """What became of the subscriptions of a number, in subscription ids fit for a log."""

    identity_event: str
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    in_doubt: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


class FollowStep(NamedTuple):
    """What becomes of one subscription: `after`, or None if it stays as it is; and what the notice says of that."""

    after: Subscription | None
    lines: tuple[str, ...]


def follow_before_matching(
    arrests: Iterable[Arrest], events: Sequence[IdentityEvent], deps: FollowDeps, now: datetime
) -> list[FollowSummary]:
    """Follows what must be followed before these arrests are matched: these events, and the events of the last hour
    that are linked with them or with a number of these arrests.

    Another matcher may be following the same events at the same time and not be done yet.
    """
    recent = deps.events.recent(now)
    recent_ids = {event.event_id for event in recent}
    not_recent = [event for event in events if event.event_id not in recent_ids]
    numbers = {number for event in events for number in event.numbers}
    if recent:
        numbers |= {number_of(identifier) for arrest in arrests for identifier in arrest.person.identifiers}
    to_follow = (*not_recent, *linked_events(recent, numbers))
    return [follow_identity_event(event, deps, now) for event in to_follow]


def follow_identity_event(event: IdentityEvent, deps: FollowDeps, now: datetime) -> FollowSummary:
    """Changes every active subscription that names the number. May run twice: what has followed stays as it is, and
    each notice is given once.

    Raises TryLater if a subscription kept changing (optimistic lock).
    """
    numbers = [identifier for identifier in (event.before, event.after) if identifier]
    subscriptions, broken = deps.subscriptions.read(deps.index.find_by_identifiers(numbers))
    summary = FollowSummary(event.event_id, broken=broken)
    for _, subscription in sorted(subscriptions.items()):
        if subscription.status is Status.ACTIVE:
            _follow_subscription(subscription, event, deps, now, summary)
    return summary


def _follow_subscription(
    subscription: Subscription, event: IdentityEvent, deps: FollowDeps, now: datetime, summary: FollowSummary
) -> None:
    """If somebody changes the subscription at the same time, the changed one follows."""
    subscription_id = subscription.subscription_id
    for _ in range(_ATTEMPTS):
        step = _step(subscription, event, deps, now)
        if step.lines:
            _give_notices(subscription, event, step.lines, deps, now)
        if step.after is None:
            summary.in_doubt += [subscription_id] if step.lines else []
            return
        try:
            deps.index.replace(subscription, step.after)
        except ConflictError:
            current = deps.subscriptions.find(subscription.office_id, subscription_id)
            if current is None or current.status is not Status.ACTIVE:
                return
            subscription = current
        else:
            (summary.changed if step.after.status is Status.ACTIVE else summary.ended).append(subscription_id)
            return
    raise TryLater("a watch kept changing while it followed its person")


def _step(subscription: Subscription, event: IdentityEvent, deps: FollowDeps, now: datetime) -> FollowStep:
    followed, explanation = criterion_after(subscription.criterion, event), _explanation(event)
    if followed == subscription.criterion:
        return FollowStep(None, (words("identity.in doubt"),) if is_in_doubt(subscription.criterion, event) else ())
    if followed is None:
        return FollowStep(
            next_revision(subscription, now, status=Status.CANCELLED), (explanation, words("identity.nothing left"))
        )
    criterion = _shrink_to_fit(followed)
    if criterion is None:
        return FollowStep(None, (words("identity.does not fit"),))
    if criterion == subscription.criterion:  # nothing of what is new fits, and the other subscriptions must not wait
        return FollowStep(None, ())
    lines = (explanation,) if criterion == followed else (explanation, words("identity.left out"))
    return _step_to(criterion, lines, subscription, deps, now)


def _explanation(event: IdentityEvent) -> str:
    return words(f"identity.{event.change}")


def _step_to(
    criterion: Criterion, lines: tuple[str, ...], subscription: Subscription, deps: FollowDeps, now: datetime
) -> FollowStep:
    """The owner may already watch the new criterion for the same case: then one subscription is enough."""
    after = next_revision(subscription, now, criterion=criterion)
    same_key = deps.index.find_same(after)
    if same_key is None or same_key == SubscriptionKey(subscription.office_id, subscription.subscription_id):
        return FollowStep(after, lines)
    same = deps.subscriptions.find(*same_key)
    if same and same.status is Status.ACTIVE:
        return FollowStep(
            next_revision(subscription, now, status=Status.CANCELLED), (*lines, words("identity.duplicate"))
        )
    # An inactive subscription keeps its place as the one of that number for that case. This one gets a place beside it.
    return FollowStep(next_revision(subscription, now, criterion=Combination(all=(criterion,))), lines)


def _shrink_to_fit(criterion: Criterion) -> Criterion | None:
    """Leaves out what one subscription cannot hold. None if nothing that could be indexed is left."""
    shrunk: Criterion | None = criterion
    while shrunk:
        try:
            posting_terms(shrunk)
        except TooBroadError:
            shrunk = shrink_criterion(shrunk)
        else:
            break
    return shrunk


def _give_notices(
    subscription: Subscription, event: IdentityEvent, lines: tuple[str, ...], deps: FollowDeps, now: datetime
) -> None:
    """To the owner and to the office's contact. Event, subscription and address make the id, so each gets one."""
    office = deps.offices.office(subscription.office_id)
    emails = [email.casefold() for email in (subscription.owner, office.contact if office else "") if email]
    notices = [
        Notice(
            notice_id=deps.pseudonyms.of("identity notice", event.event_id, subscription.subscription_id, email),
            office_id=subscription.office_id,
            email=email,
            title=words("identity.title"),
            lines=lines,
            path=f"/console/watches/{subscription.subscription_id}",
            created_at=now,
        )
        for email in dict.fromkeys(emails)
    ]
    for notice in notices:
        deps.alerts.notices.store(notice)
    deps.enqueue(notice.delivery.key for notice in notices)
