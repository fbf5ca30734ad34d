"""The users of an office, in the table of subscriptions: pk `office#<office>`, sk `user#<e-mail in lower case>`.

When they last signed in stands beside the document, so that noting it disturbs nobody who changes it.

For a machine, pk `machine#<client id>`, sk `machine` names its user and office. That item alone opens nothing: the
user's row must name the same client.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item, get_all, sortable_timestamp
from shared.aws.optimistic_lock import ConflictError
from shared.offices.users import User

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class UsersTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, office_id: str, email: str) -> User | None:
        """Returns the user, also if they were removed (then `active` is False); None if they never were one."""
        item = self._client.get_item(TableName=self._name, Key=_key(office_id, email), ConsistentRead=True).get("Item")
        return _user_in(item) if item else None

    def note_sign_in(self, user: User, moment: datetime) -> None:
        """Nothing is written if the user is gone, or a later moment is noted."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_key(user.office_id, user.email),
                UpdateExpression="SET signed_in = :moment",
                ConditionExpression="attribute_exists(pk) AND (attribute_not_exists(signed_in) OR signed_in < :moment)",
                ExpressionAttributeValues={":moment": {"S": sortable_timestamp(moment)}},
            )

    def bind_machine(self, client_id: str, office_id: str, email: str) -> None:
        """Makes the app client the machine of this user, and of no other user any more."""
        item = _machine_key(client_id) | {"office": {"S": office_id}, "email": {"S": email.casefold()}}
        self._client.put_item(TableName=self._name, Item=item)

    def find_machine(self, client_id: str) -> tuple[str, str] | None:
        """Returns the office id and the e-mail address of the app client's user; None if it is bound to none."""
        item = self._client.get_item(TableName=self._name, Key=_machine_key(client_id), ConsistentRead=True).get("Item")
        return (item["office"]["S"], item["email"]["S"]) if item else None

    def read(self, office_ids_and_emails: Iterable[tuple[str, str]]) -> dict[tuple[str, str], User]:
        """Takes and returns users by (office id, e-mail), the e-mail in lower case in the result.

        Removed users are included; somebody who never was a user is left out.
        """
        distinct = sorted({(office_id, email.casefold()) for office_id, email in office_ids_and_emails})
        keys = [_key(office_id, email) for office_id, email in distinct]
        users = (_user_in(item) for item in get_all(self._client, self._name, keys))
        return {(user.office_id, user.email): user for user in users}

    def add(self, user: User) -> None:
        """Raises ConflictError when there is such a user, or was one who has been removed."""
        self._put(user, "attribute_not_exists(pk)", {})

    def change(self, before: User, after: User) -> None:
        """Raises ConflictError when `before` is no longer the stored revision."""
        self._put(after, "revision = :seen", {":seen": {"N": str(before.revision)}})

    def page(self, office_id: str, limit: int, after: str | None) -> tuple[list[User], str | None]:
        """Returns one page in the order of e-mail addresses, and the address after which the next page starts (None on
        the last page)."""
        start: Any = {"ExclusiveStartKey": _key(office_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            **start,
            KeyConditionExpression="pk = :office AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":office": {"S": f"office#{office_id}"}, ":kind": {"S": "user#"}},
        )
        last = answer.get("LastEvaluatedKey")
        users = [_user_in(item) for item in answer["Items"]]
        return users, last["sk"]["S"].partition("#")[2] if last else None

    def all_of(self, office_id: str) -> Iterator[User]:
        """Yields all users in the order of e-mail addresses, removed ones included."""
        after: str | None = None
        while True:
            users, after = self.page(office_id, 100, after)
            yield from users
            if after is None:
                return

    def _put(self, user: User, condition: str, values: Item) -> None:
        item = _key(user.office_id, user.email) | {
            "doc": {"S": user.model_dump_json(exclude={"last_signed_in"})},
            "revision": {"N": str(user.revision)},
        }
        if user.last_signed_in:
            item["signed_in"] = {"S": sortable_timestamp(user.last_signed_in)}
        value_options: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._client.put_item(TableName=self._name, Item=item, ConditionExpression=condition, **value_options)
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError from error


def _user_in(item: Item) -> User:
    user = User.model_validate_json(item["doc"]["S"])
    signed_in = item.get("signed_in")
    return user.model_copy(update={"last_signed_in": datetime.fromisoformat(signed_in["S"])}) if signed_in else user


def _key(office_id: str, email: str) -> Item:
    return {"pk": {"S": f"office#{office_id}"}, "sk": {"S": f"user#{email.casefold()}"}}


def _machine_key(client_id: str) -> Item:
    return {"pk": {"S": f"machine#{client_id}"}, "sk": {"S": "machine"}}
