"""How many deliveries of an office were counted in an hour, for its hourly ceiling.

pk hour#<office>#<hour, UTC>, part count.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_EXPIRES_AFTER_SECONDS = 7200


class HourlyCounts:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def add(self, office_id: str, now: datetime, step: int) -> int:
        """Adds `step` to the office's count of this hour (UTC) and returns the count; with 0 it only reads it."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        place: Any = {
            "TableName": self._name,
            "Key": {"alert_id": {"S": f"hour#{office_id}#{hour:%Y%m%dT%H}"}, "part": {"S": "count"}},
        }
        if not step:
            item = self._client.get_item(**place).get("Item")
            return int(item["deliveries"]["N"]) if item else 0
        expires = int(hour.timestamp()) + _EXPIRES_AFTER_SECONDS
        answer = self._client.update_item(
            **place,
            UpdateExpression="ADD deliveries :step SET expires = :expires",
            ReturnValues="ALL_NEW",
            ExpressionAttributeValues={":step": {"N": str(step)}, ":expires": {"N": str(expires)}},
        )
        return int(answer["Attributes"]["deliveries"]["N"])
