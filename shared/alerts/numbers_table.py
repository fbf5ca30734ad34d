"""The arrest that an office means by a number. Alerts table: pk alert_id number#<office>#<number>, part arrest_id."""

from itertools import islice
from typing import TYPE_CHECKING

from shared.alerts.model import Alert
from shared.alerts.number import earlier_number
from shared.aws.due_index import expiry_attribute

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGES_OF_KEYS = 20  # of up to a megabyte


class NumbersTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self._last_stored: tuple[str, str] | None = None  # the alerts of one arrest and office come together

    def store(self, alert: Alert) -> None:
        """Stores the number of the alert's arrest, once for an arrest and an office as far as this process knows."""
        key = _key(alert.office_id, alert.arrest_number)
        if not alert.arrest_number or alert.on_behalf_of or self._last_stored == (key, alert.arrest_id):
            return
        item = {"alert_id": {"S": key}, "part": {"S": alert.arrest_id}} | expiry_attribute(alert.stages.matched_at)
        self._client.put_item(TableName=self._name, Item=item)
        self._last_stored = key, alert.arrest_id

    def arrest_ids(self, office_id: str, number: str) -> list[str]:
        """Hardly ever more than one: a number has 45 bits."""
        answer = self._client.query(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="alert_id = :number",
            ExpressionAttributeValues={":number": {"S": _key(office_id, number)}},
        )
        return [item["part"]["S"] for item in answer["Items"]]

    def alert_ids_of_before(self, office_id: str, number: str) -> list[str]:
        """Looks through the keys of the office's alerts, the newest first, for those whose own number it was before
        numbers belonged to arrests. There are none any more 400 days after that."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName="by_office",
            ScanIndexForward=False,
            KeyConditionExpression="office_id = :office",
            ExpressionAttributeValues={":office": {"S": office_id}},
        )
        for page in islice(pages, _PAGES_OF_KEYS):
            ids = (item["alert_id"]["S"] for item in page["Items"])
            if named := [alert_id for alert_id in ids if earlier_number(alert_id) == number]:
                return named
        return []


def _key(office_id: str, number: str) -> str:
    return f"number#{office_id}#{number}"
