"""Idempotency records: what is kept of the answer to a POST, so that the same request sent again is not done again.

They are items of the subscriptions table: pk `office#<office>`, sk `repeat#<hash of the idempotency key>`. A record is
put before the work begins and receives the answer when the work is done. Records are kept for 24 hours.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.aws.dynamodb import Item, expires_at, sortable_timestamp
from shared.aws.item_size import fits

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RETENTION = timedelta(hours=24)
IN_PROGRESS_FOR = timedelta(seconds=35)  # longer than a request may take: after that its worker is dead


class IdempotencyRecord(NamedTuple):
    """The first request under a key: its hash, and what is kept of its answer. None while it is in progress."""

    request_hash: str
    answer: str | None


class IdempotencyTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def begin(self, office_id: str, key: str, request_hash: str, now: datetime) -> IdempotencyRecord | None:
        """Returns None when this is the first request under the key, which is then reserved for it.

        Otherwise returns the record of the first request. A reservation without an answer lapses after 35 seconds.
        """
        item = _key(office_id, key) | {
            "request": {"S": request_hash},
            "lapses": {"S": sortable_timestamp(now + IN_PROGRESS_FOR)},
            "expires": expires_at(now + RETENTION),
        }
        try:
            self._client.put_item(
                TableName=self._name,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR expires < :now OR lapses < :lapses",
                ExpressionAttributeValues={":now": expires_at(now), ":lapses": {"S": sortable_timestamp(now)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return self._find(office_id, key)
        return None

    def finish(self, office_id: str, key: str, request_hash: str, answer: str, now: datetime) -> None:
        """Stores what is kept of the answer. If that is too large, the key is free: the request may be done again."""
        if not fits(answer):
            self.release(office_id, key)
            return
        item = _key(office_id, key) | {
            "request": {"S": request_hash},
            "doc": {"S": answer},
            "expires": expires_at(now + RETENTION),
        }
        self._client.put_item(TableName=self._name, Item=item)

    def release(self, office_id: str, key: str) -> None:
        """Frees the key after a request that changed nothing. A key that already has an answer keeps it."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.delete_item(
                TableName=self._name, Key=_key(office_id, key), ConditionExpression="attribute_not_exists(doc)"
            )

    def _find(self, office_id: str, key: str) -> IdempotencyRecord:
        answer: Any = self._client.get_item(TableName=self._name, Key=_key(office_id, key), ConsistentRead=True)
        if item := answer.get("Item"):
            return IdempotencyRecord(item["request"]["S"], item["doc"]["S"] if "doc" in item else None)
        return IdempotencyRecord("", None)  # released between the two calls: the caller shall try again


def _key(office_id: str, key: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": f"repeat#{key}"}}
