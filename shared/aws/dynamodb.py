"""DynamoDB answers in parts: keys it did not get to, and pages. Both are gone through here, nowhere else."""

import random
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]  # attribute name -> DynamoDB's typed value, such as {"S": "..."}

_KEYS_A_CALL = 100
_ATTEMPTS = 8


def back_off(attempt: int) -> None:
    """Full jitter: 25 ms doubled an attempt, at most 2 s."""
    time.sleep(random.uniform(0, min(2.0, 0.025 * 2**attempt)))  # noqa: S311 - spreads load, keeps no secret


def get_all(client: "DynamoDBClient", table: str, keys: Iterable[Item], **options: Any) -> Iterator[Item]:
    """Every item that exists under these distinct keys, in no order, read consistently.

    Raises TryLater when the table goes on refusing.
    """
    for batch in batches(keys, _KEYS_A_CALL):
        wanted: Any = {table: {"Keys": batch, "ConsistentRead": True, **options}}
        for attempt in range(_ATTEMPTS):
            answer = client.batch_get_item(RequestItems=wanted)
            yield from answer["Responses"].get(table, [])
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                break
            back_off(attempt)
        else:
            raise TryLater(f"{table} left keys unread after {_ATTEMPTS} attempts")
