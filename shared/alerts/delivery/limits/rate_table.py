"""The tokens of the rate limit, counted for all senders.

pk rate#<channel>#<second>, part rate: `taken` by all offices, and two hexadecimal digits for those of an office.

The digits are a hash of the office, so that the item stays below one kilobyte, and a write at one write unit. Two
offices that share them share their part of the second as well.
"""

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_EXPIRES_AFTER_SECONDS = 3600


class RatesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def take(self, channel: str, second: int, limit: int, *, office_id: str, share: int) -> bool:
        """Counts one message of an office into this Unix second. False, and counts nothing, if all offices have had
        `limit` messages already, or this office its `share`."""
        try:
            self._client.update_item(
                TableName=self._name,
                Key={"alert_id": {"S": f"rate#{channel}#{second}"}, "part": {"S": "rate"}},
                UpdateExpression="ADD taken :token, #office :token SET expires = :expires",
                ConditionExpression="(attribute_not_exists(taken) OR taken < :limit) "
                "AND (attribute_not_exists(#office) OR #office < :share)",
                ExpressionAttributeNames={"#office": f"{crc32(office_id.encode()) % 256:02x}"},
                ExpressionAttributeValues={
                    ":token": {"N": "1"},
                    ":limit": {"N": str(limit)},
                    ":share": {"N": str(share)},
                    ":expires": {"N": str(second + _EXPIRES_AFTER_SECONDS)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
