"""A token bucket that all senders share: no provider is asked for more than it takes in a second, and no office uses
it up.

A sender takes a few tokens at once, for one office and one second, and lets go what it has not used by then. It waits
for the next seconds when this one is full; the time to wait is short, because whoever waits keeps its Lambda busy.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from shared.alerts.delivery.rate_table import RatesTable

_AT_ONCE = 4
_SECONDS, _SECONDS_IF_URGENT = 2, 5  # this one and the next
_SHARE_OF_AN_OFFICE = 0.8


class Rate:
    def __init__(
        self, table: RatesTable, limits: Mapping[str, int], clock: Callable[[], datetime], wait: Callable[[float], None]
    ) -> None:
        """`limits`: messages a second by channel; a channel that has none is not counted."""
        self._table, self._limits, self._clock, self._wait = table, limits, clock, wait
        self._held: dict[tuple[str, str], tuple[int, int]] = {}  # channel and office -> the second, and tokens left

    def take(self, channel: str, office_id: str, *, urgent: bool = False) -> bool:
        """Whether a message may go to the provider now; False when too many others wait as well."""
        if channel not in self._limits:
            return True
        now = self._clock().timestamp()
        second, left = self._held.get((channel, office_id), (0, 0))
        if left and second == int(now):
            self._held[channel, office_id] = second, left - 1
            return True
        for second in range(int(now), int(now) + (_SECONDS_IF_URGENT if urgent else _SECONDS)):
            if count := self._taken(channel, office_id, second):
                self._held[channel, office_id] = second, count - 1
                self._wait(max(0.0, second - now))
                return True
        return False

    def _taken(self, channel: str, office_id: str, second: int) -> int:
        rate = self._limits[channel]
        share = max(1, int(rate * _SHARE_OF_AN_OFFICE))
        count = max(1, min(_AT_ONCE, rate // 4))
        taken = self._table.take(channel, second, count, rate, office_id=office_id, share=share)
        return count if taken else 0
