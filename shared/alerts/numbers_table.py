"""The arrest that an office means by a number. Alerts table: pk alert_id number#<office>#<first half>, part number.

The first half alone names one arrest in its office, because a half that is taken is drawn again. Rows of before that
have the whole number in the key, and the arrest as their part.
"""

from itertools import islice
from typing import TYPE_CHECKING, Any

from shared.alerts.model import Alert
from shared.alerts.number import earlier_number, first_half, redrawn_number
from shared.aws.due_index import expiry_attribute

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGES_OF_KEYS = 20  # of up to a megabyte
_PART = "number"


class NumbersTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self._last_claimed: tuple[str, str, str] | None = None  # the alerts of one arrest and office come together

    def claim(self, alert: Alert) -> str:
        """Returns the number of the alert's arrest in its office, and takes it: once for an arrest and an office, as
        far as this process knows. A number whose first half names another arrest there is drawn again."""
        number = alert.arrest_number
        if not number or alert.on_behalf_of:
            return number
        if alert.custody:
            self._add(number, alert)
            return number
        if self._last_claimed and self._last_claimed[:2] == (alert.office_id, alert.arrest_id):
            return self._last_claimed[2]
        while not self._takes(number, alert):
            number = redrawn_number(number)
        self._last_claimed = alert.office_id, alert.arrest_id, number
        return number

    def _add(self, number: str, alert: Alert) -> None:
        """Another agency's record of the custody that has the number."""
        part = f"{_PART}#{alert.arrest_id}"
        self._client.put_item(TableName=self._name, Item=_item(number, alert, part))

    def _takes(self, number: str, alert: Alert) -> bool:
        try:
            self._client.put_item(
                TableName=self._name,
                Item=_item(number, alert, _PART),
                ConditionExpression="attribute_not_exists(alert_id) OR about = :arrest",
                ExpressionAttributeValues={":arrest": {"S": alert.arrest_id}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def arrest_ids(self, office_id: str, number: str) -> list[str]:
        """The arrest of a number or of its first half: more than one if several agencies reported the custody."""
        items = self._rows(office_id, first_half(number))
        claimed = [item["about"]["S"] for item in items if item["number"]["S"].startswith(number)]
        if claimed or number == first_half(number):
            return claimed
        return [item["part"]["S"] for item in self._rows(office_id, number)]

    def _rows(self, office_id: str, number: str) -> list[dict[str, Any]]:
        answer = self._client.query(
            TableName=self._name,
            ConsistentRead=True,
            KeyConditionExpression="alert_id = :number",
            ExpressionAttributeValues={":number": {"S": _key(office_id, number)}},
        )
        return list(answer["Items"])

    def alert_ids_of_before(self, office_id: str, number: str) -> list[str]:
        """Looks through the keys of the office's alerts, the newest first, for those whose own number it was before
        numbers belonged to arrests. There are none any more 430 days after that."""
        if number == first_half(number):
            return []
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


def _item(number: str, alert: Alert, part: str) -> dict[str, Any]:
    return {
        "alert_id": {"S": _key(alert.office_id, first_half(number))},
        "part": {"S": part},
        "about": {"S": alert.arrest_id},
        "number": {"S": number},
    } | expiry_attribute(alert.stages.matched_at)


def _key(office_id: str, number: str) -> str:
    return f"number#{office_id}#{number}"
