"""Records requests, in the table of subscriptions: pk `records-requests#<office>`, sk the id, which begins with its
time. A closed one expires; what it covered is not its to keep. An office's own rules: pk `office#<office>`, sk
`request-rules`."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item, expires_at
from shared.aws.optimistic_lock import put_if_unchanged
from shared.records_requests.model import RecordsRequest
from shared.records_requests.own_rules import OwnRequestRules

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_CLOSED = timedelta(days=1_100)  # longer than the two years that a report goes back


class RecordsRequestsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def save(self, request: RecordsRequest) -> None:
        """Raises ConflictError when somebody else saved another revision since this one was read."""
        item = _key(request.office_id, request.request_id) | {"doc": {"S": request.model_dump_json()}}
        if not request.is_open:
            item |= {"expires": expires_at(request.steps[-1].at + KEPT_CLOSED)}
        put_if_unchanged(self._client, self._name, item, request.revision)

    def find(self, office_id: str, request_id: str) -> RecordsRequest | None:
        """Reads consistently: a step is taken once."""
        key = _key(office_id, request_id)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return RecordsRequest.model_validate_json(item["doc"]["S"]) if item else None

    def of_office(self, office_id: str) -> list[RecordsRequest]:
        """Every request of the office, closed ones included until they expire, the newest first."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :register",
            ExpressionAttributeValues={":register": {"S": f"records-requests#{office_id}"}},
            ScanIndexForward=False,
        )
        documents: list[Any] = [item["doc"]["S"] for page in pages for item in page["Items"]]
        return [RecordsRequest.model_validate_json(document) for document in documents]

    def rules(self, office_id: str) -> OwnRequestRules | None:
        """What the office's counsel changes; None where the shipped ones hold as they are."""
        item = self._client.get_item(TableName=self._name, Key=_rules_key(office_id)).get("Item")
        return OwnRequestRules.model_validate_json(item["doc"]["S"]) if item else None

    def save_rules(self, office_id: str, rules: OwnRequestRules) -> None:
        document = {"doc": {"S": rules.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=_rules_key(office_id) | document)


def _rules_key(office_id: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": "request-rules"}}


def _key(office_id: str, request_id: str) -> Item:
    return {"pk": {"S": f"records-requests#{office_id}"}, "sk": {"S": request_id}}
