"""A small world around the real sender, the real note of provider's events and the real sweep, in which anything that
is awaited can go wrong: a process dies before or after it, an answer is lost, a process is held up while others go on.

Time is the model's own. What AWS promises is written down here: a queue hands a message out again after 180 s, five
times; the sweep looks every minute; an invocation is ended at its time-out of 30 s, so that a sender which was held up
between its last look at the clock and the request for longer than that never makes the request.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Any

from shared.alerts.delivery.dependencies import DeliveryDeps
from shared.alerts.delivery.model import Delivery, DeliveryKey, deliveries_of
from shared.alerts.delivery.send import deliver
from shared.alerts.delivery.sweep import requeue_deliveries
from shared.alerts.follow_up.mail_events import record_mail_event
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.follow_up.text_events import record_text_event
from shared.alerts.matches.model import Match
from shared.alerts.model import Alert
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.channels import CHANNELS
from shared.channels.channel import Message, TemporaryFailureError
from shared.errors import Rejected, TryLater
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.eligible_recipients import eligible_recipients
from shared.subscriptions.index.items import document_key
from shared.subscriptions.table import SubscriptionsTable
from tests.alerts.delivery.memory import ConditionalCheckFailedException, MemoryDynamoDB, TransactionCanceledException
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW, a_subscription, an_arrest, an_office

LEASE, TIME_OUT, VISIBILITY, RECEIVES = 900, 30, 180, 5
DAY = 24 * 3600
CALLS = {"get_item", "batch_get_item", "put_item", "update_item", "transact_write_items", "query"}
KEYS = {
    "Alerts": ("alert_id", "part"), "Arrests": ("arrest_id",), "Offices": ("pk",), "Subscriptions": ("pk", "sk"),
}  # fmt: skip


class Fault(Enum):
    DIES = auto()  # before this call; dying after it is dying before the next one
    ANSWER_LOST = auto()  # it happened, and nobody heard; the SDK asks DynamoDB again, and never a provider
    HELD_UP = auto()  # for 6 minutes: longer than it may wait to send, shorter than the lease
    FROZEN = auto()  # for 20 minutes: longer than the lease
    THROTTLED = auto()  # only a provider does that


HELD_UP_FOR = {Fault.HELD_UP: 360, Fault.FROZEN: 1200}

# When the provider's events come, in seconds after it took the message.
EVENTS: dict[str, list[tuple[str, int]]] = {
    "on time": [("Send", 1), ("Delivery", 2)],
    "late": [("Send", 400), ("Delivery", 420)],
    "duplicated": [("Send", 1), ("Send", 3), ("Delivery", 4), ("Delivery", 900)],
    "reordered": [("Delivery", 1), ("Send", 300)],
    "send lost": [("Delivery", 200)],
    "bounced": [("Send", 1), ("Bounce: Transient", 5)],
    "bounced after delivery": [("Send", 1), ("Delivery", 2), ("Bounce", 90)],
}
TEXTED = {"on time, of texts too": [*EVENTS["on time"], ("Text", 5), ("Text", 900)]}
NO_MAILBOX, FOR_GOOD = "gone@da.example.gov", "Bounce: Permanent"
BOUNCED_FOR_GOOD = {"bounced for good": [("Send", 1), (FOR_GOOD, 5), (FOR_GOOD, 900)]}
EXCEPTION: dict[str, list[tuple[str, int]]] = {"too late": [("Send", 3000), ("Delivery", 3001)]}


class Death(BaseException):
    """The process ends here: nothing after this point runs, no `except` and no `finally`."""


class Timeout(Exception):  # noqa: N818
    """As botocore's ReadTimeoutError: whether the other side acted is not known."""


