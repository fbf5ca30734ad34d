"""How long the reason for a watch is taken as true before a person must say so again, and what follows from it."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.offices.recipient import BasisKind
from shared.subscriptions.model import Status, Subscription

PERIOD = {
    BasisKind.OPEN_CASE: 1,
    BasisKind.WARRANT: 1,
    BasisKind.INVESTIGATION: 1,
    BasisKind.SUSPICION: 1,
    BasisKind.SUPERVISION: 5,
}
"""Years from one validation to the next."""
AT_MOST = {BasisKind.SUSPICION: 5}
"""Years after which no validation helps any more: what is still true by then has another basis."""
WARN_AT = (45, 14, 1)
"""Days before the last one on which the owner is warned."""
EXPIRES_AFTER = timedelta(days=30)
"""Once it was over for so long, it is expired: taken out of the index. It has alerted nobody meanwhile."""


class ValidityStatus(StrEnum):
    """How a subscription stands on one day."""

    NOT_BEGUN = "not begun"
    ACTIVE = "active"
    EXPIRING = "expiring"  # active, and over within 45 days
    OVERDUE = "overdue"  # not validated in time: it alerts no more until it is
    ENDED = "ended"  # its own last day is past
    CANCELLED = "cancelled"


def validity_status(subscription: Subscription, today: date) -> ValidityStatus:
    last = last_day(subscription)
    if subscription.status is Status.CANCELLED:
        return ValidityStatus.CANCELLED
    if subscription.ends and subscription.ends < today:
        return ValidityStatus.ENDED
    if subscription.status is Status.EXPIRED or (last and last < today):
        return ValidityStatus.OVERDUE
    if subscription.starts > today:
        return ValidityStatus.NOT_BEGUN
    return ValidityStatus.EXPIRING if last and (last - today).days <= WARN_AT[0] else ValidityStatus.ACTIVE


def last_day(subscription: Subscription) -> date | None:
    """The earlier of its own last day and the day on which its validation is due."""
    return min((day for day in (subscription.ends, subscription.validation_due) if day), default=None)


def hard_stop(subscription: Subscription) -> date | None:
    """The day after which this basis carries no watch, however often it is validated."""
    years = AT_MOST.get(subscription.basis.kind)
    return _later(subscription.created_at.date(), years) if years else None


def with_validation(subscription: Subscription, by: str, today: date) -> Subscription:
    """Somebody says today that it is still needed. The dates that its owner wrote stay as they are."""
    return with_validation_due(subscription.model_copy(update={"validated_on": today, "validated_by": by}))


def with_validation_due(subscription: Subscription) -> Subscription:
    """With the due day that follows from when it was validated last, its basis and its own last day."""
    if subscription.validated_on is None:
        return subscription
    due = _later(subscription.validated_on, PERIOD[subscription.basis.kind])
    return subscription.model_copy(
        update={"validation_due": min(day for day in (due, subscription.ends, hard_stop(subscription)) if day)}
    )


def next_revision(subscription: Subscription, now: datetime, **facts: object) -> Subscription:
    """The next revision."""
    return subscription.model_copy(update={**facts, "revision": subscription.revision + 1, "changed_at": now})


def _later(day: date, years: int) -> date:
    """29 February becomes the 28th of a common year."""
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
