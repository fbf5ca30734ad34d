"""Real processes run the real sender, the real recording of events and the real sweep, and are killed at random.

The table, the queue and the provider live in a process of their own, which nobody kills. Its clock runs `haste` times
as fast as ours, so leases, visibility time-outs and delays keep their lengths.

`python -m tests.alerts.delivery.killed_workers` runs it with 10,000 alerts.
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
from shared.alerts.delivery.sweep import sweep_deliveries
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
from tests.alerts.delivery.crash_model import alert_just_stored
from tests.alerts.delivery.memory import ConditionalCheckFailedException, MemoryDynamoDB
from tests.alerts.delivery.redelivery import redelivery
from tests.builders import NOW, PSEUDONYMS, an_arrest, an_office

FORK = multiprocessing.get_context("fork")
WORKERS = 3
WITHIN = 120  # seconds after which a provider event comes at the latest; two retries still fit into the lease


@dataclass
class Cloud:
    """What the workers share. Every call is one request: it takes effect even if its caller dies before the answer."""

    db: MemoryDynamoDB
    haste: float
    started: float = field(default_factory=time.monotonic)
    mailbox: Counter[str] = field(default_factory=Counter)
    delayed: list[tuple[float, int, tuple[str, Any]]] = field(default_factory=list)
    ready: deque[tuple[str, Any]] = field(default_factory=deque)
    in_flight: set[int] = field(default_factory=set)
    order: int = 0

    def now(self) -> float:
        return (time.monotonic() - self.started) * self.haste

    def put(self, kind: str, body: Any, delay: float = 0) -> None:
        self.order += 1
        if delay:
            heapq.heappush(self.delayed, (self.now() + delay, self.order, (kind, body)))
        else:
            self.make_ready(kind, body)

    def make_ready(self, kind: str, body: Any) -> None:
        """Events go first: in the product they have their own queue, and do not wait for alerts."""
        if kind == "event":
            self.ready.appendleft((kind, body))
        else:
            self.ready.append((kind, body))

    def receive(self) -> tuple[int, str, Any] | None:
        """Returns receipt, kind and body of a message, None if there is none.

        The message comes back after its visibility time-out unless it is deleted; a few come back although they are.
        """
        while self.delayed and self.delayed[0][0] <= self.now():
            _, _, (kind, body) = heapq.heappop(self.delayed)
            if kind != "again":
                self.make_ready(kind, body)
            elif body[0] in self.in_flight:
                self.in_flight.remove(body[0])
                self.make_ready(*body[1])
        if not self.ready:
            return None
        kind, body = self.ready.popleft()
        self.order += 1
        receipt = self.order
        self.in_flight.add(receipt)
        self.put("again", (receipt, (kind, body)), redelivery().visibility)
        if random.random() < 0.02:
            self.put(kind, body, 1)
        return receipt, kind, body

    def delete(self, receipt: int) -> None:
        self.in_flight.discard(receipt)

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
        """Returns how many deliveries are open, and the mailbox."""
        items = self.db.tables["Alerts"].values()
        return sum(item.get("open") == {"S": "yes"} for item in items), self.mailbox

    def answer(self, connection: Connection, lock: threading.Lock) -> None:
        with suppress(EOFError, ConnectionError, OSError):
            while True:
                name, arguments, keywords = connection.recv()
                target = self.db if hasattr(self.db, name) else self
                try:
                    with lock:
                        answer = True, getattr(target, name)(*arguments, **keywords)
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
    """A client of the cloud over a connection, with the methods of DynamoDB's client too."""

    exceptions = MemoryDynamoDB.exceptions

    def __init__(self, address: str) -> None:
        self._connection = Client(address)

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self._connection.send((name, arguments, keywords))
            succeeded, answer = self._connection.recv()
            if not succeeded:
                raise ConditionalCheckFailedException
            return answer

        return call

    def get_paginator(self, _: str) -> "Remote":
        return self

    def paginate(self, **arguments: Any) -> Any:
        yield self.query(**arguments)


