"""What the purge reads and writes in the table of juveniles' records."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.arrests.items import APART
from shared.arrests.juveniles.stub import record_key
from shared.arrests.purge_table import ArrestPurgeTable, StoredRecord, tombstone_of
from shared.aws.dynamodb import Item
from shared.aws.transactions import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class JuvenilePurgeTable(ArrestPurgeTable):
    """A page has nothing but records: an opening has no `doc`."""

    def __init__(self, client: "DynamoDBClient", juveniles: str, arrests: str) -> None:
        super().__init__(client, juveniles)
        self._arrests = arrests

    def _key(self, arrest_id: str) -> Item:
        return record_key(arrest_id)

    def purge(self, record: StoredRecord, now: datetime) -> bool:
        """Deletes the record and leaves a tombstone in the place of its stub, in one transaction. Returns False if it
        has changed since it was read."""
        as_read = {":content": {"S": record.content}, ":order": {"S": record.order}}
        as_stub = as_read | {":content": {"S": APART}}
        condition = "content = :content AND version_order = :order"
        tombstone = {"TableName": self._arrests, "Item": tombstone_of(record.arrest, now)}
        deleted = {"TableName": self._name, "Key": record_key(record.arrest.arrest_id)}
        return not transact(
            self._client,
            [
                {"Put": tombstone | {"ConditionExpression": condition, "ExpressionAttributeValues": as_stub}},
                {"Delete": deleted | {"ConditionExpression": condition, "ExpressionAttributeValues": as_read}},
            ],
        )
