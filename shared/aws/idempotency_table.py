"""What was answered to a request that may come again, beside the subscriptions: pk office#<office>, sk repeat#<hash>.

A row is made before the work begins and holds the answer once there is one; both are kept for a day.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.aws.dynamodb import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(hours=24)
AT_WORK_FOR = timedelta(seconds=35)  # longer than a request may take; then its worker is dead
_LARGEST = 300_000  # letters; DynamoDB takes 400 KB


class IdempotencyRecord(NamedTuple):
    """`answer` is none while the first request is at work."""

    request_hash: str
    answer: str | None


class IdempotencyTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def begin(self, office_id: str, key: str, request_hash: str, now: datetime) -> IdempotencyRecord | None:
        """None: this is the first such request, and the key is taken for it. Else what is known of the first."""
        item = _key(office_id, key) | {
            "request": {"S": request_hash},
            "lapses": {"S": _text(now + AT_WORK_FOR)},
            "expires": {"N": str(int((now + KEPT).timestamp()))},
        }
        try:
            self._client.put_item(
                TableName=self._name,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR expires < :now OR lapses < :lapses",
                ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}, ":lapses": {"S": _text(now)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return self._kept(office_id, key)
        return None

    def finish(self, office_id: str, key: str, request_hash: str, answer: str, now: datetime) -> None:
        """An answer too large to keep leaves the key free: the same request is worked on again."""
        if len(answer) > _LARGEST:
            self.release(office_id, key)
            return
        item = _key(office_id, key) | {
            "request": {"S": request_hash},
            "doc": {"S": answer},
            "expires": {"N": str(int((now + KEPT).timestamp()))},
        }
        self._client.put_item(TableName=self._name, Item=item)

    def release(self, office_id: str, key: str) -> None:
        """Nothing was made: the next one may try."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.delete_item(
                TableName=self._name, Key=_key(office_id, key), ConditionExpression="attribute_not_exists(doc)"
            )

    def _kept(self, office_id: str, key: str) -> IdempotencyRecord | None:
        item: Any = self._client.get_item(TableName=self._name, Key=_key(office_id, key), ConsistentRead=True)
        if found := item.get("Item"):
            return IdempotencyRecord(found["request"]["S"], found["doc"]["S"] if "doc" in found else None)
        return IdempotencyRecord("", None)  # given up in this very moment: as good as at work


def _key(office_id: str, key: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": f"repeat#{key}"}}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
