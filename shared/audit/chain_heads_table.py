"""How far each office's chain of audit events goes: pk office, the number, hash and text (compressed) of its last link.
Apart from the events themselves, so that whoever can write those cannot set a chain back."""

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
        item = self._client.get_item(TableName=self._name, Key={"pk": {"S": office_id}}, ConsistentRead=True).get(
            "Item"
        )
        if item is None:
            return ChainHead(office_id)
        text = zlib.decompress(item["doc"]["B"]).decode()
        return ChainHead(office_id, int(item["sequence"]["N"]), item["sha256"]["S"], item["key"]["S"], text)

    def office_ids(self) -> list[str]:
        pages = self._client.get_paginator("scan").paginate(TableName=self._name, ProjectionExpression="pk")
        return sorted(item["pk"]["S"] for page in pages for item in page["Items"])

    def advance(self, before: ChainHead, after: ChainHead) -> bool:
        """False when somebody else was quicker."""
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
