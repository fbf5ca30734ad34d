"""Preferences of each person, in the table of subscriptions: pk `office#<office>`, sk `person#<e-mail>`, lower case."""

from typing import TYPE_CHECKING

from shared.aws.dynamodb import Item, get_all
from shared.offices.preferences import Preferences

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class PreferencesTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, office_id: str, email: str) -> Preferences:
        """Returns the person's preferences; the defaults if they never saved any."""
        for item in get_all(self._client, self._name, [_key(office_id, email)]):
            return Preferences.model_validate_json(item["doc"]["S"])
        return Preferences()

    def save(self, office_id: str, email: str, preferences: Preferences) -> None:
        item = _key(office_id, email) | {"doc": {"S": preferences.model_dump_json()}}
        self._client.put_item(TableName=self._name, Item=item)


def _key(office_id: str, email: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": f"person#{email.casefold()}"}}
