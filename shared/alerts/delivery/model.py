"""What becomes of one alert on one channel."""

import itertools
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from shared.alerts.model import Alert
from shared.value import FrozenModel


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    STANDS_BY = "stands by"  # a text that goes out when the mail beside it fails
    SUPPRESSED = "suppressed"  # our own decision before sending; what the provider proves of it, wins
    GATHERED = "gathered"  # it is a line of a digest now
    SENT = "sent"
    DELAYED = "delayed"
    UNCONFIRMED = "unconfirmed"  # the provider took it and has said nothing for three days
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def below(self) -> tuple["DeliveryState", ...]:
        """States only ever move up: a duplicated or late event changes nothing, a bounce after delivery wins."""
        return tuple(itertools.takewhile(lambda delivery_state: delivery_state is not self, DeliveryState))

    @property
    def reached_the_reader(self) -> bool:
        return self in {
            DeliveryState.SENT,
            DeliveryState.DELAYED,
            DeliveryState.UNCONFIRMED,
            DeliveryState.DELIVERED,
            DeliveryState.COMPLAINED,
        }

    @property
    def missed_the_reader(self) -> bool:
        """Nothing more comes to this address; whoever complained does not want it."""
        return self in {
            DeliveryState.SUPPRESSED,
            DeliveryState.FAILED,
            DeliveryState.BOUNCED,
            DeliveryState.COMPLAINED,
        }


class Delivery(FrozenModel):
    """One alert on one channel, in one telling."""

    alert_id: str
    office_id: str
    revision: int
    channel: str
    address: str
    state: DeliveryState = DeliveryState.QUEUED
    attempt: int = 0
    released: int = 0  # attempts that certainly sent nothing
    queued_at: AwareDatetime
    claimed_at: AwareDatetime | None = None
    claimed_until: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    not_before: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None  # since when it stands as it does, once it was sent or could not be
    called_up: AwareDatetime | None = None  # when another channel had failed: it stands by no more
    provider_id: str | None = None
    gathered_in: str | None = None
    why: str | None = None

    @property
    def may_have_been_sent(self) -> bool:
        """Whether an earlier attempt ended without a word, so that only the provider's events could tell."""
        return self.attempt - 1 > self.released

    @property
    def waits_since(self) -> datetime:
        return self.not_before or self.queued_at

    @property
    def delivery_id(self) -> str:
        """Travels with the message as a tag, so that the provider's events name it."""
        return f"{self.alert_id}-{self.revision}-{self.channel}"


def deliveries_of(alert: Alert) -> list[Delivery]:
    return [
        Delivery(
            alert_id=alert.alert_id,
            office_id=alert.office_id,
            revision=alert.revision,
            channel=channel,
            address=address,
            queued_at=alert.stages.matched_at,
        )
        for channel, address in sorted(alert.recipient.root.items())
    ]
