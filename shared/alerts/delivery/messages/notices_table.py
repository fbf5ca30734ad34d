"""Notices in the alerts table, each with its delivery beside it: pk alert_id = notice id, part notice.

An expiry warning is given once: pk warned#<subscription>#<last day>, part <step>, is written with the notice that
holds it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.alerts.delivery.item import delivery_item
from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.expiry import ExpiryWarning
from shared.aws.due_index import expiry_attribute
from shared.aws.dynamodb import Item, find_document, get_all
from shared.aws.transactions import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


MAX_WARNINGS = 90  # in one notice, so that it is written in one transaction of at most 100 items


class NoticesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, notice_id: str) -> Notice | None:
        return find_document(self._client, self._name, _notice_key(notice_id), Notice)

    def without_given(self, warnings: Sequence[ExpiryWarning]) -> tuple[ExpiryWarning, ...]:
        """Returns the warnings that were not given yet."""
        given = {
            (item["alert_id"]["S"], item["part"]["S"])
            for item in get_all(self._client, self._name, map(_warning_key, warnings))
        }
        return tuple(warning for warning in warnings if _warning_id(warning) not in given)

    def store(self, notice: Notice) -> bool:
        """Stores a notice with its queued delivery and its warnings, in one transaction. False if the notice, or one of
        its warnings, was stored before. Raises TryLater when DynamoDB stays busy."""
        expires = expiry_attribute(notice.created_at)
        new_items = [
            _notice_key(notice.notice_id) | expires | {"doc": {"S": notice.model_dump_json()}},
            *(_warning_key(warning) | expires for warning in notice.warnings),
        ]
        puts: list[Any] = [
            {"Put": {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(alert_id)"}}
            for item in new_items
        ]
        puts.append({"Put": {"TableName": self._name, "Item": delivery_item(notice.delivery)}})
        return not transact(self._client, puts)


def _notice_key(notice_id: str) -> Item:
    return {"alert_id": {"S": notice_id}, "part": {"S": "notice"}}


def _warning_id(warning: ExpiryWarning) -> tuple[str, str]:
    return f"warned#{warning.subscription_id}#{warning.last_day}", str(warning.step)


def _warning_key(warning: ExpiryWarning) -> Item:
    pk, part = _warning_id(warning)
    return {"alert_id": {"S": pk}, "part": {"S": part}}
