"""The rate limit: a token bucket that all senders share. No provider is asked for more messages than it takes in a
second, and no office uses the whole second up.

A sender takes a few tokens at once, for one office and one second, and drops what it has not used by then. When a
second is full it waits for one of the next. The wait is short, because a sender that waits keeps its Lambda busy.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from shared.alerts.delivery.limits.rate_table import RatesTable

_TOKENS_AT_ONCE = 4
_SECONDS_AHEAD, _SECONDS_AHEAD_IF_URGENT = 2, 5  # this second and the next ones
_SHARE_OF_AN_OFFICE = 0.8


class RateLimiter:
    def __init__(
        self,
        table: RatesTable,
        limits: Mapping[str, int | None],
        clock: Callable[[], datetime],
        wait: Callable[[float], None],
    ) -> None:
        """`limits`: messages a second by channel, None for no limit. A channel that is not named has none either."""
        self._table, self._limits, self._clock, self._wait = table, limits, clock, wait
        self._held: dict[tuple[str, str], tuple[int, int]] = {}  # channel and office -> the second, and tokens left

    def take(self, channel: str, office_id: str, *, urgent: bool = False) -> bool:
        """Whether a message may go to the provider now. Waits up to two seconds, five if urgent. False when too many
        others wait as well."""
        limit = self._limits.get(channel)
        if limit is None:
            return True
        now = self._clock().timestamp()
        second, tokens = self._held.get((channel, office_id), (0, 0))
        if tokens and second == int(now):
            self._held[channel, office_id] = second, tokens - 1
            return True
        for second in range(int(now), int(now) + (_SECONDS_AHEAD_IF_URGENT if urgent else _SECONDS_AHEAD)):
            if tokens := self._take_tokens(channel, office_id, second, limit):
                self._held[channel, office_id] = second, tokens - 1
                self._wait(max(0.0, second - now))
                return True
        return False

    def _take_tokens(self, channel: str, office_id: str, second: int, limit: int) -> int:
        share = max(1, int(limit * _SHARE_OF_AN_OFFICE))
        tokens = max(1, min(_TOKENS_AT_ONCE, limit // 4))
        is_taken = self._table.take(channel, second, tokens, limit, office_id=office_id, share=share)
        return tokens if is_taken else 0
