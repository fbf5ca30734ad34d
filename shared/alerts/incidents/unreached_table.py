"""Watches that reached nobody when a round of the sweep came by, in the table of subscriptions: pk
`unreached#<office>`, sk the subscription's id. A round writes each of them anew. What it did not write reaches somebody
again, and expires.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.alerts.reach import UnreachedWatch
from shared.aws.dynamodb import Item, expires_at, sortable_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RETENTION = timedelta(days=3)  # longer than a round takes


class UnreachedTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def note(self, office_id: str, watches: Iterable[UnreachedWatch], round_began: datetime) -> None:
        for watch in watches:
            item: Item = {
                "pk": {"S": f"unreached#{office_id}"},
                "sk": {"S": watch.subscription_id},
                "round_began": {"S": sortable_timestamp(round_began)},
                "expires": expires_at(round_began + _RETENTION),
                "doc": {"S": watch.model_dump_json()},
            }
            self._client.put_item(TableName=self._name, Item=item)

    def of(self, office_id: str, round_began: datetime) -> list[UnreachedWatch]:
        """Those that this round noted, in the order of their ids."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :office",
            FilterExpression="round_began = :round",
            ExpressionAttributeValues={
                ":office": {"S": f"unreached#{office_id}"},
                ":round": {"S": sortable_timestamp(round_began)},
            },
        )
        return [UnreachedWatch.model_validate_json(item["doc"]["S"]) for page in pages for item in page["Items"]]
