"""Real processes that run the real sender, the real note of events and the real sweep, and are killed at random.

The table, the queue and the provider live in a process of their own, which nobody kills. Its clock runs `haste` times
as fast as ours, so that leases, visibility and lateness keep the lengths they have on AWS.

`python -m tests.alerts.delivery.killed_workers` does it with 10,000 alerts.
"""

import heapq
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from shared.alerts.delivery.dependencies import DeliveryDeps
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.delivery.send import deliver
from shared.alerts.delivery.sweep import requeue_deliveries
from shared.alerts.follow_up.mail_events import record_mail_event
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.model import alert_id
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.channels import CHANNELS
from shared.errors import TryLater
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.subscriptions.table import SubscriptionsTable
from tests.alerts.delivery.crash_model import LEASE, VISIBILITY, told
from tests.alerts.delivery.memory import ConditionalCheckFailedException, MemoryDynamoDB
from tests.builders import NOW, PSEUDONYMS, an_arrest, an_office

FORK = multiprocessing.get_context("fork")
WORKERS = 3
WITHIN = 120  # seconds in which the provider's events come: with two more tries to note them still inside the lease


@dataclass
class Cloud:
    """What the workers share. Every call is one request; a caller that dies loses the answer, not the act."""

    db: MemoryDynamoDB
    haste: float
    started: float = field(default_factory=time.monotonic)
    mailbox: Counter[str] = field(default_factory=Counter)
    ahead: list[tuple[float, int, tuple[str, Any]]] = field(default_factory=list)
    ready: deque[tuple[str, Any]] = field(default_factory=deque)
    held: set[int] = field(default_factory=set)
    order: int = 0

    def now(self) -> float:
        return (time.monotonic() - self.started) * self.haste

    def put(self, kind: str, what: Any, delay: float = 0) -> None:
        self.order += 1
        if delay:
            heapq.heappush(self.ahead, (self.now() + delay, self.order, (kind, what)))
        else:
            self.lie_ready(kind, what)

    def lie_ready(self, kind: str, what: Any) -> None:
        """Events have a queue and workers of their own; they do not wait for the alerts that are still to go out."""
        if kind == "event":
            self.ready.appendleft((kind, what))
        else:
            self.ready.append((kind, what))

    def receive(self) -> tuple[int, str, Any] | None:
        """A message, which comes back after its visibility unless it is deleted; redeliveries now and then."""
        while self.ahead and self.ahead[0][0] <= self.now():
            _, _, (kind, what) = heapq.heappop(self.ahead)
            if kind != "again":
                self.lie_ready(kind, what)
            elif what[0] in self.held:
                self.held.remove(what[0])
                self.lie_ready(*what[1])
        if not self.ready:
            return None
        kind, what = self.ready.popleft()
        self.order += 1
        receipt = self.order
        self.held.add(receipt)
        self.put("again", (receipt, (kind, what)), VISIBILITY)
        if random.random() < 0.02:
            self.put(kind, what, 1)
        return receipt, kind, what

    def delete(self, receipt: int) -> None:
        self.held.discard(receipt)

    def send(self, delivery_id: str) -> str:
        self.mailbox[delivery_id] += 1
        events = [("Send", random.uniform(0.1, WITHIN)), ("Delivery", random.uniform(0.1, WITHIN))]
        if random.random() < 0.05:
            events.append(("Bounce", WITHIN))
        for kind, delay in events * (1 + (random.random() < 0.1)):
            self.put("event", (kind, delivery_id), delay)
        return f"m-{delivery_id}"

    def handed_out(self) -> int:
        return self.order

    def state(self) -> tuple[int, Counter[str]]:
        """How many deliveries are open, and the mailbox."""
        items = self.db.tables["Alerts"].values()
        return sum(item.get("open") == {"S": "yes"} for item in items), self.mailbox

    def answer(self, connection: Connection, lock: threading.Lock) -> None:
        with suppress(EOFError, ConnectionError, OSError):
            while True:
                name, said, named = connection.recv()
                target = self.db if hasattr(self.db, name) else self
                try:
                    with lock:
                        answer = True, getattr(target, name)(*said, **named)
                except ConditionalCheckFailedException:
                    answer = False, None
                connection.send(answer)


def serve(cloud: Cloud, listener: Listener) -> None:
    lock = threading.Lock()
    while True:
        with suppress(EOFError, ConnectionError):
            connection = listener.accept()
            threading.Thread(target=cloud.answer, args=(connection, lock), daemon=True).start()


class Remote:
    """DynamoDB's client, or the cloud itself, over a connection."""

    exceptions = MemoryDynamoDB.exceptions

    def __init__(self, address: str) -> None:
        self._connection = Client(address)

    def __getattr__(self, name: str) -> Any:
        def call(*said: Any, **named: Any) -> Any:
            self._connection.send((name, said, named))
            fine, answer = self._connection.recv()
            if not fine:
                raise ConditionalCheckFailedException
            return answer

        return call

    def get_paginator(self, _: str) -> "Remote":
        return self

    def paginate(self, **said: Any) -> Any:
        yield self.query(**said)


