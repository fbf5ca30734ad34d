"""Subscriptions as documents: pk `office#<office>`, sk `subscription#<id>`. How an arrest finds them: `index/table.py`.

The documents are written by the index, together with their postings; only `deactivate` writes here. Folders, users,
agreements, disputes and breaches of an office lie in the same DynamoDB table, so their tables are attributes of this
one.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shared.aws.dynamodb import Item, get_all
from shared.aws.transactions import transact
from shared.breaches.table import BreachesTable
from shared.disputes.table import DisputesTable
from shared.matching.criteria import STORED
from shared.offices.agreements_table import AgreementsTable
from shared.offices.users_table import UsersTable
from shared.subscriptions.folders.model import FolderTree
from shared.subscriptions.folders.table import FoldersTable, TreeKey
from shared.subscriptions.index import items
from shared.subscriptions.index.plan_reindex import MAX_TRANSACTION_WRITES, plan_reindex
from shared.subscriptions.model import Subscription, SubscriptionKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_LAST_DAY = "by_last_day"


class SubscriptionsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self.folders = FoldersTable(client, name)
        self.users = UsersTable(client, name)
        self.agreements = AgreementsTable(client, name)
        self.disputes = DisputesTable(client, name)
        self.breaches = BreachesTable(client, name)

    def find(self, office_id: str, subscription_id: str) -> Subscription | None:
        item = self._get_item(SubscriptionKey(office_id, subscription_id))
        return Subscription.model_validate_json(item["doc"]["S"], context=STORED) if item else None

    def read(self, keys: Iterable[SubscriptionKey]) -> tuple[dict[SubscriptionKey, Subscription], list[str]]:
        """Returns the subscriptions by key, and the ids of those whose stored document cannot be read."""
        by_key, broken_ids = {}, []
        for item in get_all(self._client, self._name, [items.document_key(key) for key in sorted(set(keys))]):
            try:
                subscription = Subscription.model_validate_json(item["doc"]["S"], context=STORED)
            except ValidationError:
                broken_ids.append(_id_in(item))
            else:
                by_key[subscription.key] = subscription
        return by_key, broken_ids

    def page(self, office_id: str, limit: int, after: str | None) -> tuple[list[Subscription], str | None]:
        """Returns one page in the order of ids, and the id after which the next page starts (None on the last page)."""
        items_of_page, last_id = self._page(office_id, limit, after)
        return [Subscription.model_validate_json(item["doc"]["S"], context=STORED) for item in items_of_page], last_id

    def _page(self, office_id: str, limit: int, after: str | None) -> tuple[list[Item], str | None]:
        start: Any = {"ExclusiveStartKey": items.document_key(SubscriptionKey(office_id, after))} if after else {}
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            **start,
            KeyConditionExpression="pk = :office AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":office": {"S": f"office#{office_id}"}, ":kind": {"S": "subscription#"}},
        )
        last = answer.get("LastEvaluatedKey")
        return list(answer["Items"]), _id_in(last) if last else None

    def all_of(self, office_id: str) -> Iterator[Subscription]:
        """Yields every subscription that can be read. A broken document is reported when an arrest brings it up."""
        return (each for each in self.each_of(office_id) if isinstance(each, Subscription))

    def each_of(self, office_id: str) -> Iterator[Subscription | str]:
        """Yields every subscription, or its id if its document cannot be read, in the order of ids."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :office AND begins_with(sk, :kind)",
            ExpressionAttributeValues={":office": {"S": f"office#{office_id}"}, ":kind": {"S": "subscription#"}},
        )
        for page in pages:
            for item in page["Items"]:
                try:
                    yield Subscription.model_validate_json(item["doc"]["S"], context=STORED)
                except ValidationError:
                    yield _id_in(item)

    def readable_page(self, office_id: str, limit: int, after: str | None) -> tuple[list[Subscription], str | None]:
        """As `page`, without those whose document cannot be read."""
        items_of_page, last_id = self._page(office_id, limit, after)
        subscriptions = []
        for item in items_of_page:
            with suppress(ValidationError):
                subscriptions.append(Subscription.model_validate_json(item["doc"]["S"], context=STORED))
        return subscriptions, last_id

    def due_between(self, shard: int, first: date, last: date) -> Iterator[SubscriptionKey]:
        """Yields the active subscriptions of a shard (0 to DUE_SHARDS - 1) whose last day lies between these days, both
        included. The index that it reads is eventually consistent, and costs nothing for what is not due."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName=BY_LAST_DAY,
            KeyConditionExpression="due_shard = :shard AND last_day BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":shard": {"S": str(shard)},
                ":first": {"S": first.isoformat()},
                ":last": {"S": last.isoformat()},
            },
        )
        for page in pages:
            for item in page["Items"]:
                yield SubscriptionKey(item["pk"]["S"].partition("#")[2], _id_in(item))

    def read_trees(self, subscriptions: Iterable[Subscription]) -> dict[str, list[FolderTree]]:
        """Returns subscription id -> the trees in which its folders may lie; no tree for one without folders."""
        keys = {subscription.subscription_id: tree_keys(subscription) for subscription in subscriptions}
        trees = self.folders.read(set().union(*keys.values()))
        return {subscription_id: [trees[key] for key in its_keys] for subscription_id, its_keys in keys.items()}

    def deactivate(self, before: Subscription, after: Subscription) -> bool:
        """Stores `after`, which is not active, and removes all its postings from the index.

        Unlike `SubscriptionIndex.replace` it needs no key of the pseudonyms, because it adds nothing. Returns False if
        somebody changed the subscription since it was read.
        """
        shards = items.shards_of(self._get_item(before.key) or {})
        plan = plan_reindex("", "", frozenset(), shards, MAX_TRANSACTION_WRITES - 1)
        condition = items.is_unchanged(before.revision, shards)
        writes: Any = [
            items.put_document(self._name, after, plan.overflow, condition),
            *(items.remove_posting(self._name, *where, after.subscription_id) for where in plan.drop.items()),
        ]
        if transact(self._client, writes):
            return False
        return self.deactivate(after, after) if plan.overflow else True

    def _get_item(self, key: SubscriptionKey) -> Item | None:
        item = items.document_key(key)
        return self._client.get_item(TableName=self._name, Key=item, ConsistentRead=True).get("Item")


def tree_keys(subscription: Subscription) -> list[TreeKey]:
    """The office's tree and the owner's My tree, if the subscription lies in folders at all."""
    if not subscription.folders:
        return []
    return [TreeKey(subscription.office_id), TreeKey(subscription.office_id, subscription.owner.casefold())]


def _id_in(item: Item) -> str:
    return str(item["sk"]["S"].partition("#")[2])
