"""The log of sign-ins that the user pool delivers, read back for the last minutes.

CloudWatch Logs answers the oldest lines first. A flood of guesses at one account may not hide five at another, so the
minutes are read from the newest back, several at once, until the time is over. At the pool's quota of 120 sign-ins a
second 25 minutes are some 180 MB, of which a call answers one; ten calls a second may be made.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

from shared.batching import map_in_threads
from shared.offices.governance.failed_sign_ins import SignInAttemptEvent, sign_in_of

_WINDOW = timedelta(minutes=1)
_AT_ONCE = 4  # windows


class SignIns(NamedTuple):
    """`is_complete`: every minute was read to its end."""

    events: list[SignInAttemptEvent]
    is_complete: bool


class SignInsUnreadError(Exception):
    """More was logged than can be read in time: accounts may not be locked that should be. Somebody floods the sign-in;
    look at the alarm of failed sign-ins, and block the source (`infra/operate.md`)."""


def sign_ins_between(
    client: Any,
    log_group: str,
    since: datetime,
    until: datetime,
    seconds: float,
    clock: Callable[[], float] = monotonic,
) -> SignIns:
    """`client` is boto3's of CloudWatch Logs. Reads for about `seconds`."""
    deadline = clock() + seconds

    def read(window: tuple[datetime, datetime]) -> SignIns:
        events: list[SignInAttemptEvent] = []
        for page in _pages(client, log_group, *window):
            if clock() > deadline:
                return SignIns(events, is_complete=False)
            events += _events_in(page)
        return SignIns(events, is_complete=True)

    windows = list(map_in_threads(read, _windows(since, until), _AT_ONCE))
    events = [event for window in windows for event in window.events]
    return SignIns(events, all(window.is_complete for window in windows))


def _windows(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The newest first; each without its last instant."""
    while until > since:
        begin = max(since, until - _WINDOW)
        yield begin, until
        until = begin


def _pages(client: Any, log_group: str, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    yield from client.get_paginator("filter_log_events").paginate(
        logGroupName=log_group,
        startTime=_milliseconds(since),
        endTime=_milliseconds(until) - 1,
        filterPattern='{ $.message.eventType = "SignIn" }',
    )


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _events_in(page: dict[str, Any]) -> Iterator[SignInAttemptEvent]:
    for line in page["events"]:
        moment = datetime.fromtimestamp(line["timestamp"] / 1000, UTC)
        if event := sign_in_of(line["message"], moment):
            yield event
