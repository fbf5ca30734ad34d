"""What an owner is told of the watches that are about to be over."""

from datetime import date, timedelta

from shared.alerts.model import derived_id
from shared.offices.recipient import BasisKind
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.validity import EXPIRES_AFTER, WARNING_DAYS, last_day
from shared.value import FrozenModel

OVER = -1
"""The step after the warnings: it has stopped alerting."""


class ExpiryWarning(FrozenModel):
    """One watch and the day on which it stops alerting; `step` is the warning that this is, in days before it."""

    subscription_id: str
    basis: BasisKind
    case_number: str
    last_day: date
    by_its_own_end: bool
    step: int


def expiry_warning_of(subscription: Subscription, today: date) -> ExpiryWarning | None:
    """The last warning whose day has come since it was validated; None when nothing need be said today."""
    last = last_day(subscription)
    if subscription.status is not Status.ACTIVE or last is None or last < today - EXPIRES_AFTER:
        return None
    reached = [step for step in (*WARNING_DAYS, OVER) if last - timedelta(days=step) <= today]
    since = subscription.validated_on or subscription.created_at.date()
    if not reached or last - timedelta(days=reached[-1]) <= since:  # whoever chose so near a day knows it
        return None
    return ExpiryWarning(
        subscription_id=subscription.subscription_id,
        basis=subscription.basis.kind,
        case_number=subscription.basis.case_number,
        last_day=last,
        by_its_own_end=last == subscription.ends,
        step=reached[-1],
    )


def is_still_due(lapse: ExpiryWarning, subscription: Subscription | None) -> bool:
    """Nobody has validated, renewed or cancelled it meanwhile."""
    return (
        subscription is not None and subscription.status is Status.ACTIVE and last_day(subscription) == lapse.last_day
    )


def reminder_id(office_id: str, owner: str, lapses: tuple[ExpiryWarning, ...]) -> str:
    said = (f"{warning.subscription_id}/{warning.last_day}/{warning.step}" for warning in lapses)
    return derived_id("lapses", office_id, owner, *said)


def reminder_title(lapses: tuple[ExpiryWarning, ...]) -> str:
    over = sum(warning.step == OVER for warning in lapses)
    if over:
        return f"{over} of your arrest watches alert nobody any more"
    return f"{len(lapses)} of your arrest watches: say by {min(warning.last_day for warning in lapses)} if still needed"
