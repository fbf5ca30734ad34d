"""How often links are used in a minute, so that nobody tries out many and nobody hammers one.

pk rate#link#<pseudonym of a link or of a network address>#<minute, UTC>, part rate, in the alerts table.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_WINDOW_SECONDS = 60
_EXPIRES_AFTER_SECONDS = 3600


class LinkRates:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def seconds_to_wait(self, key: str, limit: int, now: datetime) -> int:
        """Counts one use of `key`. Returns 0 if it is among the first `limit` of this minute; otherwise counts nothing
        and returns the seconds until the next one."""
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        expires = int(minute.timestamp()) + _EXPIRES_AFTER_SECONDS
        try:
            self._client.update_item(
                TableName=self._name,
                Key={"alert_id": {"S": f"rate#link#{key}#{minute:%Y%m%dT%H%M}"}, "part": {"S": "rate"}},
                UpdateExpression="ADD taken :one SET expires = :expires",
                ConditionExpression="attribute_not_exists(taken) OR taken < :limit",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":limit": {"N": str(limit)},
                    ":expires": {"N": str(expires)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return _WINDOW_SECONDS - now.second
        return 0
