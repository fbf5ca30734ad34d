"""A simulated world around the real sender, the real recording of provider events and the real sweep.

Any call in it can fail: a process dies before or after the call, an answer is lost, or a process is held up while the
others go on.

The world has its own clock, and it keeps AWS's promises with the times of the template (`redelivery.py`): a queue hands
out again what nobody deleted, at the time to which `consume` sets it or after its visibility timeout, and gives up in
the end; a stream repeats a batch; the sweep runs every minute; Lambda ends an invocation after its time-out. A sender
that is held up for longer than that between its last look at the clock and the request never makes the request.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Any

from botocore.exceptions import ReadTimeoutError

from shared.alerts.correct_alerts import alerts_about, correct
from shared.alerts.delivery.dependencies import DeliveryDeps
from shared.alerts.delivery.model import Delivery, DeliveryKey, deliveries_of
from shared.alerts.delivery.send import deliver
from shared.alerts.delivery.sweep import sweep_deliveries
from shared.alerts.follow_up.mail_events import record_mail_event
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.follow_up.text_events import record_text_event
from shared.alerts.matches.model import Match
from shared.alerts.model import Alert
from shared.alerts.notify import NotificationDeps
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable, Version
from shared.aws.consume_queue import seconds_until_retry
from shared.channels import CHANNELS
from shared.channels.channel import Message, TemporaryFailureError
from shared.errors import Rejected, TryLater
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.eligible_recipients import eligible_recipients
from shared.subscriptions.index.items import document_key
from shared.subscriptions.table import SubscriptionsTable
from tests.alerts.delivery.memory import ConditionalCheckFailedException, MemoryDynamoDB, TransactionCanceledException
from tests.alerts.delivery.redelivery import redelivery
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_arrest, an_office

DAY = 24 * 3600
CALLS = {"get_item", "batch_get_item", "put_item", "update_item", "transact_write_items", "query"}
KEYS = {
    "Juveniles": ("arrest_id", "part"),
    "Alerts": ("alert_id", "part"), "Arrests": ("arrest_id",), "Offices": ("pk",), "Subscriptions": ("pk", "sk"),
}  # fmt: skip


class Fault(Enum):
    DIES = auto()  # the process dies before this call; to die after it is to die before the next one
    ANSWER_LOST = auto()  # the call took effect, its answer is lost; the SDK repeats calls of DynamoDB only
    HELD_UP = auto()  # the process stands for 6 minutes: longer than its time-out, shorter than the lease
    FROZEN = auto()  # the process stands for 20 minutes: longer than the lease
    THROTTLED = auto()  # a provider refuses for now


HELD_UP_FOR = {Fault.HELD_UP: 360, Fault.FROZEN: 1200}

# The provider's events, and the seconds after which each comes once the provider took the message.
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


class AnswerLostError(ReadTimeoutError):
    """The caller does not know whether the call took effect."""

    def __init__(self) -> None:
        super().__init__(endpoint_url="https://provider.example")


@dataclass
class Repeated:
    """What a queue or a stream hands out again once, at whichever of several times comes first, unless it is done."""

    redeliver: Callable[[], None]
    is_done: bool = False

    def repeat(self) -> None:
        if not self.is_done:
            self.is_done = True
            self.redeliver()


@dataclass
class World:
    db: MemoryDynamoDB
    events: list[tuple[str, int]]
    faults: dict[int, Fault]
    now: float = 0
    call_count: int = 0
    mailbox: list[str] = field(default_factory=list)  # ids of deliveries that a provider took, on any channel
    scheduled: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        client: Any = FaultyClient(self)
        self._order = itertools.count()
        self.alerts = AlertsTable(client, "Alerts")
        self.deps = DeliveryDeps(
            alerts=self.alerts, arrests=ArrestsTable(client, "Arrests"), offices=OfficesTable(client, "Offices"),
            subscriptions=SubscriptionsTable(client, "Subscriptions"),
            preferences=PreferencesTable(client, "Subscriptions"),
            senders={name: partial(self.send, name) for name in CHANNELS},
            console="https://alerts.example.gov", lease=timedelta(seconds=redelivery().lease), clock=self.clock,
        )  # fmt: skip

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.now)

    def schedule(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self.scheduled, (self.now + seconds, next(self._order), action))

    def queue(self, key: DeliveryKey, receives: int = 1) -> None:
        """Hands this message to a sender now. The queue redelivers it if the sender raises or dies."""
        self._read_queue(lambda: deliver(key, self.deps), lambda: self.queue(key, receives + 1), receives)

    def notify(self, alert: Alert, tries: int = 1) -> None:
        """Lets a matcher store and queue the alert. The stream repeats the record until the matcher succeeds."""

        def store_and_queue() -> None:
            self.alerts.store(alert)
            for key in (delivery.key for delivery in deliveries_of(alert)):
                self.schedule(1, partial(self.queue, key))

        self._read_stream(store_and_queue, lambda: self.notify(alert, tries + 1), tries)

    def correct(self, tries: int = 1) -> None:
        """The agency corrects the record and a matcher takes the alert back. The stream repeats it until that works."""
        before, after = an_arrest(), an_arrest(sid="99999999Z", surname="Otter", given="Sam")
        doc = {"arrest_id": {"S": after.arrest_id}, "doc": {"S": after.model_dump_json()}}
        self.db.put_item(TableName="Arrests", Item=doc)

        def enqueue(keys: Any) -> None:
            for key in keys:
                self.schedule(1, partial(self.queue, key))

        def take_back() -> None:
            deps = NotificationDeps(self.alerts, self.deps.subscriptions, PSEUDONYMS, enqueue)
            version = Version(after, before, self.clock(), self.clock())
            correct(version, alerts_about([version], {}, deps), deps, self.clock())

        self._read_stream(take_back, lambda: self.correct(tries + 1), tries)

    def event(self, name: str, delivery_id: str, receives: int = 1) -> None:
        kind, _, bounce = name.partition(": ")
        event = {
            "eventType": kind, "mail": {"messageId": f"m-{delivery_id}", "tags": {"delivery": [delivery_id]}},
            "bounce": {"bounceType": bounce},
        }  # fmt: skip
        self._read_queue(
            lambda: record_mail_event(event, ProviderEventDeps(self.alerts, self.deps.offices), self.clock()),
            lambda: self.event(name, delivery_id, receives + 1),
            receives,
        )

    def text(self, delivery_id: str, receives: int = 1) -> None:
        """Reports that the carrier took a text. The event names only the message id that its sender may have stored."""
        line = {
            "notification": {"messageId": f"m-{delivery_id}", "timestamp": self.clock().isoformat()},
            "delivery": {"destination": "+12125550100", "providerResponse": ""}, "status": "SUCCESS",
        }  # fmt: skip
        self._read_queue(
            lambda: record_text_event(line, ProviderEventDeps(self.alerts, self.deps.offices), self.clock()),
            lambda: self.text(delivery_id, receives + 1),
            receives,
        )

    def _read_queue(self, work: Callable[[], object], redeliver: Callable[[], None], receives: int) -> None:
        """Runs `work` on a message. The message comes back after its visibility timeout, or when `consume` gives it
        back, unless `work` has succeeded by then."""
        comes_back = receives < redelivery().receives
        message = Repeated(redeliver)
        if comes_back:
            self.schedule(redelivery().visibility, message.repeat)
        try:
            work()
        except Death:
            return
        except (AnswerLostError, TryLater, Rejected) as error:
            if comes_back:
                self.schedule(seconds_until_retry(error, receives), message.repeat)
            return
        message.is_done = True

    def _read_stream(self, work: Callable[[], object], redeliver: Callable[[], None], tries: int) -> None:
        """Runs `work` on a record. Lambda tries it again after an error, and when the function's time is over."""
        if tries > redelivery().stream_tries:
            return
        record = Repeated(redeliver)
        self.schedule(redelivery().matcher_time_out, record.repeat)
        try:
            work()
        except (Death, AnswerLostError, TryLater, Rejected):
            self.schedule(1, record.repeat)
            return
        record.is_done = True

    def sweep(self) -> None:
        def enqueue(keys: Any) -> None:
            for key in keys:
                self.schedule(1, partial(self.queue, key))

        with suppress(Death, AnswerLostError):
            sweep_deliveries(self.alerts, enqueue, self.clock())

    def send(self, channel: str, address: str, message: Message, delivery_id: str) -> str:
        fault = self.fault()
        if fault is Fault.THROTTLED:
            raise TemporaryFailureError("TooManyRequestsException")
        if fault in HELD_UP_FOR:
            self.pass_time(redelivery().sender_time_out)
            raise Death
        self.mailbox.append(delivery_id)
        for event, delay in self.events:
            kind = "Delivery" if event == FOR_GOOD and address != NO_MAILBOX else event
            if channel == ("sms" if kind == "Text" else "email"):
                self.schedule(delay, partial(self.text if kind == "Text" else partial(self.event, kind), delivery_id))
        if fault is Fault.ANSWER_LOST:
            raise AnswerLostError
        return f"m-{delivery_id}"

    def fault(self) -> Fault | None:
        fault = self.faults.get(self.call_count)
        self.call_count += 1
        if fault is Fault.DIES:
            raise Death
        return fault

    def pass_time(self, seconds: float) -> None:
        """The caller waits; everybody else goes on."""
        until = self.now + seconds
        while self.scheduled and self.scheduled[0][0] <= until:
            self._run_next()
        self.now = max(self.now, until)

    def run(self) -> None:
        while self.now < 2 * DAY:
            if due := self._next_sweep():
                self.schedule(max(0, due - self.now), self.sweep)
            if not self.scheduled:
                return
            self._run_next()

    def _run_next(self) -> None:
        due, _, action = heapq.heappop(self.scheduled)
        self.now = max(self.now, due)
        action()

    def _next_sweep(self) -> float | None:
        """Returns the next full minute in which the sweep has work, None if there is none."""
        due = [item["due"]["S"] for item in self.db.tables["Alerts"].values() if "open" in item]
        if not due:
            return None
        seconds = (datetime.fromisoformat(min(due)) - NOW).total_seconds()
        minute = (max(seconds, self.now) // 60 + 1) * 60
        return None if any(what == self.sweep and when <= minute for when, _, what in self.scheduled) else minute

    def deliveries(self) -> Iterator[Delivery]:
        table = AlertsTable(self.db, "Alerts")  # type: ignore[arg-type]
        for alert_id in {key[0] for key in self.db.tables["Alerts"]}:
            yield from table.deliveries.of_alert(alert_id)


class FaultyClient:
    """A client of DynamoDB whose calls suffer the faults of its world."""

    exceptions = MemoryDynamoDB.exceptions

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        call, world = getattr(self._world.db, name), self._world
        if name not in CALLS:
            return (lambda _: self) if name == "get_paginator" else call

        def call_with_faults(**arguments: Any) -> Any:
            fault = world.fault()
            if fault in HELD_UP_FOR:
                world.pass_time(HELD_UP_FOR[fault])
            if fault is Fault.ANSWER_LOST:
                with suppress(ConditionalCheckFailedException, TransactionCanceledException):
                    call(**arguments)
            return call(**arguments)

        return call_with_faults

    def paginate(self, **arguments: Any) -> Iterator[Any]:
        yield self.query(**arguments)


def alert_just_stored(*recipient: dict[str, str], **facts: Any) -> MemoryDynamoDB:
    """Returns tables with one office, one subscription, one arrest and one alert whose deliveries are pending."""
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


def run_two_days(
    db: MemoryDynamoDB,
    events: list[tuple[str, int]],
    faults: dict[int, Fault],
    handed_out: tuple[int, ...] = (0, 45),
    corrected_at: int | None = None,
) -> World:
    """Returns the world two days later.

    The queue hands out each delivery at the seconds `handed_out`. If there are none, the world begins before the alert
    is stored. At `corrected_at` the record becomes another person's.
    """
    random.seed(0)  # of the jitter with which messages are given back: a schedule is lived alike each time
    world = World(db.copy(), events, faults)
    if not handed_out:
        [alert] = AlertsTable(db, "Alerts").read({key[0] for key in db.tables["Alerts"]}).values()  # type: ignore[arg-type]
        world.db.tables["Alerts"].clear()
        world.schedule(0, lambda: world.notify(alert))
    for key, seconds in itertools.product([delivery.key for delivery in world.deliveries()], handed_out):
        world.schedule(seconds, partial(world.queue, key))
    if corrected_at is not None:
        world.schedule(corrected_at, world.correct)
    world.run()
    return world
