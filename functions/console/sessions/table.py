"""Sessions: pk `<hash of the session id>`. DynamoDB deletes a row some time after `expires`; reading asks the time."""

from typing import TYPE_CHECKING

from functions.console.sessions.model import Session
from shared.aws.dynamodb import expires_at

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class SessionsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, session_hash: str) -> Session | None:
        answer = self._client.get_item(TableName=self._name, Key={"pk": {"S": session_hash}}, ConsistentRead=True)
        item = answer.get("Item")
        return Session.model_validate_json(item["doc"]["S"]) if item else None

    def save(self, session: Session) -> None:
        item = {
            "pk": {"S": session.session_hash},
            "doc": {"S": session.model_dump_json()},
            "expires": expires_at(session.ends_at),
        }
        self._client.put_item(TableName=self._name, Item=item)

    def delete(self, session_hash: str) -> None:
        self._client.delete_item(TableName=self._name, Key={"pk": {"S": session_hash}})
