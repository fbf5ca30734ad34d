"""The sweep: deliveries that a crash, a lost message or a silent provider left behind. May run twice."""

from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.model import DeliveryState, Enqueue, is_unconfirmed
from shared.alerts.table import AlertsTable
from shared.aws.throttling import may_begin_more
from shared.batching import batches

TOGETHER = 50  # deliveries: so many are postponed before they are queued, and lost to this run if it dies between


class SweptDeliveries(NamedTuple):
    requeued: int
    unconfirmed: int


def sweep_deliveries(alerts: AlertsTable, enqueue: Enqueue, now: datetime) -> SweptDeliveries:
    """Queues due deliveries for the senders again, and closes those that the provider took three days ago and never
    reported. A sender refuses one whose lease still holds.

    The longest due come first. What the time of this run does not allow is still due in the next one.
    """
    requeued = unconfirmed = 0
    for group in batches(alerts.deliveries.due(now), TOGETHER):
        silent = [due.delivery.key for due in group if is_unconfirmed(due.delivery, now)]
        for key in silent:
            why = "the provider has said nothing of it for three days"
            alerts.deliveries.advance(key, DeliveryState.UNCONFIRMED, now, why=why)
        postponed = [alerts.deliveries.postpone(due, now) for due in group if due.delivery.key not in silent]
        keys = [delivery.key for delivery in postponed if delivery]
        enqueue(keys)
        requeued, unconfirmed = requeued + len(keys), unconfirmed + len(silent)
        if not may_begin_more():
            break
    return SweptDeliveries(requeued, unconfirmed)
