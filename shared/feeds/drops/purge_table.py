"""What the purge reads and deletes of an agency's drops (`table.py`), the oldest first."""

from datetime import date
from typing import TYPE_CHECKING, Any

from shared.feeds.drops.model import Drop, DropRecord
from shared.feeds.drops.table import BY_TIME, record_in

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGE = 100


class DropPurgeTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def oldest(self, agency: str, until: date) -> list[DropRecord]:
        """The oldest hundred drops that came on this day or before."""
        answer = self._client.query(
            TableName=self._name,
            IndexName=BY_TIME,
            Limit=_PAGE,
            KeyConditionExpression="agency = :agency AND dropped_at < :after",
            ExpressionAttributeValues={
                ":agency": {"S": agency},
                ":after": {"S": f"{until.isoformat()}T~"},  # behind every instant of the day
            },
        )
        return [record_in(item) for item in answer["Items"] if "doc" in item]

    def delete(self, drop: Drop, drop_id: str) -> None:
        key: Any = {"agency": {"S": drop.agency}, "part": {"S": f"drop#{drop_id}"}}
        self._client.delete_item(TableName=self._name, Key=key)
