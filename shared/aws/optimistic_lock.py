"""Optimistic locking: a write succeeds only if the item is still the one that was read; otherwise it is a conflict.

Each item carries a `revision` number. A writer reads the item, changes it, and puts it with the next number, on the
condition that the stored number is the one it read. No lock is held, so nothing is left locked by a crash. The
condition asks for the number itself and for no key, because tables name their keys differently: a condition that no
attribute `pk` is there would always hold in a table that has none.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ConflictError(Exception):
    """The item changed since it was read, or another item already claims the same thing. Read again, then decide."""


def put_if_unchanged(client: "DynamoDBClient", table: str, item: dict[str, Any], revision: int) -> None:
    """Puts the item as this revision, in place of revision - 1 or of no item.

    Raises ConflictError when the table holds any other revision.
    """
    try:
        client.put_item(
            TableName=table,
            Item=item | {"revision": {"N": str(revision)}},
            ConditionExpression="attribute_not_exists(revision) OR revision = :seen",
            ExpressionAttributeValues={":seen": {"N": str(revision - 1)}},
        )
    except client.exceptions.ConditionalCheckFailedException as error:
        raise ConflictError from error
