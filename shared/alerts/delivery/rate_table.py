"""How many messages have gone to a provider in each second, counted for all senders: pk rate#<channel>#<second>."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT = 3600  # seconds


class RatesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def take(self, channel: str, second: int, count: int, rate: int, *, office_id: str, share: int) -> bool:
        """Count so many messages of an office into this second, unless there would be more than `rate` of all
        offices or more than `share` of this one."""
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
                    ":rest": {"N": str(rate - count)},
                    ":share": {"N": str(share - count)},
                    ":expires": {"N": str(second + _KEPT)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
