"""Take back what was told of an arrest: it was sealed, or it was wrong."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.alerts import Alert, withdrawn
from shared.domain.deliveries import deliveries_of
from shared.domain.errors import TryLater
from shared.tables.alerts import AlertsTable
from shared.tables.deliveries import DeliveryKey, key_of

_ATTEMPTS = 8


@dataclass(frozen=True)
class Recalling:
    alerts: AlertsTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def recall(arrest_id: str, at: Recalling, now: datetime, office_id: str | None = None) -> list[str]:
    """The ids of every alert of this arrest, or of those of one office, all withdrawn now. What was not sent is not
    sent any more; who was told is told that the alert is withdrawn. May run again, and should, a minute later: an
    alert told in the same second may be missing from the index."""
    taken_back = at.alerts.of_arrest(arrest_id)
    if office_id:
        found = at.alerts.read(taken_back).values()
        taken_back = sorted(one.alert_id for one in found if one.office_id == office_id)
    for alert_id in taken_back:
        alert = _withdraw(alert_id, at, now)
        at.enqueue(key_of(delivery) for delivery in deliveries_of(alert))
    return taken_back


def _withdraw(alert_id: str, at: Recalling, now: datetime) -> Alert:
    for _ in range(_ATTEMPTS):
        alert = at.alerts.find(alert_id)
        if alert is None:
            break
        if alert.withdrawn_at:
            return alert
        if at.alerts.tell(telling := withdrawn(alert, now)):
            return telling
    raise TryLater("the alert was told anew while it was withdrawn")
