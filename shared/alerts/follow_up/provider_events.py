"""What the providers report of a delivery. A mail's event names it by the message's tag; of a text, SNS knows only the
id that it gave it itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any, Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from shared.alerts.delivery.fallback import fail_over
from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.follow_up.suppress_address import suppress_address
from shared.alerts.table import AlertsTable
from shared.arrests.model import parse_utc
from shared.errors import Rejected
from shared.offices.table import OfficesTable
from shared.value import FrozenModel

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


class _Mail(FrozenModel):
    model_config = ConfigDict(extra="ignore")

    message_id: str | None = Field(None, alias="messageId")
    timestamp: str | None = None
    destination: tuple[str, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}


class _Event(FrozenModel):
    """What we read of an event. SES has many kinds; those we did not ask for have no state."""

    model_config = ConfigDict(extra="ignore")

    kind: str = Field(alias="eventType")
    mail: _Mail
    bounce: dict[str, Any] = {}


# Amazon SNS, "SMS delivery failure reasons": after these a number takes no text until its owner does something.
_WILL_NEVER_TAKE_A_TEXT = {
    "Destination is on a blocked list", "Invalid phone number", "Phone has blocked SMS", "Phone is on a blocked list",
    "Phone number is opted out",
}  # fmt: skip
_SPENT = "No quota left for account"
_NOTED_WITHIN = timedelta(minutes=2)  # our sender writes down the id of a text a moment after SNS has said it


class _Notification(FrozenModel):
    model_config = ConfigDict(extra="ignore")

    message_id: str = Field(alias="messageId", min_length=1)
    timestamp: datetime

    @property
    def at(self) -> datetime:
        """SNS writes it without a zone."""
        return self.timestamp if self.timestamp.tzinfo else self.timestamp.replace(tzinfo=UTC)


class _Handed(FrozenModel):
    model_config = ConfigDict(extra="ignore")

    destination: str = Field(min_length=4)
    answer: str = Field("", alias="providerResponse", max_length=500)


class _TextStatus(FrozenModel):
    """A line of the log group DirectPublishToPhoneNumber, or of its Failure (Amazon SNS, "SMS delivery monitoring")."""

    model_config = ConfigDict(extra="ignore")

    notification: _Notification
    delivery: _Handed
    status: Literal["SUCCESS", "FAILURE"]


Said = TypeVar("Said", _Event, _TextStatus)


@dataclass(frozen=True)
class ProviderEventDeps:
    alerts: AlertsTable
    digests: DigestsTable
    offices: OfficesTable


def record_mail_event(event: dict[str, Any], deps: ProviderEventDeps, now: datetime) -> DeliveryState | None:
    """The state this event moved its delivery to; None when the delivery was that far already.

    An address that bounces for good or complains is written to no more, and its office is told so; what it did not get
    goes to the recipient's next channel or, when every address failed, to those who own the subscriptions.
    Raises Rejected for an event that is not about a delivery of ours or has a kind we did not ask for.
    """
    said = _read(_Event, event)
    state, tags = _STATES.get(said.kind), said.mail.tags.get("delivery")
    if state is None or not tags:
        raise _unknown_event()
    key = _key(tags[0])
    delivery = deps.alerts.deliveries.find(key)
    if delivery is None:
        raise Rejected("unknown-delivery", "No such delivery is stored.", "See whether another deployment sent it.")
    if said.mail.destination and not _went_to(delivery.address, said.mail.destination):
        raise _of_another_address()
    if state is DeliveryState.SENT and delivery.sent_at:  # the sender has noted it already: nothing to write
        return None
    when = parse_utc(said.mail.timestamp) if state is DeliveryState.SENT and said.mail.timestamp else now
    facts = {"provider_id": said.mail.message_id} if said.mail.message_id else {}
    return _note(delivery, state, deps, when, barred_by=_barred_by(said), **facts)


def record_text_event(status: dict[str, Any], deps: ProviderEventDeps, now: datetime) -> DeliveryState | None:
    """The same of a text, whose end SNS writes to a log. What SNS answers when it takes one is no end yet: at the
    account's spend limit it takes every text and sends none.

    Raises Rejected as `record_mail_event` does. Other programs of the account send texts too: one that is unknown is
    `unknown-delivery` while our sender may still be about to note its id, then an `unknown-event`.
    """
    text_status = _read(_TextStatus, status)
    delivery = deps.alerts.deliveries.named(text_status.notification.message_id)
    if delivery is None:
        if now - text_status.notification.at > _NOTED_WITHIN:
            raise _unknown_event()
        raise Rejected("unknown-delivery", "No text of ours has this id, or none yet.", "It is looked at again.")
    if not delivery.address.endswith(text_status.delivery.destination[-4:]):
        raise _of_another_address()
    answer = text_status.delivery.answer
    if text_status.status == "SUCCESS":
        return _note(delivery, DeliveryState.DELIVERED, deps, now)
    if answer in _WILL_NEVER_TAKE_A_TEXT:
        return _note(delivery, DeliveryState.BOUNCED, deps, now, barred_by=f"answered before: {answer}", why=answer)
    return _note(delivery, DeliveryState.FAILED, deps, now, why=answer)


def is_spend_limit_reached(status: dict[str, Any]) -> bool:
    """Whether a text was not sent because the account's money for texts is used up this month."""
    return _read(_TextStatus, status).delivery.answer == _SPENT


def _note(
    delivery: Delivery, state: DeliveryState, deps: ProviderEventDeps, when: datetime, barred_by: str = "", **facts: str
) -> DeliveryState | None:
    """What follows is done before the state is noted: a crash in between is repaired by the event's next coming."""
    if state.missed_the_reader:
        if barred_by:
            suppress_address(delivery, f"this address {barred_by}", deps.alerts, deps.digests, deps.offices, when)
        if not delivery.state.missed_the_reader:
            fail_over(delivery, deps.alerts, deps.digests, deps.offices, when)
    return state if deps.alerts.deliveries.advance(key_of(delivery), state, when, **facts) else None


def _read(kind: type[Said], event: dict[str, Any]) -> Said:
    try:
        return kind.model_validate(event)
    except ValidationError as fault:
        raise _unknown_event() from fault


def _unknown_event() -> Rejected:
    return Rejected("unknown-event", "The event names no delivery of ours.", "Look at the event destination's kinds.")


def _of_another_address() -> Rejected:
    return Rejected("unknown-delivery", "The delivery went to another address.", "See who publishes such events.")


def _went_to(address: str, destination: Iterable[str]) -> bool:
    return address.casefold() in {parseaddr(one)[1].casefold() for one in destination}


def _barred_by(event: _Event) -> str:
    """A full mailbox or a server that is down (`Transient`) may be well again tomorrow."""
    kind = event.kind
    final = kind == "Complaint" or (kind == "Bounce" and event.bounce.get("bounceType") != "Transient")
    return f"answered with a {kind.lower()} before" if final else ""


def _key(delivery_id: str) -> DeliveryKey:
    try:
        return DeliveryKey.parse(delivery_id)
    except ValueError as error:
        raise Rejected("unknown-delivery", "The tag is not a delivery id.", "See which program sent it.") from error
