"""Which errors mean "later". The only place that says so.

A throttle was certainly not carried out. An outage leaves open whether it was; what is written twice is the same here,
so both are tried again. A message to a person is not: `shared/channels/provider_errors.py` asks for throttles alone.
"""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.exceptions import HTTPClientError

from shared.aws.throttling import CONFLICTS, THROTTLES, attempts, codes_of, seconds_left
from shared.errors import TryLater

_OUTAGES = frozenset(
    {
        "503", "InternalError", "InternalFailure", "InternalServerError", "RequestTimeout", "RequestTimeoutException",
        "ServiceUnavailable", "ServiceUnavailableException",
    }
)  # fmt: skip
Result = TypeVar("Result")


def is_temporary(error: BaseException) -> bool:
    """True if the same work may succeed later without anybody's doing."""
    if isinstance(error, TryLater | NoConnectionError | HTTPClientError):
        return True
    return bool(codes := codes_of(error)) and codes <= THROTTLES | CONFLICTS | _OUTAGES


def repeat_while_busy(work: Callable[[], Result]) -> Result:
    """Does the work, and does it again while it fails for a temporary reason and the invocation may wait. It is for
    what reads a stream: a failed batch of a stream comes back five times only."""
    for _ in attempts():
        try:
            return work()
        except Exception as error:
            if seconds_left() <= 0 or not is_temporary(error):
                raise
    raise TryLater("a service has been too busy")
