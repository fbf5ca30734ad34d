"""Expiry warnings: what an owner is told about subscriptions that are about to expire, or have expired. No I/O."""

from datetime import date, timedelta

from shared.alerts.model import derived_id
from shared.offices.recipient import BasisKind
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.validity import EXPIRES_AFTER, WARNING_DAYS, last_day
from shared.value import FrozenModel
from shared.words import counted
from shared.words.moments import day_text

EXPIRED_STEP = -1
"""The step after the warnings: the subscription alerts nobody any more."""


class ExpiryWarning(FrozenModel):
    """One subscription and its last day of alerting. `step` says which warning this is, in days before that day.
    `by_its_own_end` is true if the subscription ends then, false if its validation falls due."""

    subscription_id: str
    basis: BasisKind
    case_number: str
    last_day: date
    by_its_own_end: bool
    step: int


def expiry_warning_of(subscription: Subscription, today: date) -> ExpiryWarning | None:
    """The latest warning whose day has come. None if there is nothing to say today, or if the owner chose the last day
    so near that this warning was due at once."""
    last = last_day(subscription)
    if subscription.status is not Status.ACTIVE or last is None or last < today - EXPIRES_AFTER:
        return None
    due_steps = [step for step in (*WARNING_DAYS, EXPIRED_STEP) if last - timedelta(days=step) <= today]
    if not due_steps:
        return None
    validated_on = subscription.validated_on or subscription.created_at.date()
    if last - timedelta(days=due_steps[-1]) <= validated_on:
        return None
    return ExpiryWarning(
        subscription_id=subscription.subscription_id,
        basis=subscription.basis.kind,
        case_number=subscription.basis.case_number,
        last_day=last,
        by_its_own_end=last == subscription.ends,
        step=due_steps[-1],
    )


def is_still_due(warning: ExpiryWarning, subscription: Subscription | None) -> bool:
    """Whether nobody has validated, renewed or cancelled the subscription since the warning was made."""
    return (
        subscription is not None and subscription.status is Status.ACTIVE and last_day(subscription) == warning.last_day
    )


def reminder_id(office_id: str, owner: str, warnings: tuple[ExpiryWarning, ...]) -> str:
    """The id of the notice that gives these warnings: the same warnings, the same notice."""
    steps = (f"{warning.subscription_id}/{warning.last_day}/{warning.step}" for warning in warnings)
    return derived_id("lapses", office_id, owner, *steps)


def reminder_title(warnings: tuple[ExpiryWarning, ...]) -> str:
    expired = sum(warning.step == EXPIRED_STEP for warning in warnings)
    if expired:
        return counted("expiry.stopped title", expired)
    first = min(warning.last_day for warning in warnings)
    return counted("expiry.title", len(warnings), day=day_text(first))
