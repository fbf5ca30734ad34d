from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.delivery.rate_limit import RateLimiter
from shared.alerts.delivery.table import DeliveryKey
from shared.alerts.model import Alert
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.channels.channel import Send
from shared.offices.model import Office
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable


class DeliveryOutcome(StrEnum):
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
class DeliveryDeps:
    """Where this use case reads, writes and sends. `lease` is three times longer than our time-out and one and a half
    times longer than the provider's events are late."""

    alerts: AlertsTable
    arrests: ArrestsTable
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    digests: DigestsTable
    people: PreferencesTable
    send: dict[str, Send]
    console: str
    lease: timedelta
    clock: Callable[[], datetime]
    secret: Callable[[], bytes] | None = None  # signs the links of a mail; without it there are none
    rate: RateLimiter | None = None  # as much as one likes when unsaid
    told: Callable[[Alert, datetime], None] = lambda *_: None  # hears of each alert when it was sent


class DeliveryClosed(Exception):  # noqa: N818
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
    at: DeliveryDeps
