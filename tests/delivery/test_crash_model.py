"""Every schedule of two faults at everything that is awaited, over the real sender."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest

from shared.domain.deliveries import DeliveryState, deliveries_of
from shared.tables.alerts import AlertsTable
from shared.tables.deliveries import key_of
from tests.builders import NOW
from tests.delivery.crash_model import EVENTS, KEYS, TOO_LATE, Fault, lived, told
from tests.delivery.memory import MemoryDynamoDB
from tests.domain.test_alerts import a_match, an_alert

CRASHES = (Fault.DIES,)
SOME = (Fault.DIES, Fault.ANSWER_LOST, Fault.FROZEN)
ALL = (Fault.DIES, Fault.ANSWER_LOST, Fault.HELD_UP, Fault.FROZEN, Fault.THROTTLED)


def schedules(db, events, kinds):
    """The world without a fault, with each single one, and with each pair: the second anywhere after the first."""
    calm = lived(db, events, {})
    yield {}, calm
    for first, kind in itertools.product(range(calm.awaited), kinds):
        once = lived(db, events, {first: kind})
        yield {first: kind}, once
        for second, other in itertools.product(range(first + 1, once.awaited), kinds):
            yield {first: kind, second: other}, lived(db, events, {first: kind, second: other})


def judged(db, events, kinds) -> tuple[Counter, list]:
    found, wrong = Counter(), []
    for faults, world in schedules(db, events, kinds):
        copies = len(world.mailbox)
        found["schedules"] += 1
        found["lost"] += copies == 0
        found["seen twice"] += copies > 1
        found["left open"] += any("open" in item for item in world.db.tables["Alerts"].values())
        if copies != 1:
            wrong.append((faults, copies))
    return found, wrong


@pytest.fixture(scope="module")
def db():
    return told()


@pytest.mark.parametrize("plan", EVENTS)
def test_an_alert_is_seen_exactly_once_in_every_schedule_of_two_faults(db, plan):
    found, wrong = judged(db, EVENTS[plan], ALL if plan == "on time" else SOME)
    print(plan, dict(found))
    assert wrong == []
    assert found["schedules"] > 500
    assert found["left open"] == 0


def test_the_one_exception_is_an_event_that_comes_later_than_the_lease(db):
    """The provider took the message, the sender died before it noted that, and the provider's word of it is late."""
    found, wrong = judged(db, TOO_LATE, CRASHES)
    print("too late", dict(found))
    assert found["lost"] == 0
    assert 0 < found["seen twice"] < found["schedules"]
    for faults, copies in wrong:
        assert copies > 1
        assert len(set(lived(db, TOO_LATE, faults).mailbox)) == 1  # the same delivery: the reader sees its number twice


def test_the_table_in_memory_does_what_dynamodb_does(tables):
    memory, alert = MemoryDynamoDB(KEYS), an_alert(a_match())
    [key] = map(key_of, deliveries_of(alert))
    lease, later = timedelta(minutes=15), NOW + timedelta(minutes=20)

    def history(table):
        yield table.tell(alert)
        yield table.tell(alert)
        yield table.deliveries.claim(key, NOW, lease)
        yield table.deliveries.claim(key, NOW, lease)
        yield table.deliveries.release(key, 7)
        yield list(table.deliveries.forgotten(later))
        yield table.deliveries.claim(key, later, lease)
        yield table.deliveries.release(key, 2)
        yield table.deliveries.find(key)
        yield table.deliveries.claim(key, later, lease)
        yield table.deliveries.advance(key, DeliveryState.DELIVERED, later, provider_id="m-1")
        yield table.deliveries.advance(key, DeliveryState.SENT, NOW, provider_id="m-2")
        yield list(table.deliveries.forgotten(later + lease))
        yield table.deliveries.of(alert.alert_id)

    assert list(history(AlertsTable(memory, "Alerts"))) == list(history(tables.alerts))
    assert sorted(memory.tables["Alerts"].values(), key=str) == sorted(tables.everything_in("Alerts"), key=str)
