"""What a provider's answer means. One table: whatever is not in it leaves open whether the message was taken."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from shared.channels.channel import PermanentFailure, TemporaryFailure

# Certainly not taken, and takeable once somebody mends it or time passes. A permission or a paused account is our own
# fault and not the message's: it is repeated, ends in the dead letter and its alarm, and can be replayed.
_NOT_NOW = {
    "TooManyRequestsException", "Throttling", "ThrottlingException", "ThrottledException", "LimitExceededException",
    "KMSThrottlingException", "RequestLimitExceeded", "SendingPausedException", "ServiceUnavailable",
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException",
    "AccountSuspendedException", "MailFromDomainNotVerifiedException",
}  # fmt: skip
_REFUSED = {
    "MessageRejected", "BadRequestException", "NotFoundException", "NotFound", "InvalidParameter",
    "InvalidParameterValue", "InvalidParameterException", "OptedOut", "EndpointDisabled", "ValidationError",
    "ValidationException",
}  # fmt: skip


@contextmanager
def answers() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _NOT_NOW:
            raise TemporaryFailure(code) from error
        if code in _REFUSED:
            raise PermanentFailure(code) from error
        raise
