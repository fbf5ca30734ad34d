"""Send one delivery: claim it, ask again whether it may go, send it, note the provider's id.

A crash at any point is repaired by a later attempt: before the claim by the queue, after it by the sweep, once the
lease is over and none of the provider's own events has said that the message went out.

A claim may hand its message over in the first third of its lease only. A sender that was paused for longer gives the
claim back unsent, so no message leaves after somebody else may have taken its place; the other two thirds are for the
request to end and for the provider's events to arrive. An event later than that is the one thing that can show a
reader a message twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.channels import CHANNELS
from shared.channels.contract import Message, NotNow, Refused, Send
from shared.domain import wording
from shared.domain.alerts import Alert, Delivery, DeliveryState
from shared.domain.errors import TryLater
from shared.domain.offices import Office
from shared.tables.alerts import AlertsTable, DeliveryKey
from shared.tables.arrests import ArrestsTable
from shared.tables.offices import OfficesTable
from shared.tables.subscriptions import Key, SubscriptionsTable


class Outcome(StrEnum):
    SENT = "sent"
    NOT_OURS = "not ours to send"  # sent before, or another sender holds the claim
    SUPPRESSED = "suppressed"
    FAILED = "failed"


@dataclass(frozen=True)
class Delivering:
    """Where this use case reads, writes and sends. `lease` is three times longer than our time-out and one and a half
    times longer than the provider's events are late."""

    alerts: AlertsTable
    arrests: ArrestsTable
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    send: dict[str, Send]
    console: str
    lease: timedelta
    clock: Callable[[], datetime]


def deliver(key: DeliveryKey, at: Delivering) -> Outcome:
    """Raises TryLater when the provider certainly did not take the message and may later."""
    now = at.clock()
    delivery = at.alerts.claim(key, now, at.lease)
    if delivery is None:
        return Outcome.NOT_OURS
    alert, office = at.alerts.find(key.alert_id), at.offices.office(delivery.office_id)
    if alert is None or office is None:
        return _end(key, DeliveryState.SUPPRESSED, "the alert or its office is gone", at)
    if alert.revision != key.revision:
        return _end(key, DeliveryState.SUPPRESSED, "a newer telling of the same alert has taken its place", at)
    if refusal := CHANNELS[key.channel].refusal(delivery.address, alert.recipient, office):
        return _end(key, DeliveryState.SUPPRESSED, refusal, at)
    alert = _still_lawful(alert, office, at, now)
    if not alert.because:
        return _end(key, DeliveryState.SUPPRESSED, "no subscription in force names this recipient any more", at)
    return _send(delivery, alert, office, key, at)


def _send(delivery: Delivery, alert: Alert, office: Office, key: DeliveryKey, at: Delivering) -> Outcome:
    message = _message(alert, office, delivery, at)
    if at.clock() >= _claimed_at(delivery) + at.lease / 3:
        at.alerts.release(key, delivery.attempt)
        raise TryLater("the sender was held up for so long that another may take its place")
    try:
        provider_id = at.send[key.channel](delivery.address, message, delivery.delivery_id)
    except NotNow as refusal:
        at.alerts.release(key, delivery.attempt)
        raise TryLater(f"the provider of {key.channel} says {refusal}") from refusal
    except Refused as refusal:
        return _end(key, DeliveryState.FAILED, str(refusal), at)
    at.alerts.advance(key, DeliveryState.SENT, at.clock(), provider_id=provider_id)
    return Outcome.SENT


def _claimed_at(delivery: Delivery) -> datetime:
    if delivery.claimed_at is None:
        raise ValueError(f"{delivery.delivery_id} is not claimed")
    return delivery.claimed_at


def _end(key: DeliveryKey, state: DeliveryState, why: str, at: Delivering) -> Outcome:
    at.alerts.advance(key, state, at.clock(), why=why)
    return Outcome(state.value)


def _still_lawful(alert: Alert, office: Office, at: Delivering, now: datetime) -> Alert:
    """The alert with just those reasons whose subscription is in force and still names this recipient."""
    keys = {one.subscription_id: Key(alert.office_id, one.subscription_id) for one in alert.because}
    found, _ = at.subscriptions.read(keys.values())
    today = now.astimezone(office.zone).date()
    because = tuple(
        one
        for one in alert.because
        if (subscription := found.get(keys[one.subscription_id]))
        and subscription.in_force(today)
        and any(recipient.key == alert.recipient.key for recipient in subscription.recipients)
    )
    return alert.model_copy(update={"because": because})


def _message(alert: Alert, office: Office, delivery: Delivery, at: Delivering) -> Message:
    full = CHANNELS[delivery.channel].CARRIES_DETAIL and office.has_agreed(delivery.address)
    parts = wording.sections(alert, at.arrests.find(alert.arrest_id) if full else None, office)
    return Message(
        subject=wording.subject(alert),
        short=wording.short(alert, at.console),
        text=wording.as_text(alert, office, parts, at.console),
        html=wording.as_html(alert, office, parts, at.console),
        ids={"alert": alert.alert_id, "number": alert.number, "office": alert.office_id},
    )
