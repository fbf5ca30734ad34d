"""Reading from DynamoDB: batch reads with their unprocessed keys, exponential backoff, and instants as sortable text.

BatchGetItem may leave keys unprocessed when the table is throttled; `get_all` asks for them again.
"""

import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]  # attribute name -> DynamoDB's typed value, such as {"S": "..."}

_KEYS_A_CALL = 100  # the quota of BatchGetItem
_ATTEMPTS = 8


def back_off(attempt: int) -> None:
    """Sleeps before the next attempt: exponential backoff with full jitter, 25 ms doubled an attempt, at most 2 s."""
    time.sleep(random.uniform(0, min(2.0, 0.025 * 2**attempt)))  # noqa: S311 - spreads load, keeps no secret


def get_all(client: "DynamoDBClient", table: str, keys: Iterable[Item], **options: Any) -> Iterator[Item]:
    """Yields every item that exists under these keys, in no order. Reads are strongly consistent.

    The keys must be distinct. `options` are those of BatchGetItem for one table, such as ProjectionExpression.
    Raises TryLater when the table still leaves keys unprocessed after eight attempts.
    """
    for batch in batches(keys, _KEYS_A_CALL):
        unread: Any = {table: {"Keys": batch, "ConsistentRead": True, **options}}
        for attempt in range(_ATTEMPTS):
            answer = client.batch_get_item(RequestItems=unread)
            yield from answer["Responses"].get(table, [])
            unread = answer.get("UnprocessedKeys")
            if not unread:
                break
            back_off(attempt)
        else:
            raise TryLater(f"{table} left keys unread after {_ATTEMPTS} attempts")


def sortable_timestamp(instant: datetime) -> str:
    """Returns ISO 8601 text in UTC with microseconds. Texts sort in the order of the instants."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def expires_at(instant: datetime) -> Item:
    """Returns a value for the TTL attribute `expires`: whole seconds since 1970. DynamoDB deletes the item after it."""
    return {"N": str(int(instant.timestamp()))}
