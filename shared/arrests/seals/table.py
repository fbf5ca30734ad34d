"""Table of seals. They lie in the arrests table, so that its stream brings every sealed arrest to the matchers.

A sealed arrest keeps its pk and the keys that it was sealed by, and no document. The item with pk
`seals#<agency>#<digits>` holds keys of an agency's seals that begin with these hexadecimal digits: keyed hashes that
name nobody. There is one for each first digit; below one that is full, with 11,000 keys, one for each next digit.
All of an agency's are read for each of its drops: 32 bytes a key.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.arrests.items import SEALED
from shared.arrests.model import Arrest, Provenance
from shared.aws.dynamodb import Item, get_all
from shared.batching import batches

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DIGITS = "0123456789abcdef"
FULL = 11_000  # keys in one item
KEYS_AT_ONCE = 1_000  # with these above, 396 KB of the 400 that an item may have
_LAST = "~"  # sorts behind the order of every drop


class StoredArrest(NamedTuple):
    """An arrest in the table. When it is sealed, `arrest` is None and `sealed_by` holds the keys."""

    arrest_id: str
    arrest: Arrest | None
    sealed_by: frozenset[str]


class SealsTable:
    def __init__(self, client: "DynamoDBClient", arrests_table: str) -> None:
        self._client, self._name = client, arrests_table

    def of_agency(self, agency: str) -> frozenset[str]:
        """The keys of all seals of the agency."""
        keys: set[str] = set()
        prefixes = [*_DIGITS]
        while prefixes:
            items = list(get_all(self._client, self._name, [_key(agency, prefix) for prefix in prefixes]))
            keys.update(key for item in items for key in item["keys"]["SS"])
            full = [item["arrest_id"]["S"].rpartition("#")[2] for item in items if len(item["keys"]["SS"]) >= FULL]
            prefixes = [prefix + digit for prefix in full for digit in _DIGITS]
        return frozenset(keys)

    def add(self, agency: str, keys: Iterable[str]) -> None:
        for group in batches(sorted(set(keys)), KEYS_AT_ONCE):
            self._add_below(agency, "", group)

    def _add_below(self, agency: str, prefix: str, keys: Iterable[str]) -> None:
        by_prefix: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            by_prefix[key[: len(prefix) + 1]].append(key)
        for longer, own_keys in sorted(by_prefix.items()):
            if not self._add_to(agency, longer, own_keys):
                self._add_below(agency, longer, own_keys)

    def _add_to(self, agency: str, prefix: str, keys: list[str]) -> bool:
        """Returns False when this item is full: the keys belong below it."""
        try:
            self._client.update_item(
                TableName=self._name,
                Key=_key(agency, prefix),
                UpdateExpression="ADD #keys :keys",
                ConditionExpression="attribute_not_exists(#keys) OR size(#keys) < :full",
                ExpressionAttributeNames={"#keys": "keys"},
                ExpressionAttributeValues={":keys": {"SS": keys}, ":full": {"N": str(FULL)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def seal(self, arrest_id: str, agency: str, keys: Iterable[str], provenance: Provenance, now: datetime) -> None:
        """Seals an arrest, whether it was ever stored or not. A drop that writes it in this moment finds its condition
        broken and reads again."""
        item: Item = {
            "arrest_id": {"S": arrest_id},
            "agency": {"S": agency},
            "content": {"S": SEALED},
            "version_order": {"S": _LAST},
            "version": {"N": "0"},
            "drop_id": {"S": provenance.drop_id},
            "dropped_at": {"S": provenance.dropped_at.astimezone(UTC).isoformat()},
            "stored_at": {"S": now.astimezone(UTC).isoformat()},
            "sealed_by": {"SS": sorted(keys)},
        }
        self._client.put_item(TableName=self._name, Item=item)

    def mark(self, arrest_id: str, statute: str) -> None:
        """Marks a stored arrest as sealed under a statute that leaves it open to law enforcement."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key={"arrest_id": {"S": arrest_id}},
                UpdateExpression="SET mark = :statute",
                ConditionExpression="attribute_exists(doc)",
                ExpressionAttributeValues={":statute": {"S": statute}},
            )

    def stored(self, agency: str, segment: int, segments: int) -> Iterator[StoredArrest]:
        """Yields one segment of the agency's arrests, in no order."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            Segment=segment,
            TotalSegments=segments,
            ConsistentRead=True,
            FilterExpression="agency = :agency",
            ExpressionAttributeValues={":agency": {"S": agency}},
            ProjectionExpression="arrest_id, doc, sealed_by",
        )
        for page in pages:
            yield from map(_stored, page["Items"])


def _key(agency: str, prefix: str) -> Item:
    return {"arrest_id": {"S": f"seals#{agency}#{prefix}"}}


def _stored(item: Mapping[str, Any]) -> StoredArrest:
    arrest = Arrest.model_validate_json(item["doc"]["S"]) if "doc" in item else None
    return StoredArrest(item["arrest_id"]["S"], arrest, frozenset(item.get("sealed_by", {}).get("SS", ())))


def sealed_in(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the arrests that were sealed by these records of the table's stream."""
    images = (record["dynamodb"].get("NewImage", {}) for record in records)
    return list(dict.fromkeys(image["arrest_id"]["S"] for image in images if "sealed_by" in image))
