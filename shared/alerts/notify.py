"""Notify: matches of one version become alerts, one a recipient, stored under an optimistic lock and queued."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.model import DeliveryKey, Enqueue, deliveries_of
from shared.alerts.link_custody import link_custody
from shared.alerts.matches.current_reasons import current_reasons
from shared.alerts.matches.deconfliction import add_other_subscribers
from shared.alerts.matches.model import Match, alert_of, by_recipient, news_for
from shared.alerts.model import Alert
from shared.alerts.revisions import next_notification
from shared.alerts.table import AlertsTable
from shared.arrests.diff import Difference
from shared.arrests.minimisation import redact
from shared.arrests.table import ArrestsTable, Version
from shared.offices.model import Office
from shared.offices.recipient import Recipient
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.table import SubscriptionsTable

_KEYS_A_CALL = 10  # as many as one call to the queue takes


@dataclass(frozen=True)
class NotificationDeps:
    """What notifications are stored and queued with."""

    alerts: AlertsTable
    subscriptions: SubscriptionsTable
    pseudonyms: Pseudonyms
    enqueue: Enqueue
    arrests: ArrestsTable | None = None  # without it, what several agencies tell of one custody is not linked


class StoredAlert(NamedTuple):
    """An alert to deliver. `is_new` is False if an earlier attempt stored it."""

    alert: Alert
    is_new: bool


class QueuedInTens:
    """Queues keys of deliveries, ten a call, and the rest at the end. After an exception the rest is left to the
    repetition of the batch."""

    def __init__(self, enqueue: Enqueue) -> None:
        self._enqueue = enqueue
        self._pending: list[DeliveryKey] = []

    def add(self, keys: Iterable[DeliveryKey]) -> None:
        self._pending += keys
        while len(self._pending) >= _KEYS_A_CALL:
            self._enqueue(self._pending[:_KEYS_A_CALL])
            del self._pending[:_KEYS_A_CALL]

    def flush(self) -> None:
        if self._pending:
            self._enqueue(self._pending)
            self._pending = []


def notify(
    version: Version,
    confirmed: Sequence[Match],
    offices: Mapping[str, Office],
    deps: NotificationDeps,
    queue: QueuedInTens,
    now: datetime,
) -> list[StoredAlert]:
    """Stores the alerts of this version's confirmed matches and queues their deliveries. `offices` are keyed by id.

    Returns the alerts that tell their recipients something, those included that an earlier attempt stored.
    """
    notified = []
    matches = add_other_subscribers(confirmed, offices, deps.subscriptions, now)
    for recipient, recipient_matches in by_recipient(matches).values():
        stored = _store_notification(recipient, recipient_matches, version, deps, now)
        if stored:
            notified.append(stored)
            # Queued again even if it was stored before: the attempt that stored it may have died before it queued it.
            # The sender claims a delivery before it sends, so a second message does nothing.
            queue.add(delivery.key for delivery in deliveries_of(stored.alert))
    return notified


def _store_notification(
    recipient: Recipient, matches: Sequence[Match], version: Version, deps: NotificationDeps, now: datetime
) -> StoredAlert | None:
    """Stores what the recipient does not know yet (optimistic lock). None if the recipient knows everything.

    The previous alert is read only for an arrest that had a version before, or when the table says that there is one:
    of a new arrest hardly anybody has been notified. It is not read ahead for the batch, because an earlier version in
    the same batch may have changed it.
    """
    alert = alert_of(version, recipient, matches, deps.pseudonyms, now)
    if deps.arrests:
        shared_fields = redact(frozenset.intersection(*(match.withheld for match in matches)), version.arrest)
        alert = link_custody(alert, shared_fields, deps.alerts, deps.arrests, deps.pseudonyms, now)
    previous = deps.alerts.find(alert.alert_id) if version.before else None
    for _ in range(2):
        news = _news(previous, matches, version)
        notification = next_notification(previous, alert, version.arrest, news)
        if notification is None:
            break
        if deps.alerts.store(notification):
            return StoredAlert(notification, is_new=True)
        previous = deps.alerts.find(alert.alert_id)
    if previous and previous.notified_content == version.arrest.content:
        return StoredAlert(previous, is_new=False)
    return None


def _news(previous: Alert | None, matches: Sequence[Match], version: Version) -> tuple[Difference, ...]:
    """The differences from the version before, if a reason of the recipient holds for that version too. If none does,
    the arrest was another person's, and a difference would name that person."""
    subscriptions = {match.subscription.subscription_id: match.subscription for match in matches}
    if previous is None or not current_reasons(previous, version.before, subscriptions):
        return ()
    return news_for(matches, version.differences)
