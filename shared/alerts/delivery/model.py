"""A delivery: one alert, digest or notice on one channel. Its states, and what they mean. No I/O."""

import itertools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime

from shared.alerts.model import Alert
from shared.value import FrozenModel

UNCONFIRMED_AFTER = timedelta(hours=72)
SWEEP_INTERVAL = timedelta(minutes=1)  # of the sweep, which queues again what waits


class DeliveryState(StrEnum):
    """In the order in which a delivery can move. It only ever moves down this list."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    STANDS_BY = "stands by"  # a text that goes out if the mail beside it fails
    SUPPRESSED = "suppressed"  # our decision not to send; a provider event that proves otherwise overrules it
    GATHERED = "gathered"  # it is a line of a digest now
    SENT = "sent"
    DELAYED = "delayed"
    UNCONFIRMED = "unconfirmed"  # the provider took it and has reported nothing for three days
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def below(self) -> tuple["DeliveryState", ...]:
        """The states from which a delivery may move to this one: all before it. So a duplicate or late event changes
        nothing, and a bounce after a delivery counts."""
        return tuple(itertools.takewhile(lambda state: state is not self, DeliveryState))

    @property
    def reached_the_reader(self) -> bool:
        """Whether the reader may have the message."""
        return self in {
            DeliveryState.SENT,
            DeliveryState.DELAYED,
            DeliveryState.UNCONFIRMED,
            DeliveryState.DELIVERED,
            DeliveryState.COMPLAINED,
        }

    @property
    def missed_the_reader(self) -> bool:
        """Whether nothing more comes to this address, so that a fallback is needed. A reader who complained does not
        want the message, so it counts as missed too."""
        return self in {
            DeliveryState.SUPPRESSED,
            DeliveryState.FAILED,
            DeliveryState.BOUNCED,
            DeliveryState.COMPLAINED,
        }

    @property
    def awaits_events(self) -> bool:
        """Whether the provider has the message and may still report what became of it."""
        return self in {DeliveryState.SENT, DeliveryState.DELAYED}


class DeliveryKey(NamedTuple):
    """Identifies a delivery. `office_id` is not part of the identity: the queue is fair by it."""

    alert_id: str
    revision: int
    channel: str
    office_id: str = ""

    @classmethod
    def parse(cls, delivery_id: str) -> "DeliveryKey":
        """Reads a delivery id. Raises ValueError if it is none."""
        alert_id, revision, channel = delivery_id.split("-")
        return cls(alert_id, int(revision), channel)

    @property
    def delivery_id(self) -> str:
        """Travels with the message, so that provider events name the delivery."""
        return f"{self.alert_id}-{self.revision}-{self.channel}"


Enqueue = Callable[[Iterable[DeliveryKey]], None]
"""Hands deliveries to the senders."""


class Delivery(FrozenModel):
    """One revision of an alert (or a digest or notice, which have one) on one channel.

    `attempt` counts claims, `released` those that certainly sent nothing. `not_before` is the end of a postponement.
    `claimed_until` is the end of the lease. `ended_at` is when the delivery entered its present state, once it was sent
    or could not be. `called_up` is when another channel failed: since then it does not stand by any more.
    """

    alert_id: str
    office_id: str
    revision: int
    channel: str
    address: str
    state: DeliveryState = DeliveryState.QUEUED
    attempt: int = 0
    released: int = 0
    queued_at: AwareDatetime
    claimed_at: AwareDatetime | None = None
    claimed_until: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    not_before: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    called_up: AwareDatetime | None = None
    provider_id: str | None = None
    gathered_in: str | None = None
    why: str | None = None

    @property
    def key(self) -> DeliveryKey:
        return DeliveryKey(self.alert_id, self.revision, self.channel, self.office_id)

    @property
    def delivery_id(self) -> str:
        return self.key.delivery_id

    @property
    def may_have_been_sent(self) -> bool:
        """Whether an earlier sender ended without saying if the provider took the message."""
        return self.attempt - 1 > self.released

    @property
    def waits_since(self) -> datetime:
        return self.not_before or self.queued_at


class NextLook(NamedTuple):
    """When the sweep looks at an open delivery again, and whether it queues it now."""

    due: datetime
    requeue: bool


def next_look(delivery: Delivery, now: datetime) -> NextLook:
    """Decides about an open delivery that is due a look.

    A sent one is looked at when it counts as unconfirmed. A claimed one is queued once its lease is over. Any other one
    is queued, and is due again after as long as it has waited so far, so that a long queue is not made longer every
    minute. It is never due in less than one interval of the sweep.
    """
    if delivery.state.awaits_events and delivery.sent_at:
        due, requeue = delivery.sent_at + UNCONFIRMED_AFTER, False
    elif delivery.state is DeliveryState.CLAIMED and delivery.claimed_until:
        due, requeue = delivery.claimed_until, delivery.claimed_until <= now
    else:
        due, requeue = now + (now - delivery.waits_since), True
    return NextLook(max(due, now + SWEEP_INTERVAL), requeue)


def is_unconfirmed(delivery: Delivery, now: datetime) -> bool:
    """Whether the provider took an open delivery three days ago, and its events never came."""
    return delivery.sent_at is not None and now - delivery.sent_at >= UNCONFIRMED_AFTER


def deliveries_of(alert: Alert) -> list[Delivery]:
    """The deliveries of the alert's present revision: one for each channel of its recipient."""
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
