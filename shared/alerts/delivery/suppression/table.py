"""The suppression list, as it is stored: pk barred#<channel>#<address in lower case>, part barred.

The sender asks it before every sending. SES keeps a list of its own for the account beside it
(`shared/channels/email.py`). `arrest-alert address` shows an entry and removes it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, get_all, sortable_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class SuppressionList:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def add(self, channel: str, address: str, why: str, now: datetime) -> None:
        """From now on nothing is sent to this address. The first reason stays."""
        self._client.update_item(
            TableName=self._name,
            Key=_entry_key(channel, address),
            UpdateExpression="SET why = if_not_exists(why, :why), since = if_not_exists(since, :now)",
            ExpressionAttributeValues={":why": {"S": why}, ":now": {"S": sortable_timestamp(now)}},
        )

    def remove(self, channel: str, address: str) -> None:
        """The address is sent to again."""
        self._client.delete_item(TableName=self._name, Key=_entry_key(channel, address))

    def among(self, addresses: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these (channel, address) that are suppressed. 100 a call."""
        keys = {
            f"barred#{channel}#{address.casefold()}": (channel, address) for channel, address in sorted(set(addresses))
        }
        suppressed = get_all(self._client, self._name, [_entry_key(*entry) for entry in keys.values()])
        return {keys[item["alert_id"]["S"]] for item in suppressed}

    def reason(self, channel: str, address: str) -> str | None:
        """Why nothing is sent to this address; None if it is not suppressed."""
        key = _entry_key(channel, address)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return item["why"]["S"] if item else None


def _entry_key(channel: str, address: str) -> Item:
    return {"alert_id": {"S": f"barred#{channel}#{address.casefold()}"}, "part": {"S": "barred"}}
