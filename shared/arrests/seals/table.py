"""Table of seals. They lie in the arrests table, so that its stream brings every sealed arrest to the matchers.

A sealed arrest keeps its pk and the keys that it was sealed by, and no document. The item with pk
`seals#<agency>#<digit>` holds the keys of an agency's seals that begin with that hexadecimal digit: keyed hashes that
name nobody. Sixteen such items have room for some 190,000 seals.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.arrests.items import SEALED
from shared.arrests.model import Arrest, Provenance
from shared.aws.dynamodb import Item, get_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DIGITS = "0123456789abcdef"
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
        pks = [{"arrest_id": {"S": f"seals#{agency}#{digit}"}} for digit in _DIGITS]
        return frozenset(key for item in get_all(self._client, self._name, pks) for key in item["keys"]["SS"])

    def add(self, agency: str, keys: Iterable[str]) -> None:
        by_digit: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            by_digit[key[0]].append(key)
        for digit, digit_keys in sorted(by_digit.items()):
            self._client.update_item(
                TableName=self._name,
                Key={"arrest_id": {"S": f"seals#{agency}#{digit}"}},
                UpdateExpression="ADD #keys :keys",
                ExpressionAttributeNames={"#keys": "keys"},
                ExpressionAttributeValues={":keys": {"SS": digit_keys}},
            )

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


def _stored(item: Mapping[str, Any]) -> StoredArrest:
    arrest = Arrest.model_validate_json(item["doc"]["S"]) if "doc" in item else None
    return StoredArrest(item["arrest_id"]["S"], arrest, frozenset(item.get("sealed_by", {}).get("SS", ())))


def sealed_in(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the arrests that were sealed by these records of the table's stream."""
    images = (record["dynamodb"].get("NewImage", {}) for record in records)
    return list(dict.fromkeys(image["arrest_id"]["S"] for image in images if "sealed_by" in image))
