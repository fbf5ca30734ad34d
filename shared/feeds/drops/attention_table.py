"""Drops that people or a scheduled job must see to, in the agencies table: pk `#attention`, the agency as `part`, the
ids of drops as sets `held`, `refused`, `partly` and `waiting`. A drop stays until a sweep finds it settled; whether it
is, its record says."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.aws.dynamodb import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTENTION = "#attention"  # the API does not allow an agency of this name
_MOST_DROPS = 200  # of one agency and kind: an item has a limit, and so many say it as well as more


class NotedDrops(NamedTuple):
    """The ids of an agency's drops that were held, of those that were refused, of those of which some rows were
    rejected, of those that waited for other files, and of those that announced a release too late."""

    held: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()


class DropsAttention:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def add_held(self, agency: str, drop_id: str) -> None:
        self._add(agency, "held", drop_id)

    def add_refused(self, agency: str, drop_id: str) -> None:
        self._add(agency, "refused", drop_id)

    def add_partly(self, agency: str, drop_id: str) -> None:
        self._add(agency, "partly", drop_id)

    def add_late(self, agency: str, drop_id: str) -> None:
        """It announced a release less than 48 hours before (Correction Law 149)."""
        self._add(agency, "late", drop_id)

    def add_waiting(self, agency: str, drop_id: str) -> None:
        self._add(agency, "waiting", drop_id)

    def all(self) -> dict[str, NotedDrops]:
        """Maps each agency to its drops."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="agency = :attention",
            ExpressionAttributeValues={":attention": {"S": _ATTENTION}},
        )
        return {item["part"]["S"]: _noted_drops(item) for page in pages for item in page["Items"]}

    def of(self, agency: str) -> NotedDrops:
        answer = self._client.get_item(TableName=self._name, Key=_key(agency), ConsistentRead=True)
        return _noted_drops(answer.get("Item", {}))

    def remove(self, agency: str, drop_ids: Iterable[str]) -> None:
        """These are settled. An id that is in no set does nothing."""
        self._remove(agency, drop_ids, "held :ids, refused :ids, partly :ids, waiting :ids, late :ids")

    def remove_waiting(self, agency: str, drop_ids: Iterable[str]) -> None:
        """These wait no longer. People may still have to see to them."""
        self._remove(agency, drop_ids, "waiting :ids")

    def _remove(self, agency: str, drop_ids: Iterable[str], sets: str) -> None:
        if ids := sorted(set(drop_ids)):
            self._client.update_item(
                TableName=self._name,
                Key=_key(agency),
                UpdateExpression=f"DELETE {sets}",
                ExpressionAttributeValues={":ids": {"SS": ids}},
            )

    def _add(self, agency: str, name: str, drop_id: str) -> None:
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_key(agency),
                UpdateExpression=f"ADD {name} :ids",
                ConditionExpression=f"attribute_not_exists({name}) OR size({name}) < :most",
                ExpressionAttributeValues={":ids": {"SS": [drop_id]}, ":most": {"N": str(_MOST_DROPS)}},
            )


def _noted_drops(item: Any) -> NotedDrops:
    return NotedDrops(*(frozenset(item.get(name, {}).get("SS", ())) for name in NotedDrops._fields))


def _key(agency: str) -> Item:
    return {"agency": {"S": _ATTENTION}, "part": {"S": agency}}
