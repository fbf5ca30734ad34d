"""Tombstones, in the arrests table, so that its stream tells of them.

A sealed arrest keeps its pk and the keys that it was sealed by, and no document. pk `seals#<agency>#<digit>` holds the
keys of an agency's seals that begin with that hexadecimal digit: keyed hashes, from which nobody can tell who was
meant, for some 190,000 seals an agency.
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
    """An arrest as it lies in the table: `arrest` is None and `sealed_by` filled when it is sealed."""

    arrest_id: str
    arrest: Arrest | None
    sealed_by: frozenset[str]


class SealsTable:
    def __init__(self, client: "DynamoDBClient", arrests_table: str) -> None:
        self._client, self._name = client, arrests_table

    def of_agency(self, agency: str) -> frozenset[str]:
        places = [{"arrest_id": {"S": f"seals#{agency}#{digit}"}} for digit in _DIGITS]
        return frozenset(key for item in get_all(self._client, self._name, places) for key in item["keys"]["SS"])

    def add(self, agency: str, keys: Iterable[str]) -> None:
        by_digit: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            by_digit[key[0]].append(key)
        for digit, some in sorted(by_digit.items()):
            self._client.update_item(
                TableName=self._name,
                Key={"arrest_id": {"S": f"seals#{agency}#{digit}"}},
                UpdateExpression="ADD #keys :keys",
                ExpressionAttributeNames={"#keys": "keys"},
                ExpressionAttributeValues={":keys": {"SS": some}},
            )

    def seal(self, arrest_id: str, agency: str, keys: Iterable[str], by: Provenance, now: datetime) -> None:
        """Whether the arrest was ever stored or not: it comes back no more. A drop that writes it in this moment
        finds its condition broken and reads again."""
        item: Item = {
            "arrest_id": {"S": arrest_id},
            "agency": {"S": agency},
            "content": {"S": SEALED},
            "version_order": {"S": _LAST},
            "version": {"N": "0"},
            "drop_id": {"S": by.drop_id},
            "dropped_at": {"S": by.dropped_at.astimezone(UTC).isoformat()},
            "stored_at": {"S": now.astimezone(UTC).isoformat()},
            "sealed_by": {"SS": sorted(keys)},
        }
        self._client.put_item(TableName=self._name, Item=item)

    def stored(self, agency: str, segment: int, segments: int) -> Iterator[StoredArrest]:
        """One segment of all that is stored of an agency."""
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
    """The ids of the arrests of which these records of the table's stream tell that they were sealed."""
    images = (record["dynamodb"].get("NewImage", {}) for record in records)
    return list(dict.fromkeys(image["arrest_id"]["S"] for image in images if "sealed_by" in image))
