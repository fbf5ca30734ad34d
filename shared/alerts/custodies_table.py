"""Which alert of a recipient was the first about a custody. Alerts table: pk alert_id custody#<hash>, part custody.

The hash is keyed, of the office, the recipient, the person's number and the day: the key names nobody.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.alerts.model import CustodyLink
from shared.aws.due_index import expiry_attribute

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

_PART: "AttributeValueTypeDef" = {"S": "custody"}


class CustodiesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def claim(self, key: str, link: CustodyLink, now: datetime, instead_of: CustodyLink | None = None) -> CustodyLink:
        """Makes this alert the first about the custody, if there is none, or only the one that it may replace. Returns
        the alert that is the first now. May run twice."""
        item: dict[str, Any] = {
            "alert_id": {"S": f"custody#{key}"},
            "part": _PART,
            "first": {"S": link.alert_id},
            "about": {"S": link.arrest_id},
            "agency": {"S": link.agency},
        }
        condition, values = "attribute_not_exists(alert_id) OR #first = :own", {":own": {"S": link.alert_id}}
        if instead_of:
            condition, values = f"{condition} OR #first = :other", {**values, ":other": {"S": instead_of.alert_id}}
        try:
            self._client.put_item(
                TableName=self._name,
                Item=item | expiry_attribute(now),
                ConditionExpression=condition,
                ExpressionAttributeNames={"#first": "first"},
                ExpressionAttributeValues=values,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return self._find(key) or link
        return link

    def _find(self, key: str) -> CustodyLink | None:
        answer = self._client.get_item(
            TableName=self._name,
            Key={"alert_id": {"S": f"custody#{key}"}, "part": {"S": "custody"}},
            ConsistentRead=True,
        )
        item = answer.get("Item")
        return CustodyLink(item["first"]["S"], item["about"]["S"], item["agency"]["S"]) if item else None
