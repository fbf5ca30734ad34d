"""What a sender works with, and what a delivery can come to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from shared.alerts.delivery.limits.rate_limit import RateLimiter
from shared.alerts.delivery.model import Delivery, DeliveryKey, DeliveryState
from shared.alerts.model import Alert
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.aws.signing_keys import SigningKeys
from shared.channels import CHANNELS
from shared.channels.channel import Channel, Send
from shared.offices.model import Office
from shared.offices.preferences import Preferences
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users import may_receive_details
from shared.subscriptions.table import SubscriptionsTable


class DeliveryOutcome(StrEnum):
    """What one attempt of a sender came to. The log shows the value."""

    SENT = "sent"
    NOT_OURS = "not ours to send"  # sent before, or another sender holds the claim
    PUT_OFF = "put off"
    GATHERED = "gathered"
    HELD = "held: the office's hourly ceiling"
    RATE_LIMITED = "waits: the provider takes no more in a second"
    NOT_STORED_YET = "waits: its alert is not stored yet"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    STANDS_BY = "stands by"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class DeliveryDeps:
    """What a sender reads, writes and sends with.

    `lease` is how long a claim holds: three times longer than a sender's time-out, and one and a half times longer than
    provider events are late. `link_keys` sign the links of a mail; without them a mail has none. Without `rate` there
    is no rate limit. `on_sent` is called with each alert that was sent, and when.
    """

    alerts: AlertsTable
    arrests: ArrestsTable
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    preferences: PreferencesTable
    senders: dict[str, Send]
    console: str
    lease: timedelta
    clock: Callable[[], datetime]
    link_keys: Callable[[], SigningKeys] | None = None
    rate: RateLimiter | None = None
    on_sent: Callable[[Alert, datetime], None] = lambda *_: None


class DeliveryClosedError(Exception):
    """Nothing is to be sent: the delivery ends in `state`. The message says why."""

    def __init__(self, state: DeliveryState, why: str, *, needs_fallback: bool = False) -> None:
        """`needs_fallback`: another channel, or somebody else, must be notified instead."""
        super().__init__(why)
        self.state, self.why, self.needs_fallback = state, why, needs_fallback


@dataclass(frozen=True)
class Claim:
    """A delivery that this sender has claimed at `now`, with the office that it is for."""

    delivery: Delivery
    office: Office
    now: datetime
    deps: DeliveryDeps
    known_preferences: dict[str, Preferences] = field(default_factory=dict)

    @property
    def key(self) -> DeliveryKey:
        return self.delivery.key

    @property
    def channel(self) -> Channel:
        return CHANNELS[self.delivery.channel]

    @cached_property
    def may_carry_details(self) -> bool:
        """Whether the message may say who was arrested: on this channel, to this address, to this person, now."""
        return self.channel.CONTENT.may_hold_details and self.reader_may_know

    @cached_property
    def reader_may_know(self) -> bool:
        """Whether whoever has this address may be told personal details and case numbers. Reads the user once."""
        office_id, email = self.office.office_id, self.delivery.address
        users = self.deps.subscriptions.users.read([(office_id, email)])
        return may_receive_details(self.office, email, users.get((office_id, email.casefold())), self.now)

    def preferences_of(self, email: str) -> Preferences:
        """The preferences of this person of the office, read once. A topic or a webhook, without an address, has the
        defaults."""
        if email not in self.known_preferences:
            stored = self.deps.preferences.find(self.office.office_id, email) if email else Preferences()
            self.known_preferences[email] = stored
        return self.known_preferences[email]

    def names_of(self, emails: Iterable[str]) -> Mapping[str, str]:
        """The names of those colleagues who have one, by address in lower case. Without addresses nothing is read."""
        keys = [(self.office.office_id, email) for email in emails]
        users = self.deps.subscriptions.users.read(keys) if keys else {}
        return {email: user.name for (_, email), user in users.items() if user.name}

    def release(self, *, not_before: datetime | None = None, retry_at: datetime | None = None) -> None:
        """Gives the claim back, because certainly nothing was sent."""
        self.deps.alerts.deliveries.release(self.key, self.delivery.attempt, not_before=not_before, retry_at=retry_at)