def work(address: str) -> None:
    cloud: Any = Remote(address)
    at = DeliveryDeps(
        alerts=AlertsTable(cloud, "Alerts"), arrests=ArrestsTable(cloud, "Arrests"),
        offices=OfficesTable(cloud, "Offices"), subscriptions=SubscriptionsTable(cloud, "Subscriptions"),
            preferences=PreferencesTable(cloud, "Subscriptions"),
        senders=dict.fromkeys(CHANNELS, lambda _, __, delivery_id: cloud.send(delivery_id)),
        console="https://alerts.example.gov", lease=timedelta(seconds=LEASE),
        clock=lambda: NOW + timedelta(seconds=cloud.now()),
    )  # fmt: skip
    swept = at.clock()
    while True:
        swept = sweep(at, cloud, swept)
        if not (message := cloud.receive()):
            time.sleep(0.01)
            continue
        receipt, kind, what = message
        with suppress(TryLater):
            deliver(DeliveryKey(*what), at) if kind == "delivery" else hear(what, at)
            cloud.delete(receipt)


def hear(what: tuple[str, str], at: DeliveryDeps) -> None:
    kind, delivery_id = what
    mail = {"messageId": f"m-{delivery_id}", "tags": {"delivery": [delivery_id]}}
    record_mail_event(
        {"eventType": kind, "mail": mail, "bounce": {"bounceType": "Transient"}},
        ProviderEventDeps(at.alerts, at.offices),
        at.clock(),
    )


def sweep(at: DeliveryDeps, cloud: Any, last: datetime) -> datetime:
    now = at.clock()
    if now - last < timedelta(minutes=1):
        return last

    def enqueue(keys: Iterable[DeliveryKey]) -> None:
        for key in keys:
            cloud.put("delivery", tuple(key))

    requeue_deliveries(at.alerts, enqueue, now)
    return now


@dataclass(frozen=True)
class Found:
    alerts: int
    seen_once: int
    lost: int
    seen_twice: int
    killed: int
    seconds: float


def alerts_through_killed_workers(count: int, *, haste: float, messages: int = 30) -> Found:
    """`messages`: how many are handed out between two kills."""
    db = many(count)
    cloud = Cloud(db, haste)
    keys = [key[0] for key in db.tables["Alerts"] if key[1] != "alert"]
    for one in keys:
        cloud.put("delivery", tuple(DeliveryKey(one, 1, "email")))
    started, killed = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, Listener(f"{folder}/cloud", backlog=64) as listener:
        address = f"{folder}/cloud"
        server = FORK.Process(target=serve, args=(cloud, listener), daemon=True)
        server.start()
        watching, workers = Remote(address), [begin(address) for _ in range(WORKERS)]
        try:
            while watching.state()[0]:
                let_work(watching, messages)
                killed += kill_one(workers, address)
            mailbox = watching.state()[1]
        finally:
            for process in [*workers, server]:
                end(process)
    copies = Counter(mailbox[f"{one}-1-email"] for one in keys)
    twice = sum(number for times, number in copies.items() if times > 1)
    return Found(count, copies[1], copies[0], twice, killed, time.monotonic() - started)


def let_work(watching: Any, messages: int) -> None:
    """Counted in work done, so that a slow machine gets on as well; a second at most."""
    until, enough = time.monotonic() + 1, watching.handed_out() + messages
    while time.monotonic() < until and watching.handed_out() < enough:
        time.sleep(0.01)


def begin(address: str) -> Any:
    process = FORK.Process(target=work, args=(address,), daemon=True)
    process.start()
    return process


def kill_one(workers: list[Any], address: str) -> int:
    """Most die; some are only frozen for a moment first."""
    place = random.randrange(len(workers))
    if random.random() < 0.2:
        os.kill(workers[place].pid, signal.SIGSTOP)
        time.sleep(0.05)
    end(workers[place])
    workers[place] = begin(address)
    return 1


def end(process: Any) -> None:
    process.kill()
    process.join()


def many(count: int) -> MemoryDynamoDB:
    """One office and one subscription with as many arrests, each told of in an alert."""
    db = told()
    OfficesTable(db, "Offices").enrol(an_office(alerts_an_hour=10 * count))  # type: ignore[arg-type]
    table: Any = AlertsTable(db, "Alerts")  # type: ignore[arg-type]
    alert = table.find(next(key[0] for key in db.tables["Alerts"]))
    for number in range(2, count + 1):
        arrest = an_arrest(f"K-{number:06d}")
        doc = {"arrest_id": {"S": arrest.arrest_id}, "doc": {"S": arrest.model_dump_json()}}
        db.put_item(TableName="Arrests", Item=doc)
        one = alert_id(PSEUDONYMS, arrest.arrest_id, "kings", alert.recipient)
        table.store(alert.model_copy(update={"alert_id": one, "arrest_id": arrest.arrest_id}))
    return db


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{count:,} alerts through {WORKERS} worker processes, killed at random")
    found = alerts_through_killed_workers(count, haste=60)
    print(f"  seen once {found.seen_once:,}, lost {found.lost}, seen twice {found.seen_twice}; "
          f"{found.killed:,} workers killed in {found.seconds:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
