"""Every schedule of two faults at everything that is awaited, over the real sender."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.alerts.delivery.model import DeliveryState, deliveries_of
from shared.alerts.delivery.sweep import sweep_deliveries
from shared.alerts.table import AlertsTable
from tests.alerts.delivery.crash_model import KEYS, Fault, run_two_days
from tests.alerts.delivery.crash_scenarios import SCENARIOS, Scenario
from tests.alerts.delivery.memory import MemoryDynamoDB
from tests.alerts.test_model import a_match, an_alert
from tests.builders import NOW, discard

CRASHES = (Fault.DIES,)
MOST = (Fault.DIES, Fault.ANSWER_LOST, Fault.FROZEN)
ALL = tuple(Fault)
LONG = {"a mail that bounces, with a text that stands by", "a mail that bounces for good", "a mail and a text",
        "a daily digest"}  # fmt: skip
CORRECTED = {"a mail, and its record is corrected", "a mail, events late, and its record is corrected"}
PLAIN = {"a mail, events on time", "a mail, three senders at once"}


def schedules(scenario, kinds, pairs):
    """The world without a fault, with each single one, and with each pair: the second anywhere after the first."""
    db = scenario.db()

    def live(faults):
        return run_two_days(db, scenario.plan, faults, scenario.handed_out, scenario.corrected_at)

    calm = live({})
    yield {}, calm
    for first, kind in itertools.product(range(calm.call_count), kinds):
        once = live({first: kind})
        yield {first: kind}, once
        for second, other in itertools.product(range(first + 1, once.call_count), pairs if kind in pairs else ()):
            yield {first: kind, second: other}, live({first: kind, second: other})


def judged(scenario: Scenario, kinds, pairs) -> tuple[Counter, list]:
    found = Counter[str]()
    wrong: list[Any] = []
    for faults, world in schedules(scenario, kinds, pairs):
        found["schedules"] += 1
        found["lost"] += not world.mailbox and scenario.corrected_at is None
        found["copies more than deliveries"] += len(world.mailbox) > len(set(world.mailbox))
        found["left open"] += any("open" in item for item in world.db.tables["Alerts"].values())
        if not scenario.holds(world):
            wrong.append((faults, world.mailbox))
    return found, wrong


@pytest.mark.parametrize("name", sorted({*PLAIN, *CORRECTED, "a mail and a text", "a webhook", "a daily digest"}))
def test_it_is_seen_exactly_once_wherever_it_crashes_or_an_answer_is_lost(name):
    found, wrong = judged(SCENARIOS[name], (Fault.DIES, Fault.ANSWER_LOST), ())
    print(name, dict(found))
    assert wrong == []
    assert found["lost"] == found["left open"] == 0


@pytest.mark.thorough
@pytest.mark.parametrize("name", SCENARIOS)
def test_it_is_seen_exactly_once_whatever_goes_wrong_once_and_whenever_it_crashes_twice(name):
    """The plain scenarios crash twice here; the others do so in the long test below, where every schedule is lived."""
    found, wrong = judged(SCENARIOS[name], ALL, CRASHES if name in PLAIN else ())
    print(name, dict(found))
    assert wrong == []
    assert found["lost"] == found["left open"] == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", SCENARIOS)
def test_it_is_seen_exactly_once_in_every_schedule_of_two_faults(name):
    found, wrong = judged(SCENARIOS[name], ALL, MOST if name in LONG else ALL)
    print(name, dict(found))
    assert wrong == []
    assert found["lost"] == found["left open"] == 0
    assert found["schedules"] > 500


def test_the_one_exception_is_an_event_that_comes_later_than_the_lease():
    """The provider took the message, the sender died before it noted that, and the provider's word of it is late."""
    late = replace(SCENARIOS["a mail, events late"], events="too late")
    found, wrong = judged(late, CRASHES, ())
    print("too late", dict(found))
    assert found["lost"] == 0
    assert 0 < len(wrong) < found["schedules"]
    for _, mailbox in wrong:
        assert len(mailbox) > 1
        assert len(set(mailbox)) == 1  # the same delivery: the reader sees its number twice


def test_the_table_in_memory_does_what_dynamodb_does(tables):
    memory, alert = MemoryDynamoDB(KEYS), an_alert(a_match())
    client: Any = memory
    [key] = (delivery.key for delivery in deliveries_of(alert))
    lease, later = timedelta(minutes=15), NOW + timedelta(minutes=20)

    def history(table):
        yield table.store(alert)
        yield table.store(alert)
        yield table.deliveries.claim(key, NOW, lease)
        yield table.deliveries.claim(key, NOW, lease)
        yield table.deliveries.release(key, 7)
        yield sweep_deliveries(table, discard, later)
        yield table.deliveries.claim(key, later, lease)
        yield table.deliveries.release(key, 2)
        yield table.deliveries.find(key)
        yield table.deliveries.claim(key, later, lease)
        yield table.deliveries.advance(key, DeliveryState.DELIVERED, later, provider_id="m-1")
        yield table.deliveries.advance(key, DeliveryState.SENT, NOW, provider_id="m-2")
        yield sweep_deliveries(table, discard, later + lease)
        yield table.deliveries.of_alert(alert.alert_id)

    assert list(history(AlertsTable(client, "Alerts"))) == list(history(tables.alerts))
    assert sorted(memory.tables["Alerts"].values(), key=str) == sorted(tables.everything_in("Alerts"), key=str)
