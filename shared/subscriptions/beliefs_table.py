"""Wordings that a person found fine, in the table of subscriptions: pk `beliefs#<office>`, sk subject, field and
hash."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.aws.dynamodb import sortable_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class BeliefsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def settle(self, office_id: str, wording: tuple[str, str, str], by: str, now: datetime) -> None:
        """Of one wording: another one of the same text is looked at anew."""
        item = {
            "pk": {"S": f"beliefs#{office_id}"},
            "sk": {"S": "/".join(wording)},
            "found_fine_by": {"S": by},
            "found_fine_at": {"S": sortable_timestamp(now)},
        }
        self._client.put_item(TableName=self._name, Item=item)

    def settled(self, office_id: str) -> set[tuple[str, str, str]]:
        """Subject, field and hash of each."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :office",
            ExpressionAttributeValues={":office": {"S": f"beliefs#{office_id}"}},
        )
        keys = (item["sk"]["S"].split("/") for page in pages for item in page["Items"])
        return {(subject, field, text_hash) for subject, field, text_hash in keys}
