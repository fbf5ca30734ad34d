"""What Amazon SNS writes to a log of the account about a text message (Amazon SNS, "SMS delivery monitoring").

SNS names a text by its own id alone, which the sender stored beside the delivery.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import ConfigDict, Field

from shared.alerts.delivery.model import DeliveryState
from shared.alerts.follow_up.provider_events import (
    ProviderEventDeps,
    of_another_address,
    parse_event,
    record_state,
    unknown_event,
)
from shared.errors import Rejected
from shared.value import FrozenModel

# Amazon SNS, "SMS delivery failure reasons": after these a number takes no text until its owner does something.
_PERMANENT_FAILURES = {
    "Destination is on a blocked list", "Invalid phone number", "Phone has blocked SMS", "Phone is on a blocked list",
    "Phone number is opted out",
}  # fmt: skip
_SPEND_LIMIT_REACHED = "No quota left for account"
_PROVIDER_ID_STORED_WITHIN = timedelta(minutes=2)  # the sender stores the id of a text a moment after SNS returned it


class TextNotification(FrozenModel):
    model_config = ConfigDict(extra="ignore")

    message_id: str = Field(alias="messageId", min_length=1)
    timestamp: datetime

    @property
    def published_at(self) -> datetime:
        """SNS writes UTC without naming a zone."""
        return self.timestamp if self.timestamp.tzinfo else self.timestamp.replace(tzinfo=UTC)


class TextDelivery(FrozenModel):
    model_config = ConfigDict(extra="ignore")

    destination: str = Field(min_length=4)
    answer: str = Field("", alias="providerResponse", max_length=500)


class TextEvent(FrozenModel):
    """A line of the log group DirectPublishToPhoneNumber, or of its Failure."""

    model_config = ConfigDict(extra="ignore")

    notification: TextNotification
    delivery: TextDelivery
    status: Literal["SUCCESS", "FAILURE"]


def record_text_event(document: dict[str, Any], deps: ProviderEventDeps, now: datetime) -> DeliveryState | None:
    """Returns the state that the event moved its delivery to; None if the delivery was that far already.

    Only this event proves a text: at the account's spend limit SNS takes every text and sends none. Raises Rejected as
    `record_mail_event` does. Other programs of the account send texts too, so a text that is unknown is
    `unknown-delivery` while our sender may still be storing its id, and `unknown-event` after that.
    """
    event = parse_event(TextEvent, document)
    delivery = deps.alerts.deliveries.find_by_provider_id(event.notification.message_id)
    if delivery is None:
        if now - event.notification.published_at > _PROVIDER_ID_STORED_WITHIN:
            raise unknown_event()
        raise Rejected("unknown-delivery", "No text of ours has this id, or none yet.", "It is looked at again.")
    if not delivery.address.endswith(event.delivery.destination[-4:]):
        raise of_another_address()
    if event.status == "SUCCESS":
        return record_state(delivery, DeliveryState.DELIVERED, deps, now)
    answer = event.delivery.answer
    if answer in _PERMANENT_FAILURES:
        return record_state(delivery, DeliveryState.BOUNCED, deps, now, f"answered before: {answer}", why=answer)
    return record_state(delivery, DeliveryState.FAILED, deps, now, why=answer)


def is_spend_limit_reached(document: dict[str, Any]) -> bool:
    """Whether the text was not sent because the account's money for texts is used up this month."""
    return parse_event(TextEvent, document).delivery.answer == _SPEND_LIMIT_REACHED
