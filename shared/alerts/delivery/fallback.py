"""What one address did not get goes to the recipient's next channel; when every one failed, to those who own the
subscriptions; and when they have none that works either, or have left, whoever answers for the office's watches hears
that nobody was told."""

from datetime import datetime

from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.delivery.table import key_of
from shared.alerts.model import Alert, derived_id, fallback_to
from shared.alerts.table import AlertsTable
from shared.channels import CHANNELS
from shared.offices.recipient import Recipient
from shared.offices.table import OfficesTable

NOBODY_TOLD = "Nobody could be told of an alert"
_SEE_TO_IT = "Alerts wait to be read: say so to whom they are for, or give the watch to somebody whose address works."


def fail_over(
    delivery: Delivery, alerts: AlertsTable, digests: DigestsTable, offices: OfficesTable, now: datetime
) -> None:
    """Every repeat is harmless, so it is done before the failure is noted: a crash in between is repaired by doing it
    again. The sweep queues what is opened here."""
    alert = alerts.find(delivery.alert_id)
    if alert is None:
        _next_channel_of_digest(delivery, digests, now)
    elif not alert.withdrawn_at and alert.revision == delivery.revision:
        _next_channel(delivery, alert, alerts, offices, now)


def _next_channel_of_digest(delivery: Delivery, digests: DigestsTable, now: datetime) -> None:
    digest = digests.find(delivery.alert_id)
    in_turn = list(CHANNELS)
    for channel in in_turn[in_turn.index(delivery.channel) + 1 :] if digest else ():
        if digest and channel in digest.recipient.root:
            digests.open(digest.delivery_on(channel).model_copy(update={"queued_at": now}))
            return


def _is_no_comfort(delivery: Delivery) -> bool:
    """It failed, or nobody will ever know whether it arrived."""
    return delivery.state.missed_the_reader or delivery.state is DeliveryState.UNCONFIRMED


def _next_channel(delivery: Delivery, alert: Alert, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    """A text that stands by is called up; what goes out on another channel anyway may still arrive."""
    others = [
        one
        for one in alerts.deliveries.of(alert.alert_id)
        if one.revision == alert.revision and one.channel != delivery.channel
    ]
    for one in others:
        if CHANNELS[one.channel].CAN_STAND_BY and not one.state.missed_the_reader:
            alerts.deliveries.call_up(key_of(one), now)
    if all(map(_is_no_comfort, others)):
        _next_person(alert, alerts, offices, now)


def _next_person(alert: Alert, alerts: AlertsTable, offices: OfficesTable, now: datetime) -> None:
    if first := alert.on_behalf_of:
        if first.undelivered:  # else whose alert it is was told
            _tell_who_answers(alert, first.recipient, alerts, offices, now)
        return
    owners = {reason.owner for reason in alert.because} - {alert.recipient.email.casefold()}
    for owner in sorted(owners):
        alerts.store(fallback_to(alert, owner, now))
    if not owners:
        _tell_who_answers(alert, alert.recipient, alerts, offices, now)


def _tell_who_answers(
    alert: Alert, missed: Recipient, alerts: AlertsTable, offices: OfficesTable, now: datetime
) -> None:
    """Once a day for each recipient."""
    office = offices.office(alert.office_id)
    if office and office.contact:
        alerts.notices.give(
            Notice(
                notice_id=derived_id("nobody told", office.contact, missed.key, f"{now:%Y-%m-%d}"),
                office_id=office.office_id,
                email=office.contact,
                title=NOBODY_TOLD,
                lines=(
                    f"Neither {missed.key.partition(':')[2]} nor who owns the watch could be written to.",
                    _SEE_TO_IT,
                ),
                path="/v1/subscriptions",
                created_at=now,
            )
        )