@dataclass
class World:
    db: MemoryDynamoDB
    events: list[tuple[str, int]]
    faults: dict[int, Fault]
    now: float = 0
    awaited: int = 0
    mailbox: list[str] = field(default_factory=list)  # the deliveries that a provider took, of every channel
    ahead: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        client: Any = _Client(self)
        self._order = itertools.count()
        self.alerts = AlertsTable(client, "Alerts")
        self.at = DeliveryDeps(
            alerts=self.alerts, arrests=ArrestsTable(client, "Arrests"), offices=OfficesTable(client, "Offices"),
            subscriptions=SubscriptionsTable(client, "Subscriptions"),
            preferences=PreferencesTable(client, "Subscriptions"),
            senders={name: partial(self.send, name) for name in CHANNELS},
            console="https://alerts.example.gov", lease=timedelta(seconds=LEASE), clock=self.clock,
        )  # fmt: skip

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.now)

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.ahead, (self.now + seconds, next(self._order), what))

    def queue(self, key: DeliveryKey, receives: int = 1) -> None:
        """A sender gets this message now; whatever it raises or dies of, it comes back."""
        self._received(lambda: deliver(key, self.at), lambda: self.queue(key, receives + 1), receives)

    def tell(self, alert: Alert, receives: int = 1) -> None:
        """A matcher stores and queues the alert; the stream repeats it until it has."""

        def told() -> None:
            self.alerts.store(alert)
            for key in (delivery.key for delivery in deliveries_of(alert)):
                self.later(1, partial(self.queue, key))

        self._received(told, lambda: self.tell(alert, receives + 1), receives)

    def event(self, said: str, delivery_id: str, receives: int = 1) -> None:
        kind, _, bounce = said.partition(": ")
        event = {
            "eventType": kind, "mail": {"messageId": f"m-{delivery_id}", "tags": {"delivery": [delivery_id]}},
            "bounce": {"bounceType": bounce},
        }  # fmt: skip
        self._received(
            lambda: record_mail_event(event, ProviderEventDeps(self.alerts, self.at.offices), self.clock()),
            lambda: self.event(said, delivery_id, receives + 1),
            receives,
        )

    def text(self, delivery_id: str, receives: int = 1) -> None:
        """The carrier has it, says SNS; which delivery that was, only the id says that its sender may have noted."""
        line = {
            "notification": {"messageId": f"m-{delivery_id}", "timestamp": self.clock().isoformat()},
            "delivery": {"destination": "+12125550100", "providerResponse": ""}, "status": "SUCCESS",
        }  # fmt: skip
        self._received(
            lambda: record_text_event(line, ProviderEventDeps(self.alerts, self.at.offices), self.clock()),
            lambda: self.text(delivery_id, receives + 1),
            receives,
        )

    def _received(self, work: Callable[[], object], again: Callable[[], None], receives: int) -> None:
        """Handed out again unless it was deleted by then, also while the first reader still holds it."""
        deleted = False
        if receives < RECEIVES:
            self.later(VISIBILITY, lambda: None if deleted else again())
        try:
            work()
        except (Death, Timeout, TryLater, Rejected):
            return
        deleted = True

    def sweep(self) -> None:
        def enqueue(keys: Any) -> None:
            for key in keys:
                self.later(1, partial(self.queue, key))

        with suppress(Death, Timeout):
            requeue_deliveries(self.alerts, enqueue, self.clock())

    def send(self, channel: str, address: str, message: Message, delivery_id: str) -> str:
        fault = self.fault()
        if fault is Fault.THROTTLED:
            raise TemporaryFailureError("TooManyRequestsException")
        if fault in HELD_UP_FOR:
            self.pass_time(TIME_OUT)
            raise Death
        self.mailbox.append(delivery_id)
        for said, delay in self.events:
            kind = "Delivery" if said == FOR_GOOD and address != NO_MAILBOX else said
            if channel == ("sms" if kind == "Text" else "email"):
                self.later(delay, partial(self.text if kind == "Text" else partial(self.event, kind), delivery_id))
        if fault is Fault.ANSWER_LOST:
            raise Timeout
        return f"m-{delivery_id}"

    def fault(self) -> Fault | None:
        fault = self.faults.get(self.awaited)
        self.awaited += 1
        if fault is Fault.DIES:
            raise Death
        return fault

    def pass_time(self, seconds: float) -> None:
        """Everybody else goes on, whoever asks for this waits."""
        until = self.now + seconds
        while self.ahead and self.ahead[0][0] <= until:
            self._next()
        self.now = max(self.now, until)

    def run(self) -> None:
        while self.now < 2 * DAY:
            if due := self._next_sweep():
                self.later(max(0, due - self.now), self.sweep)
            if not self.ahead:
                return
            self._next()

    def _next(self) -> None:
        when, _, what = heapq.heappop(self.ahead)
        self.now = max(self.now, when)
        what()

    def _next_sweep(self) -> float | None:
        """The next full minute at which the sweep has something to do; the idle ones are passed over."""
        due = [item["due"]["S"] for item in self.db.tables["Alerts"].values() if "open" in item]
        if not due:
            return None
        seconds = (datetime.fromisoformat(min(due)) - NOW).total_seconds()
        minute = (max(seconds, self.now) // 60 + 1) * 60
        return None if any(what == self.sweep and when <= minute for when, _, what in self.ahead) else minute

    def deliveries(self) -> Iterator[Delivery]:
        table = AlertsTable(self.db, "Alerts")  # type: ignore[arg-type]
        for alert_id in {key[0] for key in self.db.tables["Alerts"]}:
            yield from table.deliveries.of_alert(alert_id)


class _Client:
    """DynamoDB's client, with the faults of its calls."""

    exceptions = MemoryDynamoDB.exceptions

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        call, world = getattr(self._world.db, name), self._world
        if name not in CALLS:
            return (lambda _: self) if name == "get_paginator" else call

        def called(**said: Any) -> Any:
            fault = world.fault()
            if fault in HELD_UP_FOR:
                world.pass_time(HELD_UP_FOR[fault])
            if fault is Fault.ANSWER_LOST:
                with suppress(ConditionalCheckFailedException, TransactionCanceledException):
                    call(**said)
            return call(**said)

        return called

    def paginate(self, **said: Any) -> Iterator[Any]:
        yield self.query(**said)


def told(*recipient: dict[str, str], **facts: Any) -> MemoryDynamoDB:
    """One office, one subscription, one arrest and one alert that was just told to its recipient."""
    db = MemoryDynamoDB(KEYS)
    client: Any = db
    subscription = a_subscription(**facts | ({"recipients": recipient} if recipient else {}))
    eligible = eligible_recipients(subscription, ())
    match = Match(subscription=subscription, reason=a_match().reason, eligible=eligible)
    OfficesTable(client, "Offices").enrol(an_office())
    key = document_key(subscription.key)
    db.put_item(TableName="Subscriptions", Item=key | {"doc": {"S": subscription.model_dump_json()}})
    arrest = an_arrest()
    doc = {"arrest_id": {"S": arrest.arrest_id}, "doc": {"S": arrest.model_dump_json()}}
    db.put_item(TableName="Arrests", Item=doc)
    assert AlertsTable(client, "Alerts").store(an_alert(match, recipient=subscription.recipients[0]))
    return db


def lived(
    db: MemoryDynamoDB, events: list[tuple[str, int]], faults: dict[int, Fault], handed_out: tuple[int, ...] = (0, 45)
) -> World:
    """The world two days later; every delivery was queued when it was told, and the queue hands it out so often. With
    none of that, telling is what begins."""
    world = World(db.copy(), events, faults)
    if not handed_out:
        [alert] = AlertsTable(db, "Alerts").read({key[0] for key in db.tables["Alerts"]}).values()  # type: ignore[arg-type]
        world.db.tables["Alerts"].clear()
        world.later(0, lambda: world.tell(alert))
    for key, seconds in itertools.product([delivery.key for delivery in world.deliveries()], handed_out):
        world.later(seconds, partial(world.queue, key))
    world.run()
    return world
