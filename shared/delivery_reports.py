"""What the mail provider reports of a delivery, noted on the delivery that the message's tag names."""

from datetime import datetime
from typing import Any

from shared.domain.alerts import DeliveryState
from shared.domain.arrests import instant
from shared.domain.errors import Rejected
from shared.tables.alerts import AlertsTable, DeliveryKey

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


def note(event: dict[str, Any], alerts: AlertsTable, now: datetime) -> DeliveryState | None:
    """The state this event moved its delivery to; None when the delivery was that far already.

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
    if alerts.delivery(key) is None:
        raise Rejected("unknown-delivery", "No such delivery is stored.", "See whether another deployment sent it.")
    at = instant(mail["timestamp"]) if state is DeliveryState.SENT and "timestamp" in mail else now
    moved = alerts.advance(key, state, at, **({"provider_id": mail["messageId"]} if "messageId" in mail else {}))
    return state if moved else None


def _key(delivery_id: str) -> DeliveryKey:
    try:
        return DeliveryKey.parse(delivery_id)
    except ValueError as error:
        raise Rejected("unknown-delivery", "The tag is not a delivery id.", "See which program sent it.") from error
