"""What the purge deletes in the alerts table (`table.py`): an alert with its deliveries, its response and its line in a
digest, the number of its arrest, and an arrest's place in a review."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from shared.alerts.delivery.item import provider_id_key
from shared.alerts.model import Alert
from shared.alerts.number import first_half
from shared.alerts.reviews.table import ARREST_PART
from shared.aws.dynamodb import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AlertPurgeTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def purge(self, alert: Alert) -> int:
        """Deletes everything of an alert, the alert itself last, so that a run that breaks off finds it again. Returns
        how many items there were."""
        own = list(self._items(alert.alert_id))
        keys = [*self._around(alert, own), *map(_key, own)]
        for key in sorted(keys, key=lambda key: key["part"]["S"] == "alert"):
            self._client.delete_item(TableName=self._name, Key=key)
        return len(keys)

    def purge_arrest_of_review(self, review_id: str, arrest_id: str) -> None:
        """Deletes the key of an arrest that was taken out of a review. What is left of a review without an arrest is
        the verdict about a watch, which names nobody."""
        key: Item = {"alert_id": {"S": review_id}, "part": {"S": f"{ARREST_PART}{arrest_id}"}}
        self._client.delete_item(TableName=self._name, Key=key)

    def outlive_expiry(self, ids: Iterable[str]) -> None:
        """Takes the time to live of these alerts and reviews away, because they are kept for longer."""
        for id_ in ids:
            for item in self._items(id_):
                if "expires" in item:
                    self._client.update_item(
                        TableName=self._name,
                        Key=_key(item),
                        UpdateExpression="REMOVE expires",
                        ConditionExpression="attribute_exists(alert_id)",
                    )

    def _around(self, alert: Alert, own: Iterable[Item]) -> Iterator[Item]:
        """The keys of what lies under other ids."""
        for item in own:
            if "provider_id" in item:
                yield provider_id_key(item["provider_id"]["S"])
            if "gathered_in" in item:
                yield {"alert_id": item["gathered_in"], "part": {"S": f"entry#{alert.alert_id}"}}
        if alert.arrest_number:
            number = f"number#{alert.office_id}#{first_half(alert.arrest_number)}"
            yield from (_key(item) for item in self._items(number) if item["about"]["S"] == alert.arrest_id)

    def _items(self, id_: str) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="alert_id = :id",
            ExpressionAttributeValues={":id": {"S": id_}},
        )
        return (dict(item) for page in pages for item in page["Items"])


def _key(item: Item) -> Item:
    return {"alert_id": item["alert_id"], "part": item["part"]}
