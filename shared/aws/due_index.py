"""What somebody must still see to carries `open`, which says what, and `due`, from when on; the sparse index `open`
of the alerts table lists just those."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPEN, UNACKNOWLEDGED = "yes", "unacknowledged"
_KEPT = timedelta(days=400)  # an office's copy, as product.md's retention says


def due_keys(client: "DynamoDBClient", table: str, what: str, now: datetime) -> Iterator[Item]:
    """The keys of everything of this kind that is due."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        IndexName="open",
        KeyConditionExpression="#open = :open AND due <= :now",
        ExpressionAttributeNames={"#open": "open"},
        ExpressionAttributeValues={":open": {"S": what}, ":now": {"S": sortable_timestamp(now)}},
    )
    for page in pages:
        yield from page["Items"]


def sortable_timestamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def expiry_attribute(instant: datetime) -> Item:
    return {"expires": {"N": str(int((instant + _KEPT).timestamp()))}}
