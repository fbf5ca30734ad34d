"""Exports, in the table of subscriptions: pk `records-exports#<office>`, sk the id, which begins with its time."""

from typing import TYPE_CHECKING

from shared.aws.due_index import expiry_attribute
from shared.aws.dynamodb import Item, find_document
from shared.aws.optimistic_lock import put_if_unchanged
from shared.records_requests.exports.model import Export

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ExportsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def save(self, export: Export) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read."""
        item = _key(export.office_id, export.export_id) | expiry_attribute(export.asked_at)
        item |= {"request_id": {"S": export.request_id}, "doc": {"S": export.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, export.revision)

    def find(self, office_id: str, export_id: str) -> Export | None:
        """Reads consistently."""
        return find_document(self._client, self._name, _key(office_id, export_id), Export)

    def of_request(self, office_id: str, request_id: str) -> list[Export]:
        """The newest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="pk = :exports",
            FilterExpression="request_id = :request",
            ExpressionAttributeValues={
                ":exports": {"S": f"records-exports#{office_id}"},
                ":request": {"S": request_id},
            },
            ScanIndexForward=False,
        )
        return [Export.model_validate_json(item["doc"]["S"]) for page in pages for item in page["Items"]]


def _key(office_id: str, export_id: str) -> Item:
    return {"pk": {"S": f"records-exports#{office_id}"}, "sk": {"S": export_id}}
