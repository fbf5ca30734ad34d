"""The stored form of the index in the table of subscriptions: keys, attributes, and single writes of a transaction.

    pk term#<hash>       sk posting      the first shard of a posting list: an attribute `s_<subscription id>` per
                                         posting (`posting.py`); `size`, their number; `last`, the number of the list's
                                         last shard, if it has more than one
    pk term#<hash>#<n>   sk posting      the n-th further shard, so that a long list is spread over partitions
    pk office#<office>   sk same#<hash>  the claim of an owner on a criterion and case -> subscription id
    pk office#<office>   sk subscription#<id>  the document, with its `revision`, and `posted`: hash -> shard of each of
                                         its postings. While it is active it lies in the index `by_last_day` too, by
                                         its `last_day`, spread over `due_shard`s

Pure functions, shared by the index (`table.py`) and the table of documents (`subscriptions/table.py`). They import
no rules of matching, because functions that only read documents are shipped without the libraries of matching.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

from shared.aws.dynamodb import Item
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.validity import last_day

_POSTING_PREFIX = "s_"
DUE_SHARDS = 16
"""The sweep reads a shard at a time, and writes an owner one mail: so all subscriptions of an owner lie in one shard. A
list that one owner imports is written far slower than the 1,000 items a second that DynamoDB writes to a key."""

Write = dict[str, Any]
"""One element of TransactItems."""


class Condition(NamedTuple):
    """A condition on the stored document, as DynamoDB takes it."""

    expression: str
    values: Item


IS_NEW = Condition("attribute_not_exists(pk)", {})


def is_unchanged(revision: int, shards: Mapping[str, int]) -> Condition:
    """Holds if the document still has this revision and its postings lie in these shards (optimistic lock)."""
    values = {":revision": {"N": str(revision)}, ":posted": _shards_attribute(shards)}
    return Condition("revision = :revision AND posted = :posted", values)


def document_key(key: SubscriptionKey) -> Item:
    return {"pk": {"S": f"office#{key.office_id}"}, "sk": {"S": f"subscription#{key.subscription_id}"}}


def claim_key(subscription: Subscription, pseudonyms: Pseudonyms) -> Item:
    same = pseudonyms.of("same", subscription.owner, *subscription.identity)
    return {"pk": {"S": f"office#{subscription.office_id}"}, "sk": {"S": f"same#{same}"}}


def shard_key(term_hash: str, shard: int = 0) -> Item:
    return {"pk": {"S": f"term#{term_hash}#{shard}" if shard else f"term#{term_hash}"}, "sk": {"S": "posting"}}


def term_hash_of(shard_item: Item) -> str:
    return str(shard_item["pk"]["S"].split("#")[1])


def number_in(item: Item, attribute: str) -> int:
    return int(item[attribute]["N"]) if attribute in item else 0


def shards_of(document_item: Item) -> dict[str, int]:
    """Returns hash of the term -> shard for each posting of the document."""
    return {term_hash: int(shard["N"]) for term_hash, shard in document_item.get("posted", {"M": {}})["M"].items()}


def posting_texts_in(shard_item: Item) -> Iterator[tuple[str, str]]:
    """Yields (subscription id, text) for each posting of a shard."""
    for attribute, text in shard_item.items():
        if attribute.startswith(_POSTING_PREFIX):
            yield attribute.removeprefix(_POSTING_PREFIX), str(text["S"])


def put_document(table: str, subscription: Subscription, shards: Mapping[str, int], condition: Condition) -> Write:
    item = document_key(subscription.key) | {
        "doc": {"S": subscription.model_dump_json()},
        "revision": {"N": str(subscription.revision)},
        "posted": _shards_attribute(shards),
    }
    item |= due_attributes(subscription)
    put: Item = {"TableName": table, "Item": item, "ConditionExpression": condition.expression}
    if condition.values:
        put["ExpressionAttributeValues"] = condition.values
    return {"Put": put}


def due_attributes(subscription: Subscription) -> Item:
    """What puts a subscription into the index `by_last_day`: nothing unless it is active and ends."""
    last = last_day(subscription)
    if subscription.status is not Status.ACTIVE or last is None:
        return {}
    owner = f"{subscription.office_id}/{subscription.owner.casefold()}"
    return {
        "due_shard": {"S": str(crc32(owner.encode()) % DUE_SHARDS)},
        "last_day": {"S": last.isoformat()},
    }


def add_posting(table: str, term_hash: str, shard: int, subscription_id: str, text: str, shard_size: int) -> Write:
    """Fails if the shard is full."""
    update = _update(table, term_hash, shard, "SET #posting = :text ADD #size :one")
    update["ConditionExpression"] = "attribute_not_exists(#size) OR #size < :shard_size"
    update["ExpressionAttributeNames"] = {"#posting": f"{_POSTING_PREFIX}{subscription_id}", "#size": "size"}
    update["ExpressionAttributeValues"] = {
        ":text": {"S": text},
        ":one": {"N": "1"},
        ":shard_size": {"N": str(shard_size)},
    }
    return {"Update": update}


def rewrite_posting(table: str, term_hash: str, shard: int, subscription_id: str, text: str) -> Write:
    update = _update(table, term_hash, shard, "SET #posting = :text")
    update["ExpressionAttributeNames"] = {"#posting": f"{_POSTING_PREFIX}{subscription_id}"}
    update["ExpressionAttributeValues"] = {":text": {"S": text}}
    return {"Update": update}


def remove_posting(table: str, term_hash: str, shard: int, subscription_id: str) -> Write:
    update = _update(table, term_hash, shard, "REMOVE #posting ADD #size :minus_one")
    update["ExpressionAttributeNames"] = {"#posting": f"{_POSTING_PREFIX}{subscription_id}", "#size": "size"}
    update["ExpressionAttributeValues"] = {":minus_one": {"N": "-1"}}
    return {"Update": update}


def open_shard(table: str, term_hash: str, shard: int) -> Item:
    """The arguments of an UpdateItem that makes this shard the list's last. Fails if another already is."""
    update = _update(table, term_hash, 0, "SET #last = :shard")
    update["ConditionExpression"] = "attribute_not_exists(#last) OR #last = :previous"
    update["ExpressionAttributeNames"] = {"#last": "last"}
    update["ExpressionAttributeValues"] = {":shard": {"N": str(shard)}, ":previous": {"N": str(shard - 1)}}
    return update


def _update(table: str, term_hash: str, shard: int, expression: str) -> Item:
    return {"TableName": table, "Key": shard_key(term_hash, shard), "UpdateExpression": expression}


def _shards_attribute(shards: Mapping[str, int]) -> Item:
    return {"M": {term_hash: {"N": str(shard)} for term_hash, shard in shards.items()}}
