"""The posting lists by which an arrest finds who watches it, in the subscriptions' table:

    pk term#<hash>       sk posting      one attribute a subscription, `s_<id>` = its office
    pk office#<office>   sk same#<hash>  what an owner watches for a case already -> subscription id

A subscription and its posting change in one transaction, so a reader never sees one without the other. The list only
proposes: whether a subscription is in force, and whether it really covers the arrest, its document says.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shared.domain.errors import TryLater
from shared.domain.pseudonyms import Pseudonyms
from shared.domain.subscriptions import Status, Subscription
from shared.domain.watches import Term
from shared.tables.paging import Item, get_all
from shared.tables.subscriptions import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_POSTED = "s_"


class Overtaken(Exception):  # noqa: N818
    """Somebody else changed it first, or already watches the same: read again."""


class WatchList:
    def __init__(self, client: "DynamoDBClient", name: str, pseudonyms: Pseudonyms) -> None:
        self._client, self._name, self._pseudonyms = client, name, pseudonyms

    def same_as(self, subscription: Subscription) -> Key | None:
        """Where this owner already watches the same for the same case, cancelled or not."""
        key = self._same_key(subscription)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return Key(subscription.office_id, item["subscription_id"]["S"]) if item else None

    def add(self, subscription: Subscription) -> None:
        """Raises Overtaken when the owner already watches the same."""
        self._transact(
            self._claim_same(subscription),
            self._put(subscription, "attribute_not_exists(pk)", {}),
            self._post(subscription),
        )

    def replace(self, before: Subscription, after: Subscription) -> None:
        """Raises Overtaken when `before` is no longer what is stored, or `after` is watched already."""
        writes = [self._put(after, "revision = :seen", {":seen": {"N": str(before.revision)}})]
        if self._same_key(before) != self._same_key(after):
            writes += [{"Delete": {"TableName": self._name, "Key": self._same_key(before)}}, self._claim_same(after)]
        moved = before.criterion.anchor != after.criterion.anchor
        if before.status is Status.ACTIVE and (moved or after.status is not Status.ACTIVE):
            writes.append(self._unpost(before))
        if after.status is Status.ACTIVE and (moved or before.status is not Status.ACTIVE):
            writes.append(self._post(after))
        self._transact(*writes)

    def posted_under(self, terms: Iterable[Term]) -> dict[Term, set[Key]]:
        """Who might watch each of these terms; terms that nobody watches are left out. 100 terms a call."""
        by_hash = {self._hash(term): term for term in set(terms)}
        keys = [{"pk": {"S": f"term#{one}"}, "sk": {"S": "posting"}} for one in sorted(by_hash)]
        found = {}
        for item in get_all(self._client, self._name, keys):
            term = by_hash[item["pk"]["S"].partition("#")[2]]
            found[term] = {Key(item[name]["S"], name[len(_POSTED) :]) for name in item if name.startswith(_POSTED)}
        return found

    def _hash(self, term: Term) -> str:
        return self._pseudonyms.of("term", *term)

    def _same_key(self, one: Subscription) -> Item:
        same = self._pseudonyms.of("same", one.owner, *one.criterion.identity, one.basis.case_number.casefold())
        return {"pk": {"S": f"office#{one.office_id}"}, "sk": {"S": f"same#{same}"}}

    def _claim_same(self, one: Subscription) -> Any:
        item = self._same_key(one) | {"subscription_id": {"S": one.subscription_id}}
        return {"Put": {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

    def _put(self, one: Subscription, condition: str, values: Item) -> Any:
        item = Key(one.office_id, one.subscription_id).item | {
            "doc": {"S": one.model_dump_json()},
            "revision": {"N": str(one.revision)},
        }
        put = {"TableName": self._name, "Item": item, "ConditionExpression": condition}
        return {"Put": put | ({"ExpressionAttributeValues": values} if values else {})}

    def _post(self, one: Subscription) -> Any:
        values = {":office": {"S": one.office_id}}
        return self._change_posting(one, "SET #one = :office", {"ExpressionAttributeValues": values})

    def _unpost(self, one: Subscription) -> Any:
        return self._change_posting(one, "REMOVE #one", {})

    def _change_posting(self, one: Subscription, expression: str, values: Any) -> Any:
        key = {"pk": {"S": f"term#{self._hash(one.criterion.anchor)}"}, "sk": {"S": "posting"}}
        names = {"#one": f"{_POSTED}{one.subscription_id}"}
        update = {
            "TableName": self._name,
            "Key": key,
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
        }
        return {"Update": update | values}

    def _transact(self, *writes: Any) -> None:
        try:
            self._client.transact_write_items(TransactItems=list(writes))
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if "ConditionalCheckFailed" in codes:
                raise Overtaken from cancelled
            raise TryLater(
                f"the subscription could not be written: {sorted(code or '' for code in codes)}"
            ) from cancelled