def work(address: str) -> None:
    cloud: Any = Remote(address)
    deps = DeliveryDeps(
        alerts=AlertsTable(cloud, "Alerts"), arrests=ArrestsTable(cloud, "Arrests"),
        offices=OfficesTable(cloud, "Offices"), subscriptions=SubscriptionsTable(cloud, "Subscriptions"),
            preferences=PreferencesTable(cloud, "Subscriptions"),
        senders=dict.fromkeys(CHANNELS, lambda _, __, delivery_id: cloud.send(delivery_id)),
        console="https://alerts.example.gov", lease=timedelta(seconds=redelivery().lease),
        clock=lambda: NOW + timedelta(seconds=cloud.now()),
    )  # fmt: skip
    last_sweep = deps.clock()
    while True:
        last_sweep = sweep(deps, cloud, last_sweep)
        if not (message := cloud.receive()):
            time.sleep(0.01)
            continue
        receipt, kind, body = message
        with suppress(TryLater):
            deliver(DeliveryKey(*body), deps) if kind == "delivery" else record_event(body, deps)
            cloud.delete(receipt)


def record_event(event: tuple[str, str], deps: DeliveryDeps) -> None:
    kind, delivery_id = event
    mail = {"messageId": f"m-{delivery_id}", "tags": {"delivery": [delivery_id]}}
    record_mail_event(
        {"eventType": kind, "mail": mail, "bounce": {"bounceType": "Transient"}},
        ProviderEventDeps(deps.alerts, deps.offices),
        deps.clock(),
    )


def sweep(deps: DeliveryDeps, cloud: Any, last_sweep: datetime) -> datetime:
    now = deps.clock()
    if now - last_sweep < timedelta(minutes=1):
        return last_sweep

    def enqueue(keys: Iterable[DeliveryKey]) -> None:
        for key in keys:
            cloud.put("delivery", tuple(key))

    sweep_deliveries(deps.alerts, enqueue, now)
    return now


@dataclass(frozen=True)
class KilledWorkersResult:
    alerts: int
    seen_once: int
    lost: int
    seen_twice: int
    killed: int
    seconds: float


def alerts_through_killed_workers(count: int, *, haste: float, messages: int = 30) -> KilledWorkersResult:
    """Delivers `count` alerts while one worker is killed after every `messages` messages."""
    redelivery()  # read once, before processes are forked and killed that would read it
    db = alerts_just_stored(count)
    cloud = Cloud(db, haste)
    keys = [key[0] for key in db.tables["Alerts"] if key[1].startswith("delivery#")]
    for alert in keys:
        cloud.put("delivery", tuple(DeliveryKey(alert, 1, "email")))
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
    copies = Counter(mailbox[f"{alert}-1-email"] for alert in keys)
    twice = sum(number for times, number in copies.items() if times > 1)
    return KilledWorkersResult(count, copies[1], copies[0], twice, killed, time.monotonic() - started)


def let_work(watching: Any, messages: int) -> None:
    """Waits until so many more messages were handed out, a second at most. A slow machine gets as far as a fast one."""
    until, enough = time.monotonic() + 1, watching.handed_out() + messages
    while time.monotonic() < until and watching.handed_out() < enough:
        time.sleep(0.01)


def begin(address: str) -> Any:
    process = FORK.Process(target=work, args=(address,), daemon=True)
    process.start()
    return process


def kill_one(workers: list[Any], address: str) -> int:
    """Kills a random worker and starts another. Some workers are stopped for a moment first."""
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


def alerts_just_stored(count: int) -> MemoryDynamoDB:
    """Returns tables with one office, one subscription, and `count` arrests with an alert each."""
    db = alert_just_stored()
    OfficesTable(db, "Offices").enrol(an_office(alerts_an_hour=10 * count))  # type: ignore[arg-type]
    table: Any = AlertsTable(db, "Alerts")  # type: ignore[arg-type]
    alert = table.find(next(id_ for id_, part in db.tables["Alerts"] if part == "alert"))
    for number in range(2, count + 1):
        arrest = an_arrest(f"K-{number:06d}")
        doc = {"arrest_id": {"S": arrest.arrest_id}, "doc": {"S": arrest.model_dump_json()}}
        db.put_item(TableName="Arrests", Item=doc)
        new_id = alert_id(PSEUDONYMS, arrest.arrest_id, "kings", alert.recipient)
        table.store(alert.model_copy(update={"alert_id": new_id, "arrest_id": arrest.arrest_id}))
    return db


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{count:,} alerts through {WORKERS} worker processes, killed at random")
    result = alerts_through_killed_workers(count, haste=60)
    print(f"  seen once {result.seen_once:,}, lost {result.lost}, seen twice {result.seen_twice}; "
          f"{result.killed:,} workers killed in {result.seconds:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
