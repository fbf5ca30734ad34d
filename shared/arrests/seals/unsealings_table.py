"""Unsealings in the agencies' table, under `#unsealings`: `part` is the id, which begins with the time. They stay."""

from typing import TYPE_CHECKING

from shared.arrests.seals.unsealing import Unsealing
from shared.aws.dynamodb import Item, find_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

UNSEALINGS = "#unsealings"  # no folder of the bucket has this name, and so no agency


class UnsealingsTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def find(self, unsealing_id: str) -> Unsealing | None:
        """Reads consistently: a decision is taken once."""
        return find_document(self._client, self._name, _key(unsealing_id), Unsealing)

    def save(self, unsealing: Unsealing, before: Unsealing | None = None) -> bool:
        """Returns False when somebody decided since `before` was read."""
        condition, values = "attribute_not_exists(part)", {":doc": {"S": unsealing.model_dump_json()}}
        if before:
            condition, values = "doc = :before", values | {":before": {"S": before.model_dump_json()}}
        try:
            self._client.update_item(
                TableName=self._name,
                Key=_key(unsealing.unsealing_id),
                UpdateExpression="SET doc = :doc",
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def of_agency(self, agency: str) -> list[Unsealing]:
        """The newest first. A court's order is rare, so those of all agencies are read."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="agency = :unsealings",
            ExpressionAttributeValues={":unsealings": {"S": UNSEALINGS}},
            ScanIndexForward=False,
        )
        unsealings = (Unsealing.model_validate_json(item["doc"]["S"]) for page in pages for item in page["Items"])
        return [unsealing for unsealing in unsealings if unsealing.agency == agency]


def _key(unsealing_id: str) -> Item:
    return {"agency": {"S": UNSEALINGS}, "part": {"S": unsealing_id}}
