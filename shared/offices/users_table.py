"""The users of an office: in the subscriptions' table, pk office#<office>, sk user#<e-mail>.

Of a machine, pk machine#<client id>, sk machine says which user of which office it is. That alone opens nothing: the
user's row must name the same client.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item, get_all
from shared.aws.optimistic_lock import ConflictError
from shared.offices.users import User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class UsersTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, office_id: str, email: str) -> User | None:
        """Also one who was removed: `active` says so."""
        item = self._client.get_item(TableName=self._name, Key=_key(office_id, email), ConsistentRead=True).get("Item")
        return User.model_validate_json(item["doc"]["S"]) if item else None

    def bind_machine(self, client_id: str, office_id: str, email: str) -> None:
        """The machine with this client is that user; no other one any more."""
        item = _machine(client_id) | {"office": {"S": office_id}, "email": {"S": email.casefold()}}
        self._client.put_item(TableName=self._name, Item=item)

    def find_machine(self, client_id: str) -> tuple[str, str] | None:
        """The office and the address of the machine with this client."""
        found = self._client.get_item(TableName=self._name, Key=_machine(client_id), ConsistentRead=True).get("Item")
        return (found["office"]["S"], found["email"]["S"]) if found else None

    def read(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], User]:
        """By office and address; who never was a user is left out."""
        keys = [_key(office_id, email) for office_id, email in sorted({(one, two.casefold()) for one, two in wanted})]
        users = (User.model_validate_json(item["doc"]["S"]) for item in get_all(self._client, self._name, keys))
        return {(user.office_id, user.email): user for user in users}

    def add(self, user: User) -> None:
        """Raises ConflictError when there is, or was, such a user."""
        self._put(user, "attribute_not_exists(pk)", {})

    def change(self, before: User, after: User) -> None:
        """Raises ConflictError when `before` is no longer what is stored."""
        self._put(after, "revision = :seen", {":seen": {"N": str(before.revision)}})

    def page(self, office_id: str, limit: int, after: str | None) -> tuple[list[User], str | None]:
        """One page in the order of addresses, and the address to go on after; None on the last page."""
        start: Any = {"ExclusiveStartKey": _key(office_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            **start,
            KeyConditionExpression="pk = :office AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":office": {"S": f"office#{office_id}"}, ":kind": {"S": "user#"}},
        )
        last = answer.get("LastEvaluatedKey")
        users = [User.model_validate_json(item["doc"]["S"]) for item in answer["Items"]]
        return users, last["sk"]["S"].partition("#")[2] if last else None

    def all_of(self, office_id: str) -> Iterator[User]:
        """Removed ones included."""
        after: str | None = None
        while True:
            users, after = self.page(office_id, 100, after)
            yield from users
            if after is None:
                return

    def _put(self, user: User, condition: str, values: Item) -> None:
        item = _key(user.office_id, user.email) | {
            "doc": {"S": user.model_dump_json()},
            "revision": {"N": str(user.revision)},
        }
        more: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._client.put_item(TableName=self._name, Item=item, ConditionExpression=condition, **more)
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            raise ConflictError from refused


def _key(office_id: str, email: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": f"user#{email.casefold()}"}}


def _machine(client_id: str) -> Item:
    return {"pk": {"S": f"machine#{client_id}"}, "sk": {"S": "machine"}}
