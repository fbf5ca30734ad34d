"""Which terms have postings, as a matcher remembers it from batch to batch.

Nobody watches most of the terms of most arrests, and DynamoDB charges for an item that does not exist as for one that
does.

    pk known#<shard>   sk <16 hexadecimal digits>  the beginning of the hash of a term that has postings, or had
    pk known#versions  sk versions                 `v_<shard>` of each shard, another random text whenever terms come

A term is registered before its first posting is written, and its shard's version is changed last. So whoever reads the
versions after a subscription was acknowledged reads one that it does not remember, and reads that shard anew. All reads
are strongly consistent.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Set
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from shared.aws.dynamodb import Item
from shared.aws.transactions import transact
from shared.batching import batches
from shared.subscriptions.index.plan_reindex import MAX_TRANSACTION_WRITES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SHARDS = 64
_DIGITS = 16  # 64 bits: of ten million terms, two share these with a probability of 0.000003; then a look-up is in vain
_VERSIONS: Item = {"pk": {"S": "known#versions"}, "sk": {"S": "versions"}}


class _Shard(NamedTuple):
    version: str
    prefixes: "array[int]"  # sorted

    def __contains__(self, term_hash: object) -> bool:
        prefix = int(str(term_hash)[:_DIGITS], 16)
        place = bisect_left(self.prefixes, prefix)
        return place < len(self.prefixes) and self.prefixes[place] == prefix


_NO_TERMS = _Shard("", array("Q"))


class KnownTermsTable:
    """Eight bytes of memory a term. Keep one as long as the process lives."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table
        self._shards: dict[int, _Shard] = {}

    def among(self, term_hashes: Set[str]) -> set[str]:
        """Returns those of these terms that may have postings. Reads one small item, and the shards that changed."""
        stored = self._client.get_item(TableName=self._table, Key=_VERSIONS, ConsistentRead=True).get("Item", {})
        versions = {name: value["S"] for name, value in stored.items()}
        return {term_hash for term_hash in term_hashes if term_hash in self._shard(_shard_of(term_hash), versions)}

    def _shard(self, number: int, versions: Mapping[str, str]) -> _Shard:
        version = versions.get(_version_of(number), "")
        shard = self._shards.get(number, _NO_TERMS)
        if shard.version != version:
            shard = self._shards[number] = _Shard(version, self._read(number))
        return shard

    def _read(self, shard: int) -> "array[int]":
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :shard",
            ExpressionAttributeValues={":shard": {"S": f"known#{shard}"}},
            ConsistentRead=True,
        )
        return array("Q", sorted(int(item["sk"]["S"], 16) for page in pages for item in page["Items"]))


def register(client: "DynamoDBClient", table: str, term_hashes: Iterable[str]) -> None:
    """Makes the terms known to every matcher. Call it before their first postings are written. Raises TryLater."""
    if hashes := sorted(term_hashes):
        puts: list[Item] = [{"Put": {"TableName": table, "Item": _item_of(term_hash)}} for term_hash in hashes]
        for batch in batches([*puts, _new_versions(table, hashes)], MAX_TRANSACTION_WRITES):
            transact(client, batch)


def _new_versions(table: str, term_hashes: Iterable[str]) -> Item:
    names = sorted({_version_of(_shard_of(term_hash)) for term_hash in term_hashes})
    update = {
        "TableName": table,
        "Key": _VERSIONS,
        "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in names),
        "ExpressionAttributeValues": {f":{name}": {"S": token_hex(8)} for name in names},
    }
    return {"Update": update}


def _item_of(term_hash: str) -> Item:
    return {"pk": {"S": f"known#{_shard_of(term_hash)}"}, "sk": {"S": term_hash[:_DIGITS]}}


def _shard_of(term_hash: str) -> int:
    return int(term_hash[:2], 16) % _SHARDS


def _version_of(shard: int) -> str:
    return f"v_{shard}"
