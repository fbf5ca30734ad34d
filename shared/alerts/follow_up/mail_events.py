"""Events that Amazon SES publishes of a mail. They name the delivery by the tag of its message."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from pydantic import ConfigDict, Field

from shared.alerts.delivery.model import DeliveryKey, DeliveryState
from shared.alerts.follow_up.provider_events import (
    ProviderEventDeps,
    of_another_address,
    parse_event,
    record_state,
    unknown_event,
)
from shared.arrests.model import parse_utc
from shared.errors import Rejected
from shared.value import FrozenModel

# Amazon SES, "Contents of event data": eventType -> the state that it proves. Other kinds were not asked for.
_STATES = {
    "Send": DeliveryState.SENT,
    "DeliveryDelay": DeliveryState.DELAYED,
    "Delivery": DeliveryState.DELIVERED,
    "Reject": DeliveryState.FAILED,
    "Rendering Failure": DeliveryState.FAILED,
    "Bounce": DeliveryState.BOUNCED,
    "Complaint": DeliveryState.COMPLAINED,
}


class MailOfEvent(FrozenModel):
    model_config = ConfigDict(extra="ignore")

    message_id: str | None = Field(None, alias="messageId")
    timestamp: str | None = None
    destination: tuple[str, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}


class MailEvent(FrozenModel):
    """What we read of an event."""

    model_config = ConfigDict(extra="ignore")

    kind: str = Field(alias="eventType")
    mail: MailOfEvent
    bounce: dict[str, Any] = {}


def record_mail_event(document: dict[str, Any], deps: ProviderEventDeps, now: datetime) -> DeliveryState | None:
    """Returns the state that the event moved its delivery to; None if the delivery was that far already.

    After a permanent bounce or a complaint the address is suppressed and its office told. Raises Rejected:
    `unknown-event` for one that names no delivery or is of a kind that we did not ask for, `unknown-delivery` if the
    delivery is not stored or went to another address.
    """
    event = parse_event(MailEvent, document)
    state, tags = _STATES.get(event.kind), event.mail.tags.get("delivery")
    if state is None or not tags:
        raise unknown_event()
    delivery = deps.alerts.deliveries.find(_key(tags[0]))
    if delivery is None:
        raise Rejected("unknown-delivery", "No such delivery is stored.", "See whether another deployment sent it.")
    if event.mail.destination and not _is_destination(delivery.address, event.mail.destination):
        raise of_another_address()
    if state is DeliveryState.SENT and delivery.sent_at:  # the sender has noted it already: nothing to write
        return None
    timestamp = event.mail.timestamp if state is DeliveryState.SENT else None
    entered_at = parse_utc(timestamp) if timestamp else now
    facts = {"provider_id": event.mail.message_id} if event.mail.message_id else {}
    return record_state(delivery, state, deps, entered_at, suppression_reason(event), **facts)


def _key(delivery_id: str) -> DeliveryKey:
    try:
        return DeliveryKey.parse(delivery_id)
    except ValueError as error:
        raise Rejected("unknown-delivery", "The tag is not a delivery id.", "See which program sent it.") from error


def _is_destination(address: str, destinations: Iterable[str]) -> bool:
    return address.casefold() in {parseaddr(destination)[1].casefold() for destination in destinations}


def suppression_reason(event: MailEvent) -> str:
    """Why the address must be suppressed; empty if it need not be. After a transient bounce (a full mailbox, a server
    that is down) it may work again tomorrow."""
    is_permanent_bounce = event.kind == "Bounce" and event.bounce.get("bounceType") != "Transient"
    if event.kind == "Complaint" or is_permanent_bounce:
        return f"answered with a {event.kind.lower()} before"
    return ""
