from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ConflictError(Exception):
    """Somebody else changed it first, or already watches the same: read again."""


def put_if_unchanged(client: "DynamoDBClient", table: str, item: dict[str, Any], revision: int) -> None:
    """The item as of this revision, in place of the one before or of none. Raises ConflictError."""
    try:
        client.put_item(
            TableName=table,
            Item=item | {"revision": {"N": str(revision)}},
            ConditionExpression="attribute_not_exists(pk) OR revision = :seen",
            ExpressionAttributeValues={":seen": {"N": str(revision - 1)}},
        )
    except client.exceptions.ConditionalCheckFailedException as refused:
        raise ConflictError from refused
