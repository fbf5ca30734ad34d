"""Moves what was stored in the arrests table before juveniles' records had one of their own. May run again."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shared.arrests.items import is_of_a_juvenile, stored_version, unchanged_since
from shared.arrests.juveniles.stub import RECORD, stub_item
from shared.arrests.model import Arrest
from shared.arrests.place_index import PLACE, PLACE_DAY
from shared.aws.dynamodb import Item
from shared.aws.transactions import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_STAYS_BEHIND = ("quiet", "told", PLACE, PLACE_DAY)


class MoveTable:
    def __init__(self, client: "DynamoDBClient", arrests: str, juveniles: str) -> None:
        self._client, self._arrests, self._juveniles = client, arrests, juveniles

    def move_all(self) -> tuple[int, int]:
        """Returns how many records were moved, and how many changed in that moment: those are for the next run."""
        moved = [self._move(item) for item in self._items() if is_of_a_juvenile(item)]
        return sum(moved), len(moved) - sum(moved)

    def _items(self) -> Iterator[Item]:
        pages: Any = self._client.get_paginator("scan").paginate(
            TableName=self._arrests, FilterExpression="attribute_exists(doc)", ConsistentRead=True
        )
        for page in pages:
            yield from page["Items"]

    def _move(self, item: Mapping[str, Any]) -> bool:
        """Both items in one transaction, on the condition that the arrest is as it was read."""
        version, arrest = stored_version(item), Arrest.model_validate_json(item["doc"]["S"])
        record = {name: value for name, value in item.items() if name not in _STAYS_BEHIND} | {"part": RECORD}
        stub = stub_item(arrest, version, item.get("expires"))
        return not transact(
            self._client,
            [
                {"Put": {"TableName": self._arrests, "Item": stub} | unchanged_since(version)},
                {"Put": {"TableName": self._juveniles, "Item": record}},
            ],
        )
