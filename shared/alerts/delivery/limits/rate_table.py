"""The tokens of the rate limit, counted for all senders.

pk rate#<channel>#<second>, part rate: `taken`, and `office#<office>` for each office.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_EXPIRES_AFTER_SECONDS = 3600


class RatesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def take(self, channel: str, second: int, count: int, limit: int, *, office_id: str, share: int) -> bool:
        """Counts `count` messages of an office into this Unix second. False, and counts nothing, if that would be more
        than `limit` of all offices or more than `share` of this office."""
        try:
            self._client.update_item(
                TableName=self._name,
                Key={"alert_id": {"S": f"rate#{channel}#{second}"}, "part": {"S": "rate"}},
                UpdateExpression="ADD taken :count, #office :count SET expires = :expires",
                ConditionExpression="(attribute_not_exists(taken) OR taken <= :rest) "
                "AND (attribute_not_exists(#office) OR #office <= :share)",
                ExpressionAttributeNames={"#office": f"office#{office_id}"},
                ExpressionAttributeValues={
                    ":count": {"N": str(count)},
                    ":rest": {"N": str(limit - count)},
                    ":share": {"N": str(share - count)},
                    ":expires": {"N": str(second + _EXPIRES_AFTER_SECONDS)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
