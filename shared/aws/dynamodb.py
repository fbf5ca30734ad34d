"""Reading from DynamoDB: batch reads with their unprocessed keys, items of one document, and instants as sortable text.

BatchGetItem may leave keys unprocessed when the table is throttled; `get_all` asks for them again.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from shared.aws.throttling import attempts
from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from pydantic import BaseModel

Document = TypeVar("Document", bound="BaseModel")
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


def find_document(
    client: "DynamoDBClient", table: str, key: Item, model: type[Document], *, is_exact: bool = True
) -> Document | None:
    """The document of one item, its attribute `doc`; None where there is no such item. Without `is_exact` it may be as
    it was a moment ago, for half the price."""
    item = client.get_item(TableName=table, Key=key, ConsistentRead=is_exact).get("Item")
    return model.model_validate_json(item["doc"]["S"]) if item else None


def documents_under(
    client: "DynamoDBClient", table: str, pk: str, model: type[Document], *, is_exact: bool = True
) -> list[Document]:
    """The documents of all items with this partition key, in the order of their sort keys. `is_exact` as above."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        ConsistentRead=is_exact,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
    )
    return [model.model_validate_json(item["doc"]["S"]) for page in pages for item in page["Items"]]


def sortable_timestamp(instant: datetime) -> str:
    """Returns ISO 8601 text in UTC with microseconds. Texts sort in the order of the instants."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def expires_at(instant: datetime) -> Item:
    """Returns a value for the TTL attribute `expires`: whole seconds since 1970. DynamoDB deletes the item after it."""
    return {"N": str(int(instant.timestamp()))}
