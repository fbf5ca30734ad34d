"""Withdraw alerts: an arrest was sealed, or it was wrong. The command and the route call it recall."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.model import DeliveryKey, deliveries_of
from shared.alerts.model import Alert, withdrawal_of
from shared.alerts.table import AlertsTable
from shared.errors import TryLater

_ATTEMPTS = 8


@dataclass(frozen=True)
class WithdrawDeps:
    alerts: AlertsTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def withdraw_alerts(arrest_id: str, deps: WithdrawDeps, now: datetime, office_id: str | None = None) -> list[str]:
    """Withdraws every alert of this arrest, or those of one office, and returns their ids.

    What was not sent is not sent any more. Every recipient who was notified is notified that the alert is withdrawn.
    May run again, and should a minute later: an alert stored in the same second may still be missing from the index.
    Raises TryLater if an alert kept changing (optimistic lock).
    """
    alert_ids = deps.alerts.ids_of_arrest(arrest_id)
    if office_id:
        alerts = deps.alerts.read(alert_ids).values()
        alert_ids = sorted(alert.alert_id for alert in alerts if alert.office_id == office_id)
    for alert_id in alert_ids:
        withdrawal = _store_withdrawal(alert_id, deps.alerts, now)
        deps.enqueue(delivery.key for delivery in deliveries_of(withdrawal))
    return alert_ids


def _store_withdrawal(alert_id: str, alerts: AlertsTable, now: datetime) -> Alert:
    """Returns the stored withdrawal, which an earlier attempt may have stored."""
    for _ in range(_ATTEMPTS):
        alert = alerts.find(alert_id)
        if alert is None:
            break
        if alert.withdrawn_at:
            return alert
        withdrawal = withdrawal_of(alert, now)
        if alerts.store(withdrawal):
            return withdrawal
    raise TryLater("the alert changed again while it was withdrawn")
