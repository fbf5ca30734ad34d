"""Notices, in the alerts' table, each with its delivery beside it: pk alert_id = notice id, part notice. A warning is
given once: pk warned#<subscription>#<last day>, part <step>, is written with the notice that says it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.table import delivery_item
from shared.alerts.expiry import ExpiryWarning
from shared.aws.due_index import expiry_attribute
from shared.aws.dynamodb import Item, get_all
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


MOST_LAPSES = 90  # of one notice, so that it is written in one transaction


class NoticesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, notice_id: str) -> Notice | None:
        item = self._client.get_item(TableName=self._name, Key=_key(notice_id), ConsistentRead=True).get("Item")
        return Notice.model_validate_json(item["doc"]["S"]) if item else None

    def unsaid(self, lapses: Sequence[ExpiryWarning]) -> tuple[ExpiryWarning, ...]:
        """Those that nobody has been warned of yet."""
        said = {
            (item["alert_id"]["S"], item["part"]["S"])
            for item in get_all(self._client, self._name, map(_warned, lapses))
        }
        return tuple(warning for warning in lapses if _place(warning) not in said)

    def give(self, notice: Notice) -> bool:
        """Store it with its queued delivery. False when it, or one of its warnings, was given before."""
        expires = expiry_attribute(notice.created_at)
        first = _key(notice.notice_id) | expires | {"doc": {"S": notice.model_dump_json()}}
        fresh = [first, *(_warned(warning) | expires for warning in notice.lapses)]
        puts: list[Any] = [
            {"Put": {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(alert_id)"}}
            for item in fresh
        ]
        puts.append({"Put": {"TableName": self._name, "Item": delivery_item(notice.delivery)}})
        try:
            self._client.transact_write_items(TransactItems=puts)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if "ConditionalCheckFailed" in codes:
                return False
            raise TryLater(f"the notice could not be written: {sorted(code or '' for code in codes)}") from cancelled
        return True


def _key(notice_id: str) -> Item:
    return {"alert_id": {"S": notice_id}, "part": {"S": "notice"}}


def _place(warning: ExpiryWarning) -> tuple[str, str]:
    return f"warned#{warning.subscription_id}#{warning.last_day}", str(warning.step)


def _warned(warning: ExpiryWarning) -> Item:
    pk, part = _place(warning)
    return {"alert_id": {"S": pk}, "part": {"S": part}}
