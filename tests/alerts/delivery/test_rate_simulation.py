"""How much of a provider's quota is used when senders, offices and a queue meet: our own limiter on a virtual clock."""

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.alerts.delivery.limits.rate_limit import RateLimiter
from shared.alerts.delivery.limits.rate_table import RatesTable
from shared.aws.throttling import begin_invocation, seconds_left
from tests.alerts.delivery.memory import MemoryDynamoDB
from tests.builders import NOW

# Of `prod`, and the time that is simulated. `tests/infra/test_template.py` compares them with the template.
QUOTA, SENDERS, SECONDS = 14, 10, 30
BATCH, SECONDS_A_MAIL = 10, 0.08
# Of an invocation: its time, the reserve (shared/aws/throttling.py), and what must be left for a message.
TIME, RESERVE, LEAST_LEFT = 30, 5, 10


class Queue:
    """A fair queue with more mails of each office than go out: whoever has had fewest comes next."""

    def __init__(self, offices: int) -> None:
        self._offices = deque(f"office-{number}" for number in range(offices))

    def receive(self) -> Iterator[str]:
        for _ in range(BATCH):
            self._offices.rotate(-1)
            yield self._offices[0]


class Sender:
    """One Lambda process, with a clock of its own in seconds since the beginning."""

    def __init__(self, db: Any, queue: Queue) -> None:
        self.now, self._began, self._queue = 0.0, 0.0, queue
        self.sent, self.longest = Counter[int](), 0.0
        self._rate = RateLimiter(
            RatesTable(db, "Alerts"),
            {"email": QUOTA},
            lambda: NOW + timedelta(seconds=self.now),
            self._wait,
            self._left,
        )

    def _wait(self, seconds: float) -> None:
        self.now += seconds

    def _left(self) -> float:
        return TIME - RESERVE - (self.now - self._began)

    def invocation(self) -> Iterator[None]:
        """Works through a batch; between two messages the other senders have their turn."""
        self._began = self.now
        for office in self._queue.receive():
            if self._left() < LEAST_LEFT:
                break
            if self._rate.take("email", office):
                self.sent[int(self.now + 1e-6)] += 1  # to the microsecond, as the clock is read
                self._wait(SECONDS_A_MAIL)
            else:
                self._wait(0.02)  # it is released, and the sweep queues it again
            yield
        self.longest = max(self.longest, self.now - self._began)


def simulate(offices: int) -> list[Sender]:
    db, queue = MemoryDynamoDB({"Alerts": ("alert_id", "part")}), Queue(offices)
    senders = [Sender(db, queue) for _ in range(SENDERS)]
    work = [itertools.chain.from_iterable(iter(sender.invocation, None)) for sender in senders]
    turns = [(0.0, number) for number in range(SENDERS)]
    while (turn := heapq.heappop(turns))[0] < SECONDS:
        next(work[turn[1]])
        heapq.heappush(turns, (senders[turn[1]].now, turn[1]))
    return senders


@pytest.mark.parametrize("offices", [1, 2, 50, 500])
def test_senders_use_nine_tenths_of_the_quota_and_never_more_than_it(offices: int) -> None:
    senders = simulate(offices)
    sent = sum((sender.sent for sender in senders), Counter[int]())
    whole_seconds = [sent[second] for second in range(1, SECONDS - 1)]
    print(f"{offices} offices: {sum(whole_seconds) / len(whole_seconds) / QUOTA:.2f} of the quota")
    assert max(whole_seconds) <= QUOTA
    assert sum(whole_seconds) >= 0.9 * QUOTA * len(whole_seconds)
    assert max(sender.longest for sender in senders) < TIME - RESERVE


def test_an_invocation_keeps_the_reserve_of_the_simulation() -> None:
    begin_invocation(SimpleNamespace(get_remaining_time_in_millis=lambda: TIME * 1_000))
    try:
        assert seconds_left() == pytest.approx(TIME - RESERVE, abs=1)
    finally:
        begin_invocation(None)
