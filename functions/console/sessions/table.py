"""Sessions: pk `<hash of the session id>`. DynamoDB deletes a row some time after `expires`; reading asks the time."""

from typing import TYPE_CHECKING

from pydantic import ValidationError

from functions.console.sessions.model import Session
from shared.aws.dynamodb import Item, expires_at
from shared.aws.optimistic_lock import ConflictError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


MOST_TRIES = 5


class SessionsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, session_hash: str) -> Session | None:
        """Returns None for a row that this release cannot read, too: its person signs in anew."""
        answer = self._client.get_item(TableName=self._name, Key={"pk": {"S": session_hash}}, ConsistentRead=True)
        item = answer.get("Item")
        try:
            return Session.model_validate_json(item["doc"]["S"]) if item else None
        except ValidationError:
            return None

    def save(self, session: Session) -> None:
        self._client.put_item(TableName=self._name, Item=_item(session))

    def change(self, session: Session, **facts: object) -> Session | None:
        """Writes new facts into what is stored now, which another request may have changed since `session` was read.

        Returns None for a session that was ended meanwhile: it stays so. Raises ConflictError after MOST_TRIES."""
        stored: Session | None = session
        for _ in range(MOST_TRIES):
            if stored is None:
                return None
            after = stored.model_copy(update=facts | {"revision": stored.revision + 1})
            try:
                self._client.put_item(
                    TableName=self._name,
                    Item=_item(after),
                    ConditionExpression="revision = :seen",
                    ExpressionAttributeValues={":seen": {"N": str(stored.revision)}},
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                stored = self.find(session.session_hash)
            else:
                return after
        raise ConflictError

    def delete(self, session_hash: str) -> None:
        self._client.delete_item(TableName=self._name, Key={"pk": {"S": session_hash}})


def _item(session: Session) -> Item:
    return {
        "pk": {"S": session.session_hash},
        "doc": {"S": session.model_dump_json()},
        "revision": {"N": str(session.revision)},
        "expires": expires_at(session.ends_at),
    }
