"""Writing to DynamoDB all or nothing. A throttled transaction is cancelled like one whose condition failed, and boto3
repeats neither: only the reasons tell them apart.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.aws.throttling import attempts, is_throttle
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONDITION_FAILED = "ConditionalCheckFailed"


def transact(client: "DynamoDBClient", writes: Sequence[Any]) -> tuple[int, ...]:
    """Carries out the writes of one TransactWriteItems. Returns the positions of those whose condition failed: none
    when all are written, else nothing is.

    Throttled, or in conflict with another writer, it tries again as long as the invocation may wait; then it raises
    TryLater. For every other reason it raises TransactionCanceledException.
    """
    for _ in attempts():
        try:
            client.transact_write_items(TransactItems=writes)
        except client.exceptions.TransactionCanceledException as cancelled:
            reasons = cancelled.response.get("CancellationReasons", [])
            failed = tuple(number for number, reason in enumerate(reasons) if reason.get("Code") == _CONDITION_FAILED)
            if failed:
                return failed
            if not is_throttle(cancelled):
                raise
        else:
            return ()
    raise TryLater("DynamoDB has been too busy for a transaction")
