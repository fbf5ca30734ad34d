"""All senders together keep to what a provider takes in a second, and no office keeps the others waiting."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest

from shared.alerts.delivery.limits.rate_limit import RateLimiter
from shared.alerts.delivery.limits.rate_table import RatesTable
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.reports.quality import quantile
from tests.alerts.delivery.conftest import Post
from tests.alerts.delivery.memory import MemoryDynamoDB
from tests.builders import NOW, an_arrest

RATE = 14


class Sender:
    """One of several around the same table, with a clock of its own that its waiting moves on."""

    def __init__(self, db: MemoryDynamoDB, rate: int = RATE) -> None:
        self.now = NOW
        self.rate = RateLimiter(RatesTable(db, "Alerts"), {"email": rate}, lambda: self.now, self.waits)  # type: ignore[arg-type]

    def waits(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def sends(self, office: str, *, urgent: bool = False) -> int | None:
        """The second in which a mail goes out, which takes 60 ms; None when it has to wait for the sweep."""
        if not self.rate.take("email", office, urgent=urgent):
            return None
        second = int((self.now - NOW).total_seconds())
        self.waits(0.06)
        return second


@pytest.fixture
def db() -> MemoryDynamoDB:
    return MemoryDynamoDB({"Alerts": ("alert_id", "part")})


def test_ten_senders_together_never_exceed_the_rate(db):
    senders = [Sender(db) for _ in range(10)]
    sent = Counter(one.sends(f"office-{number % 3}") for number, one in zip(range(500), itertools.cycle(senders)))
    sent.pop(None, None)
    assert max(sent.values()) <= RATE
    assert len(sent) >= 2


def test_a_channel_without_a_limit_is_not_counted(db):
    rate = RateLimiter(RatesTable(db, "Alerts"), {"email": 1}, lambda: NOW, lambda _: None)
    assert all(rate.take("webhook", "kings") for _ in range(100))
    assert db.tables["Alerts"] == {}


def test_a_sandbox_of_one_mail_a_second_lets_one_through_each_second(db):
    sender = Sender(db, rate=1)
    assert [sender.sends("kings") for _ in range(3)] == [0, 1, 2]


def test_an_urgent_mail_waits_longer_for_its_turn_than_it_is_put_off(db):
    flood = Sender(db)
    while flood.rate.take("email", "kings"):
        flood.now = NOW
    assert Sender(db).sends("kings") is None
    assert Sender(db).sends("kings", urgent=True) == 2


def test_an_office_that_makes_95_of_100_alerts_keeps_no_other_office_waiting(db):
    """20 seconds in which a flood asks for ten times the rate, and one mail of another office every second."""
    senders, delays = [Sender(db) for _ in range(10)], []
    for second in range(20):
        for one in senders:  # the flood takes what it gets, from whoever is free
            one.now = max(one.now, NOW + timedelta(seconds=second))
            while one.now < NOW + timedelta(seconds=second + 0.9) and one.sends("flooding") is not None:
                pass
        quiet = Sender(db)
        quiet.now = asked = NOW + timedelta(seconds=second + 0.9)
        assert quiet.sends("quiet") is not None
        delays.append((quiet.now - asked).total_seconds())
    idle = Sender(MemoryDynamoDB({"Alerts": ("alert_id", "part")}))
    idle.sends("quiet")
    print(f"p95 of the wait: {quantile(delays, 0.95)} s beside the flood, {(idle.now - NOW).total_seconds()} s idle")
    assert quantile(delays, 0.95) <= 2 * (idle.now - NOW).total_seconds()


def test_what_cannot_go_out_now_goes_out_in_a_later_round_and_only_once(post: Post):
    post.watch()
    table = RatesTable(post.tables.client, "Alerts")
    post.deps = post.at_rate(RateLimiter(table, {"email": 2}, lambda: post.now, lambda _: None))
    for number in range(5):
        post.happens(an_arrest(f"K-{number}"))
    post.work()
    assert 0 < len(post.mails) < 5
    post.passes(minutes=60)
    assert len({delivery for _, _, delivery in post.mails}) == len(post.mails) == 5
    assert post.states() == [DeliveryState.SENT] * 5
