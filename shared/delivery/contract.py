from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.channels.contract import Send
from shared.delivery.rate import Rate
from shared.domain.alerts import Alert
from shared.domain.deliveries import Delivery, DeliveryState
from shared.domain.offices import Office
from shared.tables.alerts import AlertsTable
from shared.tables.arrests import ArrestsTable
from shared.tables.deliveries import DeliveryKey
from shared.tables.digests import DigestsTable
from shared.tables.offices import OfficesTable
from shared.tables.people import PeopleTable
from shared.tables.subscriptions import SubscriptionsTable


class Outcome(StrEnum):
    SENT = "sent"
    NOT_OURS = "not ours to send"  # sent before, or another sender holds the claim
    PUT_OFF = "put off"
    GATHERED = "gathered"
    HELD = "held: the office's hourly ceiling"
    WAITS = "waits: the provider takes no more in a second"
    UNTOLD = "waits: its alert is not stored yet"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    STANDS_BY = "stands by"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Delivering:
    """Where this use case reads, writes and sends. `lease` is three times longer than our time-out and one and a half
    times longer than the provider's events are late."""

    alerts: AlertsTable
    arrests: ArrestsTable
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    digests: DigestsTable
    people: PeopleTable
    send: dict[str, Send]
    console: str
    lease: timedelta
    clock: Callable[[], datetime]
    secret: Callable[[], bytes] | None = None  # signs the links of a mail; without it there are none
    rate: Rate | None = None  # as much as one likes when unsaid
    told: Callable[[Alert, datetime], None] = lambda *_: None  # hears of each alert when it was sent


class Ended(Exception):  # noqa: N818
    """Nothing is to be sent; says what became of the delivery instead."""

    def __init__(self, state: DeliveryState, why: str, *, unreachable: bool = False) -> None:
        """`unreachable`: another channel, or somebody else, must be told instead."""
        super().__init__(why)
        self.state, self.why, self.unreachable = state, why, unreachable


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours for now."""

    key: DeliveryKey
    delivery: Delivery
    office: Office
    now: datetime
    at: Delivering
