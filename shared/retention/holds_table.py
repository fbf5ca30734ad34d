"""Holds in the subscriptions table: pk holds#<office>, sk the hold's id. They do not expire."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.arrests.retention.hold import Hold
from shared.aws.dynamodb import Item, documents_under, find_document
from shared.aws.optimistic_lock import put_if_unchanged

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class HoldsTable:
    def __init__(self, client: "DynamoDBClient", subscriptions_table: str) -> None:
        self._client, self._name = client, subscriptions_table

    def store(self, hold: Hold) -> None:
        """Raises ConflictError when somebody else changed the hold since it was read (optimistic lock)."""
        item = _key(hold.office_id, hold.hold_id) | {"doc": {"S": hold.model_dump_json()}}
        put_if_unchanged(self._client, self._name, item, hold.revision)

    def find(self, office_id: str, hold_id: str) -> Hold | None:
        return find_document(self._client, self._name, _key(office_id, hold_id), Hold)

    def of_office(self, office_id: str) -> list[Hold]:
        """Every hold of the office, those that have ended included, the newest first."""
        holds = documents_under(self._client, self._name, f"holds#{office_id}", Hold)
        return sorted(holds, key=lambda hold: hold.placed_at, reverse=True)

    def of_offices(self, office_ids: Iterable[str]) -> tuple[Hold, ...]:
        return tuple(hold for office_id in office_ids for hold in self.of_office(office_id))


def _key(office_id: str, hold_id: str) -> Item:
    return {"pk": {"S": f"holds#{office_id}"}, "sk": {"S": hold_id}}
