"""Validation, renewal and expiry: how long a subscription alerts before a person must say that it is still needed.

All pure. The subscription stores when its validation is due, so that no job must run for it to stop alerting.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.arrests.days import years_at_most
from shared.offices.model import DateRule
from shared.offices.recipient import BasisKind
from shared.subscriptions.model import Status, Subscription

VALIDITY_YEARS = {
    BasisKind.OPEN_CASE: 1,
    BasisKind.WARRANT: 1,
    BasisKind.INVESTIGATION: 1,
    BasisKind.SUSPICION: 1,
    BasisKind.ORDER: 1,
    BasisKind.SUPERVISION: 5,
}
"""Years from one validation to the next."""
MAX_YEARS = {BasisKind.SUSPICION: 5}
"""Years after creation at which this basis ends, however often it is validated: by then there is another, or none."""
LOOKS_BACK = timedelta(days=7)
"""How long before today a subscription starts that names no first day. What a drop brings late of these days alerts:
often such an arrest is why somebody watches."""
WARNING_DAYS = (45, 14, 1)
"""Days before its last day on which the owner is warned."""
EXPIRES_AFTER = timedelta(days=30)
"""A subscription that was over for this long is marked as expired and taken out of the index. It has not alerted since
its last day."""


class ValidityStatus(StrEnum):
    """Where a subscription stands on one day."""

    NOT_BEGUN = "not begun"
    ACTIVE = "active"
    EXPIRING = "expiring"  # active, and over within 45 days
    OVERDUE = "overdue"  # not validated in time: it does not alert until it is
    ENDED = "ended"  # its own last day is past
    CANCELLED = "cancelled"


def validity_status(subscription: Subscription, today: date) -> ValidityStatus:
    """`today` is the day in the office's time zone."""
    last = last_day(subscription)
    if subscription.status is Status.CANCELLED:
        return ValidityStatus.CANCELLED
    if subscription.ends and subscription.ends < today:
        return ValidityStatus.ENDED
    if subscription.status is Status.EXPIRED or (last and last < today):
        return ValidityStatus.OVERDUE
    if subscription.starts > today:
        return ValidityStatus.NOT_BEGUN
    return ValidityStatus.EXPIRING if last and (last - today).days <= WARNING_DAYS[0] else ValidityStatus.ACTIVE


def last_day(subscription: Subscription) -> date | None:
    """Returns its own last day or the day on which its validation is due, whichever is earlier."""
    return min((day for day in (subscription.ends, subscription.validation_due) if day), default=None)


def ended_on(subscription: Subscription, today: date, goes_by: DateRule) -> date | None:
    """The day since which it alerts no more, unless somebody revives it; None while it may alert.

    Late reports keep it until they are over (`Subscription.in_force`), but never beyond what its basis can carry.
    """
    if subscription.status is Status.CANCELLED:
        return subscription.changed_at.date()
    last, limit = last_day(subscription), basis_limit(subscription)
    if last is None or last >= today:
        return None
    may_alert = subscription.in_force(today, goes_by) and (limit is None or today <= limit)
    return None if may_alert else last


def basis_limit(subscription: Subscription) -> date | None:
    """Returns the last day that the basis can carry the subscription, however often it is validated; None: no limit."""
    years = MAX_YEARS.get(subscription.basis.kind)
    return years_at_most(subscription.created_at.date(), years) if years else None


def with_validation(subscription: Subscription, by: str, today: date) -> Subscription:
    """The subscription as validated today by this person. `starts` and `ends` stay as the owner wrote them."""
    return with_validation_due(subscription.model_copy(update={"validated_on": today, "validated_by": by}))


def with_validation_due(subscription: Subscription) -> Subscription:
    """Computes the due day again, from the last validation and the basis; `ends` and the basis limit cap it."""
    if subscription.validated_on is None:
        return subscription
    due = years_at_most(subscription.validated_on, VALIDITY_YEARS[subscription.basis.kind])
    candidates = (due, subscription.ends, basis_limit(subscription))
    return subscription.model_copy(update={"validation_due": min(day for day in candidates if day)})


def next_revision(subscription: Subscription, now: datetime, **facts: object) -> Subscription:
    """The subscription with these fields changed, as the next revision."""
    return subscription.model_copy(update={**facts, "revision": subscription.revision + 1, "changed_at": now})
