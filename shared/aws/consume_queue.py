"""A Lambda function that reads an SQS queue: each message is worked on by itself, and one that fails is given back.

Lambda leaves a failed message invisible for the rest of the queue's visibility timeout, which is six times the
function's time: half an hour for a feed. So a message is given back with a time of its own.
"""

import random
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from shared.aws.temporary_errors import is_temporary
from shared.aws.throttling import begin_invocation, seconds_left
from shared.errors import Rejected, TryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

logger = Logger()

# A queue lets a message be received ten times (`infra/blocks/queues.py`). What may succeed later is tried within
# seconds at first, and over half an hour in all; a fault of ours is a dead letter with an alarm after nine.
_FIRST_SECONDS, _LONGEST_SECONDS = 2, 900
_SECONDS_AFTER_A_FAULT = 60


class FailedMessage(TypedDict):
    itemIdentifier: str


class PartialBatch(TypedDict):
    """What Lambda is to give back: "Partial batch responses" in the AWS Lambda Developer Guide."""

    batchItemFailures: list[FailedMessage]


def consume(
    event: Mapping[str, Any],
    context: object,
    work: Callable[[str], None],
    sqs: Callable[[], "SQSClient"],
    *,
    seconds_a_message: float = 0,
) -> PartialBatch:
    """Calls `work` with the body of each message. Those for which it raises are given back, the others are deleted.

    Once the invocation has less than `seconds_a_message` left, the rest is given back unseen. The first message is
    always worked on.
    """
    begin_invocation(context)
    failures: list[FailedMessage] = []
    for number, message in enumerate(event["Records"]):
        try:
            if number and seconds_left() < seconds_a_message:
                raise TryLater("the time of the invocation is out")
            work(message["body"])
        except Exception as error:  # noqa: BLE001 - one message must not fail the others
            give_back(message, _log(error, message), sqs)
            failures.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failures}


def seconds_until_retry(error: Exception, tries: int) -> int:
    """Returns for how long a message stays invisible after its `tries`th try: exponential with jitter for what may
    succeed later, so that a thousand throttled messages do not come back in the same second."""
    if not is_temporary(error):
        return _SECONDS_AFTER_A_FAULT
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2**tries)
    return round(random.uniform(longest / 2, longest))  # noqa: S311 - spreads load, keeps no secret


def give_back(message: Mapping[str, Any], seconds: int, sqs: Callable[[], "SQSClient"]) -> None:
    """Makes the message visible again after so many seconds. If that fails, the queue's own timeout holds."""
    if not message.get("receiptHandle"):
        return
    client = sqs()
    _, _, _, _, account, name = message["eventSourceARN"].split(":")
    try:
        client.change_message_visibility(
            QueueUrl=f"{client.meta.endpoint_url}/{account}/{name}",
            ReceiptHandle=message["receiptHandle"],
            VisibilityTimeout=seconds,
        )
    except (BotoCoreError, ClientError) as error:
        logger.warning("a message comes back at its queue's own time", extra={"error": type(error).__name__})


def _log(error: Exception, message: Mapping[str, Any]) -> int:
    """Logs the kind of error and where it was raised, not its text, which may hold a person's data. Returns the seconds
    until the message comes back."""
    tries = int(message.get("attributes", {}).get("ApproximateReceiveCount", 1))
    seconds = seconds_until_retry(error, tries)
    facts = {"error": _kind_of(error), "tries": tries, "seconds": seconds, "where": _place_of(error)}
    log = logger.warning if is_temporary(error) else logger.error
    log("message given back", extra=facts)
    return seconds


def _kind_of(error: Exception) -> str:
    match error:
        case ClientError():
            return error.response["Error"]["Code"]
        case Rejected():
            return error.code
    return type(error).__name__


def _place_of(error: Exception) -> str:
    """Returns the innermost line of our own code, as `table.py:90`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/shared/" in frame.filename or "/functions/" in frame.filename]
    return f"{ours[-1].filename.rpartition('/')[2]}:{ours[-1].lineno}" if ours else ""
