"""Delivering: alerts a second through the real sender, the calls it makes, and what 100,000 alerts cost."""

import time
from collections import Counter
from datetime import timedelta
from typing import Any

from shared.channels import CHANNELS
from shared.delivery import Delivering, Outcome, deliver
from shared.delivery_reports import Reporting, note
from shared.tables.alerts import AlertsTable
from shared.tables.arrests import ArrestsTable
from shared.tables.deliveries import DeliveryKey
from shared.tables.digests import DigestsTable
from shared.tables.offices import OfficesTable
from shared.tables.people import PeopleTable
from shared.tables.subscriptions import SubscriptionsTable
from tests.builders import NOW
from tests.delivery.killed_workers import many
from tests.delivery.memory import MemoryDynamoDB

TARGET = 1.00  # dollars for 100,000 alerts, without messaging fees
A_MAIL = 0.10 / 1_000  # Amazon SES, beside the target

# us-east-1, on demand, dollars: DynamoDB a write or read request unit, Lambda a GB-second (arm64) and a request, SQS a
# request; SNS to SQS is free. A strongly consistent read of up to 4 KB is one unit, a write of up to 1 KB one, in a
# transaction two; an index entry made or removed is one, moved two.
WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
GB_SECOND, INVOCATION, SQS_REQUEST = 0.0000133334, 0.20 / 1e6, 0.40 / 1e6
BATCH, MEMORY_GB = 10, 0.5
A_CALL = 0.005  # seconds of waiting for DynamoDB, and ten times that for a provider, which is paid for as well


class Counting:
    """The client, with its calls counted."""

    exceptions = MemoryDynamoDB.exceptions

    def __init__(self, client: MemoryDynamoDB) -> None:
        self.client, self.calls = client, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.client, name)

        def counted(**said: Any) -> Any:
            self.calls[name] += 1
            return call(**said)

        return counted

    def get_paginator(self, _: str) -> "Counting":
        return self

    def paginate(self, **said: Any) -> Any:
        yield self.query(**said)


def delivering(client: Any) -> Delivering:
    return Delivering(
        alerts=AlertsTable(client, "Alerts"), arrests=ArrestsTable(client, "Arrests"),
        offices=OfficesTable(client, "Offices"), subscriptions=SubscriptionsTable(client, "Subscriptions"),
        digests=DigestsTable(client, "Alerts"), people=PeopleTable(client, "Subscriptions"),
        send=dict.fromkeys(CHANNELS, lambda _, __, delivery_id: f"m-{delivery_id}"),
        console="https://alerts.example.gov", lease=timedelta(minutes=15), clock=lambda: NOW,
    )  # fmt: skip


def main(count: int = 2_000) -> None:
    db = many(count)
    client = Counting(db)
    at, keys = delivering(client), [DeliveryKey(key[0], 1, "email") for key in db.tables["Alerts"] if key[1] != "alert"]
    start = time.process_time()
    assert all(deliver(key, at) is Outcome.SENT for key in keys)
    sending, sent = time.process_time() - start, dict(client.calls)
    client.calls.clear()
    for key in keys:
        for kind in ("Send", "Delivery"):
            mail = {"messageId": "m", "tags": {"delivery": [f"{key.alert_id}-1-email"]}}
            note({"eventType": kind, "mail": mail}, Reporting(at.alerts, at.digests), NOW)
    noted = dict(client.calls)
    print(f"\nDelivering, {count:,} alerts by mail with full detail, one core, DynamoDB in memory")
    print(f"  alerts a second of CPU{count / sending:>46,.0f}")
    for what, calls in (("sending", sent), ("two events of the provider", noted)):
        said = ", ".join(f"{number / count:.1f} {name}" for name, number in sorted(calls.items()))
        print(f"  DynamoDB calls an alert, {what}: {said}")
    print_cost(sent, noted, count, sending)


def print_cost(sent: dict[str, int], noted: dict[str, int], count: int, sending: float) -> None:
    """Of 100,000 alerts, from the calls counted above. Telling writes an alert of up to 2 KB and a delivery in one
    transaction, with an entry in each of three indexes; the claim moves one, the last event removes it."""
    calls = Counter(sent) + Counter(noted)
    writes = calls["update_item"] / count + 2 * (2 + 1) + 3 + 2 + 1
    reads = (calls["get_item"] + calls["batch_get_item"] + calls["query"]) / count
    waits = sum(sent.values()) / count * A_CALL + 10 * A_CALL + sending / count
    notes = sum(noted.values()) / count * A_CALL
    cost = {
        "DynamoDB": 1e5 * (writes * WRITE_UNIT + reads * READ_UNIT),
        "Lambda": 1e5 * ((waits * MEMORY_GB + notes * MEMORY_GB / 2) * GB_SECOND + 3 * INVOCATION / BATCH),
        "SQS": 1e5 * SQS_REQUEST * (1 + 2) * 3 / BATCH,  # sent, received, deleted: the alert and two events
    }
    for name, dollars in cost.items():
        print(f"  100,000 alerts, {name:14}{dollars:>38.2f} $")
    print(f"  100,000 alerts, together{sum(cost.values()):>45.2f} $   target {TARGET:.2f} $")
    print(f"  and SES{1e5 * A_MAIL:>62.2f} $")


if __name__ == "__main__":
    main()
