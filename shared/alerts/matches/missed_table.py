"""Matches of which nobody could be told, in the alerts table: pk missed#<office>, part <subscription_id>.

One item for each watch, with the last such match. It names no arrest: nobody may read that there.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.arrests.model import parse_utc
from shared.aws.due_index import expiry_attribute
from shared.aws.dynamodb import sortable_timestamp
from shared.subscriptions.model import SubscriptionKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class MissedMatchesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def note(self, key: SubscriptionKey, now: datetime) -> None:
        """An arrest matched this watch now, and everybody whom it would notify is refused. May run twice."""
        item = {
            "alert_id": {"S": f"missed#{key.office_id}"},
            "part": {"S": key.subscription_id},
            "matched_at": {"S": sortable_timestamp(now)},
        }
        self._client.put_item(TableName=self._name, Item=item | expiry_attribute(now))

    def of(self, office_id: str) -> dict[str, datetime]:
        """Maps the ids of the office's watches to their last such match."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="alert_id = :office",
            ExpressionAttributeValues={":office": {"S": f"missed#{office_id}"}},
        )
        return {item["part"]["S"]: parse_utc(item["matched_at"]["S"]) for page in pages for item in page["Items"]}
