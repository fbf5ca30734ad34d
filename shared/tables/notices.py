"""Notices, in the alerts' table, each with its delivery beside it: pk alert_id = notice id, part notice."""

from typing import TYPE_CHECKING

from shared.domain.errors import TryLater
from shared.domain.notices import Notice
from shared.tables.deliveries import delivery_item
from shared.tables.due import expiry
from shared.tables.paging import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class NoticesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, notice_id: str) -> Notice | None:
        item = self._client.get_item(TableName=self._name, Key=_key(notice_id), ConsistentRead=True).get("Item")
        return Notice.model_validate_json(item["doc"]["S"]) if item else None

    def give(self, notice: Notice) -> bool:
        """Store it with its queued delivery. False when it was given before."""
        item = _key(notice.notice_id) | expiry(notice.created_at) | {"doc": {"S": notice.model_dump_json()}}
        first = {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(alert_id)"}
        then = {"TableName": self._name, "Item": delivery_item(notice.delivery)}
        try:
            self._client.transact_write_items(TransactItems=[{"Put": first}, {"Put": then}])  # type: ignore[typeddict-item]
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if "ConditionalCheckFailed" in codes:
                return False
            raise TryLater(f"the notice could not be written: {sorted(code or '' for code in codes)}") from cancelled
        return True


def _key(notice_id: str) -> Item:
    return {"alert_id": {"S": notice_id}, "part": {"S": "notice"}}
