"""Fallback: who is notified instead when a delivery failed.

The order: the recipient's other channels, then the owners of the subscriptions, then the office's contact, who gets a
notice that nobody could be told. A digest goes on to the recipient's next channel in the order of `CHANNELS`.
"""

from collections.abc import Collection
from datetime import datetime

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.model import Alert, derived_id
from shared.alerts.revisions import fallback_to
from shared.alerts.table import AlertsTable
from shared.channels import CHANNELS
from shared.offices.recipient import Recipient
from shared.offices.table import OfficesTable
from shared.words import words


def fall_back(delivery: Delivery, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    """Opens what goes out instead of a failed delivery. The sweep queues it.

    May run twice. Call it before the failure is noted: a crash between the two then repeats it.
    """
    alert = alerts.find(delivery.alert_id)
    if alert is None:
        _open_next_channel(delivery, alerts, now)
    elif alert.withdrawn_at and alert.revision == delivery.revision:
        _notify_contact_of_withdrawal(alert, alerts, offices, now)
    elif alert.revision == delivery.revision:
        _fall_back_from_channel(delivery, alert, alerts, offices, now)


def _open_next_channel(delivery: Delivery, alerts: AlertsTable, now: datetime) -> None:
    digest = alerts.digests.find(delivery.alert_id)
    if digest and (channel := next_channel(digest, delivery.channel)):
        alerts.digests.open(digest.delivery_on(channel).model_copy(update={"queued_at": now}))


def next_channel(digest: Digest, failed_channel: str) -> str | None:
    """The first channel after the failed one, in the order of `CHANNELS`, that the digest's recipient has."""
    order = list(CHANNELS)
    later_channels = order[order.index(failed_channel) + 1 :]
    return next((channel for channel in later_channels if channel in digest.recipient.root), None)


def _fall_back_from_channel(
    delivery: Delivery, alert: Alert, alerts: AlertsTable, offices: OfficesTable, now: datetime
) -> None:
    """Calls up a delivery that stands by. Goes on to other people only if no other channel may still reach the
    recipient."""
    others = [
        other
        for other in alerts.deliveries.of_alert(alert.alert_id)
        if other.revision == alert.revision and other.channel != delivery.channel
    ]
    for other in others:
        if CHANNELS[other.channel].CAN_STAND_BY and not other.state.missed_the_reader:
            alerts.deliveries.call_up(other.key, now)
    if not may_still_arrive(others):
        _notify_others(alert, alerts, offices, now)


def may_still_arrive(deliveries: Collection[Delivery]) -> bool:
    """Whether one of these deliveries reached or may still reach its reader. An unconfirmed one does not count: nobody
    will ever know."""
    return any(
        not delivery.state.missed_the_reader and delivery.state is not DeliveryState.UNCONFIRMED
        for delivery in deliveries
    )


def _notify_others(alert: Alert, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    """Notifies the owners of the subscriptions, or the office's contact if there is no owner left to try."""
    if original := alert.on_behalf_of:
        if original.undelivered:  # otherwise the original recipient has it
            _notify_contact(alert, original.recipient, alerts, offices, now)
        return
    owners = {reason.owner for reason in alert.because} - {alert.recipient.email.casefold()}
    for owner in sorted(owners):
        alerts.store(fallback_to(alert, owner, now))
    if not owners:
        _notify_contact(alert, alert.recipient, alerts, offices, now)


def _notify_contact_of_withdrawal(alert: Alert, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    """Whoever was told of the alert could not be told that it is withdrawn."""
    office = offices.office(alert.office_id)
    if office is None or not office.contact:
        return
    address = alert.recipient.root[alert.recipient.main_channel].casefold()
    alerts.notices.store(
        Notice(
            notice_id=derived_id("withdrawal not told", office.contact, alert.alert_id, str(alert.revision)),
            office_id=office.office_id,
            email=office.contact,
            title=words("withdrawal not reached.title"),
            lines=(
                words("withdrawal not reached.line", address=address, number=alert.short_number),
                words("withdrawal not reached.remedy"),
            ),
            path=f"/console/alerts/{alert.number}",
            opens=words("withdrawal not reached.open"),
            created_at=now,
        )
    )


def _notify_contact(alert: Alert, missed: Recipient, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    """Stores one notice a day for each recipient who was missed."""
    office = offices.office(alert.office_id)
    if office is None or not office.contact:
        return
    address = missed.root[missed.main_channel].casefold()
    alerts.notices.store(
        Notice(
            notice_id=derived_id("nobody told", office.contact, missed.key, f"{now:%Y-%m-%d}"),
            office_id=office.office_id,
            email=office.contact,
            title=words("not reached.title"),
            lines=(words("not reached.line", address=address), words("not reached.remedy")),
            path="/console/watches",
            opens=words("notice.open watches"),
            created_at=now,
        )
    )
