"""Sending to Amazon SQS: ten messages a call, message groups for fair queues, and an error for what was not taken.

Each room has a module `queue` that says what is special about its messages: the body and the message group.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MESSAGES_A_CALL = 10  # the quota of SendMessageBatch


class QueueMessage(NamedTuple):
    """`group` is the message group, empty for none.

    On a standard queue a group orders nothing. It keeps a group with many messages from delaying the others (Amazon
    SQS fair queues).
    """

    body: str
    group: str = ""


def send_messages(sqs: "SQSClient", queue_url: str, messages: Iterable[QueueMessage]) -> None:
    """Sends all messages, ten a call, in order.

    Raises TryLater when SQS did not take every message of a call. The messages before may have been sent, so the caller
    repeats the whole work, and whoever receives must tolerate a message that comes twice.
    """
    for batch in batches(messages, _MESSAGES_A_CALL):
        entries = [_entry(number, message) for number, message in enumerate(batch)]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        if failed := answer.get("Failed"):
            raise TryLater(f"the queue did not take {len(failed)} of {len(batch)} messages")


def _entry(number: int, message: QueueMessage) -> Any:
    entry = {"Id": str(number), "MessageBody": message.body}
    return entry | {"MessageGroupId": message.group} if message.group else entry
