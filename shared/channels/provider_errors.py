"""Which of a provider's error codes are permanent and which are temporary failures.

A code in neither table leaves open whether the message was taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from shared.aws.throttling import THROTTLES
from shared.channels.channel import PermanentFailureError, TemporaryFailureError

# Certainly not taken, and may be taken once somebody mends it or time passes. A missing permission or a paused account
# is our fault and not the message's: the queue repeats it, it ends as a dead letter with an alarm, and is replayed.
_TEMPORARY = THROTTLES | {
    "SendingPausedException", "ServiceUnavailable",
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException",
    "AccountSuspendedException", "MailFromDomainNotVerifiedException",
}  # fmt: skip
_PERMANENT = {
    "MessageRejected", "BadRequestException", "NotFoundException", "NotFound", "InvalidParameter",
    "InvalidParameterValue", "InvalidParameterException", "OptedOut", "EndpointDisabled", "ValidationError",
    "ValidationException",
}  # fmt: skip


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raises TemporaryFailureError or PermanentFailureError for a code of the tables. Other errors pass unchanged."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _TEMPORARY:
            raise TemporaryFailureError(code) from error
        if code in _PERMANENT:
            raise PermanentFailureError(code) from error
        raise
