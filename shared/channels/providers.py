"""What a provider's answer means. One table: whatever is not in it leaves open whether the message was taken."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import ClientError

from shared.channels.contract import NotNow, Refused

# One attempt only: a retry inside the SDK after a lost answer would be a second message.
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=10)

_NOT_NOW = {
    "TooManyRequestsException", "Throttling", "ThrottlingException", "ThrottledException", "LimitExceededException",
    "KMSThrottlingException", "RequestLimitExceeded", "SendingPausedException", "ServiceUnavailable",
}  # fmt: skip
_REFUSED = {
    "MessageRejected", "MailFromDomainNotVerifiedException", "AccountSuspendedException", "BadRequestException",
    "NotFoundException", "NotFound", "InvalidParameter", "InvalidParameterValue", "InvalidParameterException",
    "AuthorizationError", "AuthorizationErrorException", "AccessDenied", "AccessDeniedException", "OptedOut",
    "EndpointDisabled", "ValidationError", "ValidationException",
}  # fmt: skip


@contextmanager
def answers() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _NOT_NOW:
            raise NotNow(code) from error
        if code in _REFUSED:
            raise Refused(code) from error
        raise
