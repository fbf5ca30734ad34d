"""What the mail provider reports of a delivery, noted on the delivery that the message's tag names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.arrests import instant
from shared.domain.deliveries import Delivery, DeliveryState
from shared.domain.errors import Rejected
from shared.fail_over import fail_over
from shared.tables.alerts import AlertsTable
from shared.tables.deliveries import DeliveryKey
from shared.tables.digests import DigestsTable

# Amazon SES event publishing, "Contents of event data": eventType -> the state it proves.
_STATES = {
    "Send": DeliveryState.SENT,
    "DeliveryDelay": DeliveryState.DELAYED,
    "Delivery": DeliveryState.DELIVERED,
    "Reject": DeliveryState.FAILED,
    "Rendering Failure": DeliveryState.FAILED,
    "Bounce": DeliveryState.BOUNCED,
    "Complaint": DeliveryState.COMPLAINED,
}


@dataclass(frozen=True)
class Reporting:
    alerts: AlertsTable
    digests: DigestsTable


def note(event: dict[str, Any], at: Reporting, now: datetime) -> DeliveryState | None:
    """The state this event moved its delivery to; None when the delivery was that far already.

    An address that bounces for good or complains is written to no more; what it did not get goes to the recipient's
    next channel or, when every address failed, to those who own the subscriptions.
    Raises Rejected for an event that is not about a delivery of ours or has a kind we did not ask for.
    """
    mail = event.get("mail") or {}
    tags = (mail.get("tags") or {}).get("delivery") or []
    state = _STATES.get(event.get("eventType", ""))
    if state is None or not tags:
        raise Rejected(
            "unknown-event", "The event names no delivery of ours.", "Look at the event destination's kinds."
        )
    key = _key(tags[0])
    delivery = at.alerts.deliveries.find(key)
    if delivery is None:
        raise Rejected("unknown-delivery", "No such delivery is stored.", "See whether another deployment sent it.")
    if state.missed_the_reader:  # before the state is noted: a crash in between is repaired by the event's next coming
        _bar(event, delivery, at, now)
        if not delivery.state.missed_the_reader:
            fail_over(delivery, at.alerts, at.digests, now)
    if state is DeliveryState.SENT and delivery.sent_at:  # the sender has noted it already: nothing to write
        return None
    when = instant(mail["timestamp"]) if state is DeliveryState.SENT and "timestamp" in mail else now
    facts = {"provider_id": mail["messageId"]} if "messageId" in mail else {}
    return state if at.alerts.deliveries.advance(key, state, when, **facts) else None


def _bar(event: dict[str, Any], delivery: Delivery, at: Reporting, now: datetime) -> None:
    """A full mailbox or a server that is down (`Transient`) may be well again tomorrow."""
    kind = event["eventType"]
    if kind == "Complaint" or (kind == "Bounce" and event.get("bounce", {}).get("bounceType") != "Transient"):
        at.digests.bar(delivery.channel, delivery.address, f"this address answered with a {kind.lower()} before", now)


def _key(delivery_id: str) -> DeliveryKey:
    try:
        return DeliveryKey.parse(delivery_id)
    except ValueError as error:
        raise Rejected("unknown-delivery", "The tag is not a delivery id.", "See which program sent it.") from error
