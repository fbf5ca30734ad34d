"""The rate limit: a token bucket that all senders share. No provider is asked for more messages than it takes in a
second, and no office uses the whole second up.

Each message takes one token of its channel, for one second. When a second is full it waits for one of the next. The
wait is short, because a sender that waits keeps its Lambda busy.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from shared.alerts.delivery.limits.rate_table import RatesTable
from shared.aws.throttling import seconds_left

_SECONDS_AHEAD, _SECONDS_AHEAD_IF_URGENT = 2, 5  # this second and the next ones
_KEPT_FOR_OTHERS = 0.1  # of each second, whatever one office has to send


class RateLimiter:
    def __init__(
        self,
        table: RatesTable,
        limits: Mapping[str, int | None],
        clock: Callable[[], datetime],
        wait: Callable[[float], None],
        time_left: Callable[[], float] = seconds_left,
    ) -> None:
        """`limits`: messages a second by channel, None for no limit. A channel that is not named has none either.
        `time_left`: for how many seconds this invocation may still wait."""
        self._table, self._limits, self._clock, self._wait = table, limits, clock, wait
        self._time_left = time_left

    def take(self, channel: str, office_id: str, *, urgent: bool = False) -> bool:
        """Whether a message may go to the provider now. Waits up to two seconds, five if urgent. False when too many
        others wait as well, or the invocation's time is short."""
        limit = self._limits.get(channel)
        if limit is None:
            return True
        now, longest = self._clock().timestamp(), self._time_left()
        share = max(1, limit - max(1, round(limit * _KEPT_FOR_OTHERS)))
        for second in range(int(now), int(now) + (_SECONDS_AHEAD_IF_URGENT if urgent else _SECONDS_AHEAD)):
            if second - now > longest:
                return False
            if self._table.take(channel, second, limit, office_id=office_id, share=share):
                self._wait(max(0.0, second - now))
                return True
        return False
