"""Reading from DynamoDB: batch reads with their unprocessed keys, and instants as sortable text.

BatchGetItem may leave keys unprocessed when the table is throttled; `get_all` asks for them again.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.aws.throttling import attempts
from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]  # attribute name -> DynamoDB's typed value, such as {"S": "..."}

# Of arrests and what is stored about them. The purge takes them after 400 days or what an office's file says; time to
# live is the second line, behind it.
TIME_TO_LIVE = timedelta(days=430)
_KEYS_A_CALL = 100  # the quota of BatchGetItem


def get_all(client: "DynamoDBClient", table: str, keys: Iterable[Item], **options: Any) -> Iterator[Item]:
    """Yields every item that exists under these keys, in no order. Reads are strongly consistent.

    The keys must be distinct. `options` are those of BatchGetItem for one table, such as ProjectionExpression.
    Raises TryLater when the table leaves keys unprocessed for as long as the invocation may wait.
    """
    for batch in batches(keys, _KEYS_A_CALL):
        unread: Any = {table: {"Keys": batch, "ConsistentRead": True, **options}}
        for _ in attempts():
            answer = client.batch_get_item(RequestItems=unread)
            yield from answer["Responses"].get(table, [])
            unread = answer.get("UnprocessedKeys")
            if not unread:
                break
        else:
            raise TryLater(f"{table} left keys unread")


def sortable_timestamp(instant: datetime) -> str:
    """Returns ISO 8601 text in UTC with microseconds. Texts sort in the order of the instants."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def expires_at(instant: datetime) -> Item:
    """Returns a value for the TTL attribute `expires`: whole seconds since 1970. DynamoDB deletes the item after it."""
    return {"N": str(int(instant.timestamp()))}
