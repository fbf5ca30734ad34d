"""The sweep: deliveries that a crash, a lost message or a silent provider left behind. May run twice."""

from collections.abc import Callable, Iterable
from datetime import datetime

from shared.alerts.delivery.model import DeliveryKey, DeliveryState
from shared.alerts.table import AlertsTable


def requeue_deliveries(alerts: AlertsTable, enqueue: Callable[[Iterable[DeliveryKey]], None], now: datetime) -> int:
    """Queues due deliveries for the senders again. Returns how many. A sender refuses one whose lease still holds."""
    keys = alerts.deliveries.postpone_due(now)
    enqueue(keys)
    return len(keys)


def close_unconfirmed(alerts: AlertsTable, now: datetime) -> int:
    """Closes deliveries that the provider took three days ago and never reported, so that none is pending for ever.
    Returns how many."""
    keys = alerts.deliveries.unconfirmed(now)
    for key in keys:
        why = "the provider has said nothing of it for three days"
        alerts.deliveries.advance(key, DeliveryState.UNCONFIRMED, now, why=why)
    return len(keys)
