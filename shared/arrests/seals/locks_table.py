"""Locks in the agencies' table: `part` is `seal lock#<id>`. An open one stays; an answered one goes after its time.

Which agencies have open ones, the item of each agency under `#seal locks` says: it has their ids.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from shared.arrests.seals.lock import SealLock
from shared.aws.dynamodb import TIME_TO_LIVE, Item, expires_at, find_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOCK_PART = "seal lock#"
OPEN_LOCKS = "#seal locks"  # no folder of the bucket has this name, and so no agency
_MOST_NOTED = 5_000  # of one agency: an item has a limit, and so many say it as well as more


class LocksTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def find(self, agency: str, lock_id: str) -> SealLock | None:
        return find_document(self._client, self._name, _key(agency, lock_id), SealLock)

    def store(self, lock: SealLock) -> None:
        """An open one is noted first, and an answered one forgotten last: a crash leaves one too many."""
        if lock.is_open:
            self._note(lock)
        self._put(lock)
        if not lock.is_open:
            self._client.update_item(
                TableName=self._name,
                Key=_key_of_open(lock.agency),
                UpdateExpression="DELETE ids :id",
                ExpressionAttributeValues={":id": {"SS": [lock.lock_id]}},
            )

    def _note(self, lock: SealLock) -> None:
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_key_of_open(lock.agency),
                UpdateExpression="ADD ids :id",
                ConditionExpression="attribute_not_exists(ids) OR size(ids) < :most",
                ExpressionAttributeValues={":id": {"SS": [lock.lock_id]}, ":most": {"N": str(_MOST_NOTED)}},
            )

    def open_ids(self) -> dict[str, frozenset[str]]:
        """Maps each agency to the ids of its locks that wait."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="agency = :open",
            ExpressionAttributeValues={":open": {"S": OPEN_LOCKS}},
        )
        items = [item for page in pages for item in page["Items"] if "ids" in item]
        return {item["part"]["S"]: frozenset(item["ids"]["SS"]) for item in items}

    def _put(self, lock: SealLock) -> None:
        update, values = "SET doc = :doc", {":doc": {"S": lock.model_dump_json()}}
        if lock.answered_at:
            update, values = (
                f"{update}, expires = :expires",
                values | {":expires": expires_at(lock.answered_at + TIME_TO_LIVE)},
            )
        else:
            update += " REMOVE expires"
        self._client.update_item(
            TableName=self._name,
            Key=_key(lock.agency, lock.lock_id),
            UpdateExpression=update,
            ExpressionAttributeValues=values,
        )

    def of_agency(self, agency: str) -> list[SealLock]:
        """Those that wait first, each group by the day of its seal."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="agency = :agency AND begins_with(part, :lock)",
            ExpressionAttributeValues={":agency": {"S": agency}, ":lock": {"S": LOCK_PART}},
        )
        locks = [SealLock.model_validate_json(item["doc"]["S"]) for page in pages for item in page["Items"]]
        return sorted(locks, key=lambda lock: (not lock.is_open, lock.locked_at, lock.lock_id))


def _key_of_open(agency: str) -> Item:
    return {"agency": {"S": OPEN_LOCKS}, "part": {"S": agency}}


def _key(agency: str, lock_id: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": f"{LOCK_PART}{lock_id}"}}
