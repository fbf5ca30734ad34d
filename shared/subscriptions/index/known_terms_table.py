"""Which terms have postings, as a matcher remembers it from batch to batch.

Nobody watches most of the terms of most arrests, and DynamoDB charges for an item that does not exist as for one that
does.

    pk known#<shard>  sk <16 hexadecimal digits>  the beginning of the hash of a term that has postings, or had
    pk known#<shard>  sk version                  `version`: another random text whenever terms are added

A term is registered before its first posting is written. So whoever reads the version after a subscription was
acknowledged reads one that it does not remember, and reads the shard anew. All reads are strongly consistent.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from shared.aws.dynamodb import Item, get_all
from shared.aws.transactions import transact
from shared.batching import batches

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SHARDS = 64
_DIGITS = 16  # 64 bits: of ten million terms, two share these with a probability of 0.000003; then a look-up is in vain
_VERSION = "version"
_WRITES_A_TRANSACTION = 100


class _Shard(NamedTuple):
    version: str
    prefixes: "array[int]"  # sorted

    def __contains__(self, term_hash: object) -> bool:
        prefix = int(str(term_hash)[:_DIGITS], 16)
        place = bisect_left(self.prefixes, prefix)
        return place < len(self.prefixes) and self.prefixes[place] == prefix


class KnownTermsTable:
    """Eight bytes of memory a term. Keep one as long as the process lives."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client, self._table = client, table
        self._shards: dict[int, _Shard] = {}

    def among(self, term_hashes: Set[str]) -> set[str]:
        """Returns those of these terms that may have postings. Reads at most one small item for each term."""
        by_shard: defaultdict[int, list[str]] = defaultdict(list)
        for term_hash in term_hashes:
            by_shard[_shard_of(term_hash)].append(term_hash)
        keys = [_key(shard, _VERSION) for shard in sorted(by_shard)]
        versions = {item["pk"]["S"]: item[_VERSION]["S"] for item in get_all(self._client, self._table, keys)}
        known: set[str] = set()
        for shard, hashes in by_shard.items():
            if version := versions.get(_partition(shard)):
                remembered = self._shards.get(shard)
                if remembered is None or remembered.version != version:
                    remembered = self._shards[shard] = _Shard(version, self._read(shard))
                known.update(term_hash for term_hash in hashes if term_hash in remembered)
        return known

    def _read(self, shard: int) -> "array[int]":
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :shard AND sk < :version",
            ExpressionAttributeValues={":shard": {"S": _partition(shard)}, ":version": {"S": _VERSION}},
            ConsistentRead=True,
        )
        return array("Q", sorted(int(item["sk"]["S"], 16) for page in pages for item in page["Items"]))


def register(client: "DynamoDBClient", table: str, term_hashes: Iterable[str]) -> None:
    """Makes the terms known to every matcher. Call it before their first postings are written. Raises TryLater."""
    for batch in batches(_writes(table, sorted(term_hashes)), _WRITES_A_TRANSACTION):
        transact(client, batch)


def _writes(table: str, term_hashes: list[str]) -> Iterator[Item]:
    """The versions come last, so that no transaction before them can be missed."""
    for term_hash in term_hashes:
        yield {"Put": {"TableName": table, "Item": _key(_shard_of(term_hash), term_hash[:_DIGITS])}}
    for shard in sorted({_shard_of(term_hash) for term_hash in term_hashes}):
        yield {"Put": {"TableName": table, "Item": _key(shard, _VERSION) | {_VERSION: {"S": uuid4().hex}}}}


def _shard_of(term_hash: str) -> int:
    return int(term_hash[:2], 16) % _SHARDS


def _partition(shard: int) -> str:
    return f"known#{shard}"


def _key(shard: int, sort_key: str) -> Item:
    return {"pk": {"S": _partition(shard)}, "sk": {"S": sort_key}}
