"""Table of seals. They lie in the arrests table, so that its stream brings every sealed arrest to the matchers.

A sealed arrest keeps its pk and the keys that it was sealed by, and no document. A locked one holds its whole item in
`locked`, an attribute that no reader of arrests asks for, and gets it back as it was when the lock is lifted.

The item with pk `seals#<agency>#<digits>` holds entries of an agency's seals (`register.py`) whose keys begin with
these hexadecimal digits: keyed hashes that name nobody. There is one for each first digit; below one that is full, with
4,000 entries, one for each next digit. All of an agency's are read for each of its drops, and those of custodies,
`seals#*#<digits>`: 32 bytes an entry, 73 at most.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.arrests.items import LOCKED, SEALED
from shared.arrests.juveniles.stub import is_stub, record_key
from shared.arrests.model import Arrest, Provenance
from shared.arrests.seals.effect import SealEffect
from shared.arrests.seals.register import OF_ALL, SealRegister, SealVerdict, register_of
from shared.aws.dynamodb import Item, get_all
from shared.aws.throttling import back_off
from shared.aws.transactions import transact
from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DIGITS = "0123456789abcdef"
FULL = 4_000  # entries in one item
KEYS_AT_ONCE = 1_000  # with these above, 365 KB of the 400 that an item may have
_LAST = "~"  # sorts behind the order of every drop
_ATTEMPTS = 8


class StoredArrest(NamedTuple):
    """An arrest in the table. `arrest` is what is stored of it, locked or not; None when it is erased, and `sealed_by`
    holds the keys. `mark` is the statute that marks it."""

    arrest_id: str
    agency: str
    arrest: Arrest | None
    sealed_by: frozenset[str]
    is_locked: bool = False
    mark: str = ""


class SealsTable:
    """`juveniles` is the table of juveniles' records, for whoever applies seals: without it entries can be read and
    added, and adults' arrests found. What a seal does to an arrest it does to the record where the arrest is a stub
    (`juveniles/stub.py`)."""

    def __init__(self, client: "DynamoDBClient", arrests_table: str, juveniles: str = "") -> None:
        self._client, self._name, self._juveniles = client, arrests_table, juveniles

    def register(self, agency: str) -> SealRegister:
        return register_of(agency, self.entries(agency), self.entries(OF_ALL))

    def entries(self, agency: str) -> frozenset[str]:
        """The entries of all seals of the agency."""
        return frozenset(entry for _, entries in self._items(agency) for entry in entries)

    def _items(self, agency: str) -> Iterator[tuple[str, frozenset[str]]]:
        """Yields the digits and entries of each item of the agency."""
        prefixes = [*_DIGITS]
        while prefixes:
            items = get_all(self._client, self._name, [_key(agency, prefix) for prefix in prefixes])
            prefixes = []
            for item in items:
                prefix, entries = item["arrest_id"]["S"].rpartition("#")[2], frozenset(item.get("keys", _NONE)["SS"])
                yield prefix, entries
                if len(entries) >= FULL:
                    prefixes += [prefix + digit for digit in _DIGITS]

    def add(self, agency: str, entries: Iterable[str]) -> None:
        for group in batches(sorted(set(entries)), KEYS_AT_ONCE):
            self._add_below(agency, "", group)

    def remove(self, agency: str, entries: Iterable[str]) -> None:
        unwanted = set(entries)
        for prefix, stored in self._items(agency) if unwanted else ():
            if gone := stored & unwanted:
                self._client.update_item(
                    TableName=self._name,
                    Key=_key(agency, prefix),
                    UpdateExpression="DELETE #keys :keys",
                    ExpressionAttributeNames={"#keys": "keys"},
                    ExpressionAttributeValues={":keys": {"SS": sorted(gone)}},
                )

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

    def find(self, arrest_ids: Iterable[str]) -> list[StoredArrest]:
        """A juvenile's record is nothing, as an unknown one is, to whoever was not given their table."""
        keys = [{"arrest_id": {"S": arrest_id}} for arrest_id in sorted(set(arrest_ids))]
        items = [item for item in get_all(self._client, self._name, keys) if "content" in item]
        stubs = [record_key(item["arrest_id"]["S"]) for item in items if is_stub(item)]
        records = get_all(self._client, self._juveniles, stubs) if stubs and self._juveniles else ()
        return [_stored(item) for item in (*items, *records) if not is_stub(item)]

    def seal(
        self,
        arrest_id: str,
        agency: str,
        keys: Iterable[str],
        provenance: Provenance,
        now: datetime,
        statute: str = "",
    ) -> None:
        """Seals an arrest, whether it was ever stored or not. A drop that writes it in this moment finds its condition
        broken and reads again. A juvenile's record is destroyed in the same transaction (FCA 354.1, 375.1)."""
        item = _tombstone(arrest_id, agency, SEALED, keys, provenance, now)
        item |= {"statute": {"S": statute}} if statute else {}
        record = {"TableName": self._juveniles, "Key": record_key(arrest_id)}
        transact(self._client, [{"Put": {"TableName": self._name, "Item": item}}, {"Delete": record}])

    def settle(self, arrest_id: str, verdict: SealVerdict, provenance: Provenance, now: datetime) -> bool:
        """Locks, marks or opens an arrest as its seals say. Returns whether that changed anything."""
        return self._change(arrest_id, lambda item: _settled(item, verdict, provenance, now))

    def put_locked(self, item: Item, keys: Iterable[str], provenance: Provenance, now: datetime) -> None:
        """Stores the item of an arrest that is locked before anybody saw it, or a newer version of one that is."""
        locked = _locked(item, keys, provenance, now)

        def renewed(stored: Item) -> Item | None:
            inner = stored.get("locked", {}).get("M", stored)
            if "doc" not in inner:
                return None
            is_newer = inner["version_order"]["S"] < item["version_order"]["S"] and inner["content"] != item["content"]
            if "locked" in stored and not is_newer:
                return None
            mark = {"mark": inner["mark"]} if "mark" in inner else {}
            return _locked(item | mark if is_newer else inner, keys, provenance, now)

        try:
            self._client.put_item(
                TableName=self._name, Item=locked, ConditionExpression="attribute_not_exists(arrest_id)"
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            self._change(item["arrest_id"]["S"], renewed)

    def _change(self, arrest_id: str, change: Callable[[Item], Item | None]) -> bool:
        """Puts what `change` makes of the item, unless that is None or the item. Raises TryLater when it kept changing
        (optimistic lock)."""
        for attempt in range(_ATTEMPTS):
            table, key = self._name, {"arrest_id": {"S": arrest_id}}
            item = self._client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
            if item and is_stub(item):
                table, key = self._juveniles, record_key(arrest_id)
                item = self._client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
            changed = change(item) if item else None
            changed = changed | key if changed else None
            if item is None or changed is None or changed == item:
                return False
            values: Item = {":content": item["content"], ":order": item["version_order"], ":stored": item["stored_at"]}
            condition = "content = :content AND version_order = :order AND stored_at = :stored"
            try:
                self._client.put_item(
                    TableName=table,
                    Item=changed,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=values,
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                back_off(attempt)
            else:
                return True
        raise TryLater("an arrest kept changing while its seal was carried out")

    def stored(self, segment: int, segments: int) -> Iterator[StoredArrest]:
        """Yields one segment of all agencies' arrests, in no order, and then of the records of juveniles."""
        for table in (self._name, self._juveniles):
            yield from self._scan(table, segment, segments)

    def _scan(self, table: str, segment: int, segments: int) -> Iterator[StoredArrest]:
        pages = self._client.get_paginator("scan").paginate(
            TableName=table,
            Segment=segment,
            TotalSegments=segments,
            ConsistentRead=True,
            FilterExpression="attribute_exists(doc) OR attribute_exists(sealed_by)",
            ProjectionExpression="arrest_id, agency, doc, sealed_by, locked.doc, locked.mark, mark",
        )
        for page in pages:
            yield from map(_stored, page["Items"])


_NONE: Mapping[str, Any] = {"SS": ()}


def _key(agency: str, prefix: str) -> Item:
    return {"arrest_id": {"S": f"seals#{agency}#{prefix}"}}


def _tombstone(
    arrest_id: str, agency: str, content: str, keys: Iterable[str], provenance: Provenance, now: datetime
) -> Item:
    return {
        "arrest_id": {"S": arrest_id},
        "agency": {"S": agency},
        "content": {"S": content},
        "version_order": {"S": _LAST},
        "version": {"N": "0"},
        "drop_id": {"S": provenance.drop_id},
        "dropped_at": {"S": provenance.dropped_at.astimezone(UTC).isoformat()},
        "stored_at": {"S": now.astimezone(UTC).isoformat()},
        "sealed_by": {"SS": sorted(keys)},
    }


def _locked(item: Item, keys: Iterable[str], provenance: Provenance, now: datetime) -> Item:
    """The item of an arrest that nobody reads: the whole of what was there lies in `locked`, and expires with it."""
    outer = _tombstone(item["arrest_id"]["S"], item["agency"]["S"], LOCKED, keys, provenance, now)
    return outer | {"locked": {"M": item}} | ({"expires": item["expires"]} if "expires" in item else {})


def _settled(item: Item, verdict: SealVerdict, provenance: Provenance, now: datetime) -> Item | None:
    """What becomes of an item that is not erased. None where nothing does."""
    inner: Item | None = item.get("locked", {}).get("M")
    if "doc" not in (inner or item):
        return None
    if verdict.effect is SealEffect.LOCK:
        return None if inner else _locked(item, verdict.keys, provenance, now)
    readable = dict(inner or item)
    if verdict.effect is SealEffect.MARK:
        readable.setdefault("mark", {"S": verdict.statute})
    elif verdict.is_opened:
        readable.pop("mark", None)
    return _matched_again(readable, now) if inner else readable


def _matched_again(item: Item, now: datetime) -> Item:
    """What was locked is matched once more when it is lifted: what was withdrawn is in force again."""
    moment = {"S": now.astimezone(UTC).isoformat()}
    return item | {"again": moment, "stored_at": moment} if "quiet" not in item else item


def _stored(item: Mapping[str, Any]) -> StoredArrest:
    locked = item.get("locked", {}).get("M")
    document = (locked or item).get("doc")
    return StoredArrest(
        item["arrest_id"]["S"],
        item["agency"]["S"],
        Arrest.model_validate_json(document["S"]) if document else None,
        frozenset(item.get("sealed_by", _NONE)["SS"]),
        is_locked=locked is not None,
        mark=(locked or item).get("mark", {}).get("S", ""),
    )


class SealedArrest(NamedTuple):
    """An arrest that a record of the stream seals or locks. `is_new`: the record before did not. `is_erased`: nothing
    is left of it; a lock erases nothing and may be lifted. `drop_id` brought the seal."""

    arrest_id: str
    agency: str
    drop_id: str
    statute: str
    is_new: bool
    is_erased: bool


def unlocked_ids_in(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """The arrests that are locked no more after these records, and can be read again."""
    unlocked = set[str]()
    for change in (record["dynamodb"] for record in records):
        before, after = change.get("OldImage", {}), change.get("NewImage", {})
        if before.get("content", {}).get("S") == LOCKED and "sealed_by" not in after and "arrest_id" in after:
            unlocked.add(after["arrest_id"]["S"])
        elif "sealed_by" in after:
            unlocked.discard(after["arrest_id"]["S"])
    return unlocked


def sealed_arrests_in(records: Iterable[Mapping[str, Any]]) -> list[SealedArrest]:
    """The arrests that are sealed or locked after these records, each as the last of them says."""
    sealed: dict[str, SealedArrest] = {}
    for change in (record["dynamodb"] for record in records):
        image = change.get("NewImage", {})
        if "sealed_by" in image:
            before = change.get("OldImage", {}).get("content")
            sealed[image["arrest_id"]["S"]] = SealedArrest(
                image["arrest_id"]["S"],
                image["agency"]["S"],
                image["drop_id"]["S"],
                image.get("statute", {}).get("S", ""),
                is_new=before != image["content"],
                is_erased=image["content"]["S"] == SEALED,
            )
    return list(sealed.values())
