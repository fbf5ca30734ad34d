"""The codes by which AWS says "too many requests", and how long a function waits for that.

Such a request was certainly not carried out. `temporary_errors.py` has what leaves it open.
"""

import random
import time
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

# Codes of DynamoDB, S3, SQS, SES, SNS, KMS, Lambda, Cognito and Step Functions, from their API references.
THROTTLES = frozenset(
    {
        "KMS.ThrottlingException", "KMSThrottlingException", "KmsThrottled", "LimitExceededException", "OverLimit",
        "ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
        "RequestThrottled", "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling",
        "ThrottlingError", "ThrottlingException", "TooManyRequestsException",
    }
)  # fmt: skip
# Somebody else writes the same item in this moment: certainly not carried out either.
CONFLICTS = frozenset({"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"})
_NO_REASON = "None"  # the code of a write of a cancelled transaction that had no fault of its own

_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.025, 2.0
# For what remains to be done when the waiting is over: to give messages back, to log.
_RESERVE_SECONDS = 5.0
# Of a sweep's time: what it has begun by then ends before half of the time is over.
_SHARE_FOR_SWEEPS = 0.4
# Without an invocation (a command) or where somebody waits for the answer (the API, the console).
_USUAL_SECONDS = 5.0


@runtime_checkable
class InvocationTime(Protocol):
    """The part of Lambda's context that says how long the invocation may go on."""

    def get_remaining_time_in_millis(self) -> int: ...


class _Deadline:
    """When the waiting of this invocation ends, and when a sweep begins nothing more. A Lambda process has one
    invocation at a time, so there is one of it; threads of the invocation see it too."""

    instant: float | None = None
    last_begin: float | None = None


def begin_invocation(context: object) -> None:
    """Lets this invocation wait as long as its time allows. `context` is Lambda's; any other object leaves the usual
    five seconds."""
    _Deadline.instant = _Deadline.last_begin = None
    if isinstance(context, InvocationTime):
        seconds = context.get_remaining_time_in_millis() / 1000
        _Deadline.instant = time.monotonic() + seconds - _RESERVE_SECONDS
        _Deadline.last_begin = time.monotonic() + seconds * _SHARE_FOR_SWEEPS


def seconds_left() -> float:
    """Returns for how long the invocation may still wait: 0 or less when it must end, 5 when nothing limits it."""
    return _USUAL_SECONDS if _Deadline.instant is None else _Deadline.instant - time.monotonic()


def may_begin_more() -> bool:
    """Whether a sweep may begin another piece of work. True when nothing limits it."""
    return _Deadline.last_begin is None or time.monotonic() < _Deadline.last_begin


def back_off(attempt: int) -> None:
    """Sleeps before the next attempt: exponential backoff with full jitter, 25 ms doubled an attempt, at most 2 s."""
    time.sleep(random.uniform(0, min(_LONGEST_SECONDS, _SHORTEST_SECONDS * 2**attempt)))  # noqa: S311 - no secret


def attempts() -> Iterator[int]:
    """Yields 0, 1, 2 ... and backs off in between, as long as the invocation may wait. There is always a first."""
    end, attempt = time.monotonic() + seconds_left(), 0
    yield attempt
    while time.monotonic() < end:
        back_off(attempt)
        attempt += 1
        yield attempt


def is_throttle(error: BaseException) -> bool:
    """True if AWS says that it certainly has not carried out the request, and will later."""
    return bool(codes := codes_of(error)) and codes <= THROTTLES | CONFLICTS


def codes_of(error: BaseException) -> set[str]:
    """Returns the codes by which AWS says why it refused; none for an error that is no answer of AWS. Of a cancelled
    transaction the reasons say it."""
    answer = getattr(error, "response", None) or {}
    reasons = [reason.get("Code", _NO_REASON) for reason in answer.get("CancellationReasons", [])]
    return set(reasons) - {_NO_REASON} or ({answer["Error"]["Code"]} if "Error" in answer else set())
