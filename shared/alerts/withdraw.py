"""Take back what was told of an arrest: it was sealed, or it was wrong."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.model import deliveries_of
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.model import Alert, withdrawal_of
from shared.alerts.table import AlertsTable
from shared.errors import TryLater

_ATTEMPTS = 8


@dataclass(frozen=True)
class WithdrawDeps:
    alerts: AlertsTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def withdraw_alerts(arrest_id: str, deps: WithdrawDeps, now: datetime, office_id: str | None = None) -> list[str]:
    """The ids of every alert of this arrest, or of those of one office, all withdrawn now. What was not sent is not
    sent any more; who was told is told that the alert is withdrawn. May run again, and should, a minute later: an
    alert told in the same second may be missing from the index."""
    taken_back = deps.alerts.ids_of_arrest(arrest_id)
    if office_id:
        found = deps.alerts.read(taken_back).values()
        taken_back = sorted(one.alert_id for one in found if one.office_id == office_id)
    for alert_id in taken_back:
        alert = _withdraw(alert_id, deps, now)
        deps.enqueue(key_of(delivery) for delivery in deliveries_of(alert))
    return taken_back


def _withdraw(alert_id: str, deps: WithdrawDeps, now: datetime) -> Alert:
    for _ in range(_ATTEMPTS):
        alert = deps.alerts.find(alert_id)
        if alert is None:
            break
        if alert.withdrawn_at:
            return alert
        if deps.alerts.store(telling := withdrawal_of(alert, now)):
            return telling
    raise TryLater("the alert was told anew while it was withdrawn")
