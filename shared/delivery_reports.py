"""What the mail provider reports of a delivery, noted on the delivery that the message's tag names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from shared.domain.arrests import instant
from shared.domain.deliveries import Delivery, DeliveryState
from shared.domain.errors import Rejected
from shared.domain.value import Value
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


class _Mail(Value):
    model_config = ConfigDict(extra="ignore")

    message_id: str | None = Field(None, alias="messageId")
    timestamp: str | None = None
    destination: tuple[str, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}


class _Event(Value):
    """What we read of an event. SES has many kinds; those we did not ask for have no state."""

    model_config = ConfigDict(extra="ignore")

    kind: str = Field(alias="eventType")
    mail: _Mail
    bounce: dict[str, Any] = {}


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
    said = _read(event)
    state, tags = _STATES.get(said.kind), said.mail.tags.get("delivery")
    if state is None or not tags:
        raise _unknown_event()
    key = _key(tags[0])
    delivery = at.alerts.deliveries.find(key)
    if delivery is None:
        raise Rejected("unknown-delivery", "No such delivery is stored.", "See whether another deployment sent it.")
    if said.mail.destination and not _went_to(delivery.address, said.mail.destination):
        raise Rejected("unknown-delivery", "The delivery went to another address.", "See who publishes such events.")
    if state.missed_the_reader:  # before the state is noted: a crash in between is repaired by the event's next coming
        _bar(said, delivery, at, now)
        if not delivery.state.missed_the_reader:
            fail_over(delivery, at.alerts, at.digests, now)
    if state is DeliveryState.SENT and delivery.sent_at:  # the sender has noted it already: nothing to write
        return None
    when = instant(said.mail.timestamp) if state is DeliveryState.SENT and said.mail.timestamp else now
    facts = {"provider_id": said.mail.message_id} if said.mail.message_id else {}
    return state if at.alerts.deliveries.advance(key, state, when, **facts) else None


def _read(event: dict[str, Any]) -> _Event:
    try:
        return _Event.model_validate(event)
    except ValidationError as fault:
        raise _unknown_event() from fault


def _unknown_event() -> Rejected:
    return Rejected(
        "unknown-event", "The event names no delivery of ours.", "Look at the event destination's kinds."
    )  # fmt: skip


def _went_to(address: str, destination: Iterable[str]) -> bool:
    return address.casefold() in {parseaddr(one)[1].casefold() for one in destination}


def _bar(event: _Event, delivery: Delivery, at: Reporting, now: datetime) -> None:
    """A full mailbox or a server that is down (`Transient`) may be well again tomorrow."""
    kind = event.kind
    if kind == "Complaint" or (kind == "Bounce" and event.bounce.get("bounceType") != "Transient"):
        at.digests.bar(delivery.channel, delivery.address, f"this address answered with a {kind.lower()} before", now)


def _key(delivery_id: str) -> DeliveryKey:
    try:
        return DeliveryKey.parse(delivery_id)
    except ValueError as error:
        raise Rejected("unknown-delivery", "The tag is not a delivery id.", "See which program sent it.") from error
