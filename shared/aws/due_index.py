"""The due index: a sparse index of the alerts table that lists only what is still to be done, and when.

An item that waits for something carries two attributes: `open` says what for, `due` from when on. Once that has
happened, `open` is removed and DynamoDB drops the item from the index. So a sweep reads only what is overdue, however
large the table is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shared.aws.dynamodb import TIME_TO_LIVE, Item, expires_at, sortable_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Values of `open`: a delivery that is not settled; an urgent alert that nobody has acknowledged; an incident.
OPEN, UNACKNOWLEDGED, INCIDENT = "yes", "unacknowledged", "incident"


def due_keys(client: "DynamoDBClient", table: str, open_value: str, now: datetime) -> Iterator[Item]:
    """Yields the index entries whose `open` is `open_value` and whose `due` is not after `now`, the earliest first.

    The index is eventually consistent, so check the item itself before acting on it.
    """
    pages = client.get_paginator("query").paginate(
        TableName=table,
        IndexName="open",
        KeyConditionExpression="#open = :open AND due <= :now",
        ExpressionAttributeNames={"#open": "open"},
        ExpressionAttributeValues={":open": {"S": open_value}, ":now": {"S": sortable_timestamp(now)}},
    )
    for page in pages:
        yield from page["Items"]


def expiry_attribute(instant: datetime) -> Item:
    """Returns the TTL attribute of an item of the alerts table: it is deleted 430 days after this instant."""
    return {"expires": expires_at(instant + TIME_TO_LIVE)}
