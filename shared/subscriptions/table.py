"""Subscriptions as documents: pk office#<office>, sk subscription#<id>. How an arrest finds them: `index/table.py`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from shared.aws.dynamodb import Item, get_all
from shared.offices.agreements_table import AgreementsTable
from shared.offices.users_table import UsersTable
from shared.subscriptions.folders.table import FoldersTable
from shared.subscriptions.model import Subscription

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MOST_WRITES = 100  # of a transaction


class SubscriptionKey(NamedTuple):
    office_id: str
    subscription_id: str

    @property
    def item(self) -> Item:
        return {"pk": {"S": f"office#{self.office_id}"}, "sk": {"S": f"subscription#{self.subscription_id}"}}


class SubscriptionsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self.folders = FoldersTable(client, name)
        self.users = UsersTable(client, name)
        self.agreements = AgreementsTable(client, name)

    def find(self, office_id: str, subscription_id: str) -> Subscription | None:
        item = self._client.get_item(
            TableName=self._name, Key=SubscriptionKey(office_id, subscription_id).item, ConsistentRead=True
        ).get("Item")
        return Subscription.model_validate_json(item["doc"]["S"]) if item else None

    def page(self, office_id: str, limit: int, after: str | None) -> tuple[list[Subscription], str | None]:
        """One page in the order of ids, and the id to go on after; None on the last page."""
        start: Any = {"ExclusiveStartKey": SubscriptionKey(office_id, after).item} if after else {}
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            **start,
            KeyConditionExpression="pk = :office AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":office": {"S": f"office#{office_id}"}, ":kind": {"S": "subscription#"}},
        )
        last = answer.get("LastEvaluatedKey")
        subscriptions = [Subscription.model_validate_json(item["doc"]["S"]) for item in answer["Items"]]
        return subscriptions, last["sk"]["S"].partition("#")[2] if last else None

    def all_of(self, office_id: str) -> Iterator[Subscription]:
        """Every one that can be read; a broken document is told of when an arrest meets it."""
        return (one for one in self.each_of(office_id) if isinstance(one, Subscription))

    def each_of(self, office_id: str) -> Iterator[Subscription | str]:
        """Every one, or the id of one whose document is broken."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :office AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":office": {"S": f"office#{office_id}"}, ":kind": {"S": "subscription#"}},
        )
        for page in pages:
            for item in page["Items"]:
                try:
                    yield Subscription.model_validate_json(item["doc"]["S"])
                except ValidationError:
                    yield item["sk"]["S"].partition("#")[2]

    def deactivate(self, before: Subscription, after: Subscription) -> bool:
        """Store `after`, which alerts nobody, and take it out of every posting list it lies in (`index/table.py`).
        False when somebody changed it meanwhile."""
        key = SubscriptionKey(before.office_id, before.subscription_id).item
        stored = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item", {})
        lain = stored.get("posted", {"M": {}})
        gone = dict(islice(lain["M"].items(), _MOST_WRITES - 1))
        left = {hash_: part for hash_, part in lain["M"].items() if hash_ not in gone}
        put: Any = {
            "TableName": self._name,
            "Item": key
            | {"doc": {"S": after.model_dump_json()}, "revision": {"N": str(after.revision)}, "posted": {"M": left}},
            "ConditionExpression": "revision = :seen AND posted = :lain",
            "ExpressionAttributeValues": {":seen": {"N": str(before.revision)}, ":lain": lain},
        }
        writes = [{"Put": put}, *(self._unpost(after, *where) for where in gone.items())]
        try:
            self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException:
            return False
        return self.deactivate(after, after) if left else True

    def _unpost(self, subscription: Subscription, hash_: str, part: Any) -> Any:
        number = int(part["N"])
        where = {"pk": {"S": f"term#{hash_}#{number}" if number else f"term#{hash_}"}, "sk": {"S": "posting"}}
        names = {"#one": f"s_{subscription.subscription_id}", "#size": "size"}
        return {
            "Update": {
                "TableName": self._name,
                "Key": where,
                "UpdateExpression": "REMOVE #one ADD #size :less",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": {":less": {"N": "-1"}},
            }
        }

    def read(self, keys: Iterable[SubscriptionKey]) -> tuple[dict[SubscriptionKey, Subscription], list[str]]:
        """The subscriptions under these keys, and the ids of those whose stored document is broken."""
        found, broken = {}, []
        for item in get_all(self._client, self._name, [key.item for key in sorted(set(keys))]):
            try:
                subscription = Subscription.model_validate_json(item["doc"]["S"])
            except ValidationError:
                broken.append(item["sk"]["S"].partition("#")[2])
            else:
                found[SubscriptionKey(subscription.office_id, subscription.subscription_id)] = subscription
        return found, broken
