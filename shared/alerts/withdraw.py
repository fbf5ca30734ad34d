"""Withdraw alerts: an arrest was sealed, it was wrong, or a possible match that was confirmed is dismissed. The command
and the route call it recall."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.model import Enqueue, deliveries_of
from shared.alerts.model import Alert, WithdrawalCause
from shared.alerts.reviews.model import Review
from shared.alerts.revisions import withdrawal_of, without_reason
from shared.alerts.table import AlertsTable
from shared.errors import TryLater
from shared.matching.criteria import Grade

_ATTEMPTS = 8


@dataclass(frozen=True)
class WithdrawDeps:
    alerts: AlertsTable
    enqueue: Enqueue


def withdraw_alerts(
    arrest_id: str,
    deps: WithdrawDeps,
    now: datetime,
    office_id: str | None = None,
    cause: WithdrawalCause = WithdrawalCause.TAKEN_BACK,
) -> list[str]:
    """Withdraws every alert of this arrest, or those of one office, and returns their ids.

    What was not sent is not sent any more. Every recipient who was notified is notified that the alert is withdrawn.
    May run again, and should a minute later: an alert stored in the same second may still be missing from the index.
    Without an office the arrest can be read no more: nothing of it stays in a review either. Raises TryLater if an
    alert kept changing (optimistic lock).
    """
    records = deps.alerts.records_of_arrest(arrest_id)
    alert_ids = list(records.alert_ids)
    if office_id:
        alerts = deps.alerts.read(alert_ids).values()
        alert_ids = sorted(alert.alert_id for alert in alerts if alert.office_id == office_id)
    for alert_id in alert_ids:
        withdrawal = _store_withdrawal(alert_id, cause, deps.alerts, now)
        deps.enqueue(delivery.key for delivery in deliveries_of(withdrawal))
    if not office_id:
        for review_id in sorted(records.review_ids):
            deps.alerts.reviews.take_out(review_id, arrest_id)
    return alert_ids


def take_back_match(review: Review, deps: WithdrawDeps, now: datetime) -> list[str]:
    """Takes back what was told of a possible match that is dismissed now. Returns the ids of the alerts.

    An alert with other reasons is sent again without this one; any other is withdrawn. Alerts that rest on other
    subscriptions stay. May run twice. Raises TryLater if an alert kept changing (optimistic lock).
    """
    alert_ids = [alert_id for arrest_id in review.arrests for alert_id in deps.alerts.ids_of_arrest(arrest_id)]
    alerts = deps.alerts.read(alert_ids).values()
    concerned = sorted(
        alert.alert_id for alert in alerts if alert.office_id == review.office_id and _gives(alert, review)
    )
    for alert_id in concerned:
        correction = _store_change(
            alert_id,
            lambda alert: without_reason(alert, review.subscription_id, now) if _gives(alert, review) else alert,
            deps.alerts,
        )
        deps.enqueue(delivery.key for delivery in deliveries_of(correction))
    return concerned


def _gives(alert: Alert, review: Review) -> bool:
    """Whether the alert, which is not withdrawn, gives the possible match as a reason."""
    return alert.withdrawn_at is None and any(
        reason.subscription_id == review.subscription_id and reason.grade is Grade.POSSIBLE for reason in alert.because
    )


def _store_withdrawal(alert_id: str, cause: WithdrawalCause, alerts: AlertsTable, now: datetime) -> Alert:
    is_for_good = cause is WithdrawalCause.TAKEN_BACK

    def withdrawn(alert: Alert) -> Alert:
        is_done = alert.is_withdrawn_for_good if is_for_good else alert.withdrawn_at is not None
        return alert if is_done else withdrawal_of(alert, now, cause)

    return _store_change(alert_id, withdrawn, alerts)


def _store_change(alert_id: str, change: Callable[[Alert], Alert], alerts: AlertsTable) -> Alert:
    """Returns the changed alert as it is stored. `change` returns the alert itself if an earlier attempt stored it."""
    for _ in range(_ATTEMPTS):
        alert = alerts.find(alert_id)
        if alert is None:
            break
        changed = change(alert)
        if changed is alert or alerts.store(changed):
            return changed
    raise TryLater("the alert changed again while it was withdrawn")
