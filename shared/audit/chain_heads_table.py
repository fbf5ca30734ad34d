"""The chain heads table: the newest link of each office's hash chain of audit events.

Each item: pk office id; sequence, hash, object key and compressed text of the newest link. The table is apart from the
audit table, so that whoever can write events cannot set a chain back.
"""

import zlib
from typing import TYPE_CHECKING, Any

from shared.audit.hash_chain import ChainHead
from shared.aws.dynamodb import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ChainHeadsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def head(self, office_id: str) -> ChainHead:
        """Returns the office's chain head; an office without events has the head of an empty chain."""
        answer = self._client.get_item(TableName=self._name, Key={"pk": {"S": office_id}}, ConsistentRead=True)
        item = answer.get("Item")
        if item is None:
            return ChainHead(office_id)
        text = zlib.decompress(item["doc"]["B"]).decode()
        return ChainHead(office_id, int(item["sequence"]["N"]), item["sha256"]["S"], item["key"]["S"], text)

    def office_ids(self) -> list[str]:
        """Returns every office that has a chain, sorted."""
        pages = self._client.get_paginator("scan").paginate(TableName=self._name, ProjectionExpression="pk")
        return sorted(item["pk"]["S"] for page in pages for item in page["Items"])

    def advance(self, before: ChainHead, after: ChainHead) -> bool:
        """Replaces a chain head. Returns False when it is no longer `before`: another worker appended a link first."""
        item: Item = {
            "pk": {"S": after.office_id},
            "sequence": {"N": str(after.sequence)},
            "sha256": {"S": after.sha256},
            "key": {"S": after.key},
            "doc": {"B": zlib.compress(after.text.encode())},
        }
        condition: Any = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before.sequence:
            condition = {
                "ConditionExpression": "sha256 = :before",
                "ExpressionAttributeValues": {":before": {"S": before.sha256}},
            }
        try:
            self._client.put_item(TableName=self._name, Item=item, **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
