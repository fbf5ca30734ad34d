"""What a drop writes of each arrest: a pure decision.

An adult's goes into the arrests table. A juvenile's goes into the table of juveniles, with a stub in the arrests table.
Whoever turns out to be the other moves, in one transaction.

What is written of an arrest is a statement (half the price) where the arrest is new or the drop only repeats it, else a
transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.arrests.items import (
    PlaceAttributes,
    StoredVersion,
    WriteOutcome,
    decide_write,
    expiry_of,
    item_of,
    next_version,
    place_attributes,
    provenance_for,
    put_of,
    unchanged_since,
    with_history,
)
from shared.arrests.juveniles.stub import RECORD, record_key, stub_item
from shared.arrests.model import Arrest, NotifyMode, Provenance
from shared.arrests.place_index import PlaceKeys
from shared.aws.dynamodb import Item
from shared.aws.statements import Statement, insert, update

WRITES_PER_TRANSACTION = 100
_BYTES_PER_TRANSACTION = 3 << 20  # of the 4 MB that DynamoDB allows

Together = Sequence[Item]
"""The entries of a TransactWriteItems that belong together."""
Writes = Statement | Together


class Current(NamedTuple):
    """What is stored of an arrest: its version, wherever that lies, and the stub where it is kept apart."""

    version: StoredVersion
    stub: StoredVersion | None = None

    @property
    def in_arrests(self) -> StoredVersion:
        return self.stub or self.version


class StoreTables(NamedTuple):
    """The names of both tables, and the keys of the index by place of the first."""

    arrests: str
    juveniles: str
    place_keys: PlaceKeys | None = None


def plan_writes(
    tables: StoreTables,
    arrests: Mapping[str, Arrest],
    current: Mapping[str, Current],
    provenance: Provenance,
    now: datetime,
    marks: Mapping[str, str],
) -> tuple[dict[str, WriteOutcome], dict[str, Writes]]:
    """The outcome of each arrest, if its writes succeed, and the writes, both by arrest_id. `marks` are statutes of
    seals that came before their arrests."""
    outcomes: dict[str, WriteOutcome] = {}
    writes: dict[str, Writes] = {}
    for key, arrest in arrests.items():
        content, stored = arrest.content, current.get(key)
        version = stored.version if stored else None
        by_age = provenance_for(arrest, version, provenance)
        outcomes[key], is_written = decide_write(content, version, by_age)
        if not is_written:
            continue
        following = next_version(content, _shown_nowhere(arrest, stored, by_age), by_age, now)
        if key in marks and not following.mark:
            following = following._replace(mark=marks[key])
        if belongs_apart(arrest, stored, by_age):
            writes[key] = _kept_apart(tables, arrest, following, stored)
            continue
        place = place_attributes(arrest, following, tables.place_keys)
        if stored and stored.stub:
            writes[key] = _moved_to_adults(tables, arrest, following, stored, place)
        elif version is None:
            writes[key] = insert(tables.arrests, item_of(arrest, following, place))
        elif following == version._replace(order=following.order):
            writes[key] = _reordered(tables.arrests, key, version, following.order)
        else:
            writes[key] = [{"Put": put_of(tables.arrests, arrest, following, version, place)}]
    return outcomes, writes


def _reordered(table: str, arrest_id: str, version: StoredVersion, order: str) -> Statement:
    """Only a newer drop with the same content: everything else in the item stays, whoever changed it meanwhile."""
    expected = {"content": {"S": version.content}, "version_order": {"S": version.order}}
    return update(table, {"arrest_id": {"S": arrest_id}}, {"version_order": {"S": order}}, expected)


def belongs_apart(arrest: Arrest, stored: Current | None, provenance: Provenance) -> bool:
    """A held drop opens no record: until somebody has looked at it, who was a juvenile stays one."""
    is_apart = stored is not None and stored.stub is not None
    return arrest.juvenile or (is_apart and provenance.notify_mode is NotifyMode.HELD)


def _shown_nowhere(arrest: Arrest, stored: Current | None, provenance: Provenance) -> StoredVersion | None:
    """The version before, with nothing of what the other table shows of it where the arrest moves."""
    if stored is None or (stored.stub is not None) is belongs_apart(arrest, stored, provenance):
        return stored.version if stored else None
    return stored.version._replace(shown_document="", history=())


def _kept_apart(tables: StoreTables, arrest: Arrest, version: StoredVersion, stored: Current | None) -> Together:
    """The record and its stub. Whoever was an adult until now leaves nothing behind, no history either."""
    before = stored.version if stored else None
    if stored and stored.stub:
        version = with_history(arrest, version, before)
    version = version._replace(untold=before is None or before.is_news)
    record = item_of(arrest, version._replace(quiet=""), {}) | {"part": RECORD}  # `quiet` lies at the stub
    stub = stub_item(arrest, version, expiry_of(arrest, version))
    lock = unchanged_since(stored.in_arrests if stored else None)
    return [
        {"Put": {"TableName": tables.arrests, "Item": stub} | lock},
        {"Put": {"TableName": tables.juveniles, "Item": record} | _record_lock(stored)},
    ]


def _moved_to_adults(
    tables: StoreTables, arrest: Arrest, version: StoredVersion, stored: Current, place: PlaceAttributes
) -> Together:
    """The arrest as if it were new, with nothing of the time when it was a juvenile's record."""
    item = item_of(arrest, version._replace(history=(), shown_document=""), place)
    record = {"TableName": tables.juveniles, "Key": record_key(arrest.arrest_id)}
    return [
        {"Put": {"TableName": tables.arrests, "Item": item} | unchanged_since(stored.stub)},
        {"Delete": record | _record_lock(stored)},
    ]


def _record_lock(stored: Current | None) -> Item:
    """The condition at the record itself: a mark of a seal may be set at it while its stub stays as it is."""
    is_record = stored is not None and stored.stub is not None and stored.version is not stored.stub
    return unchanged_since(stored.version._replace(quiet="")) if stored and is_record else {}


def transactions(writes: Mapping[str, Together]) -> Iterator[list[str]]:
    """The keys of the writes, in groups that are small enough for one transaction."""
    group: list[str] = []
    group_size = group_bytes = 0
    for key, own_writes in writes.items():
        size = sum(_size_of(write) for write in own_writes)
        is_full = group_size + len(own_writes) > WRITES_PER_TRANSACTION or group_bytes + size > _BYTES_PER_TRANSACTION
        if group and is_full:
            yield group
            group, group_size, group_bytes = [], 0, 0
        group.append(key)
        group_size += len(own_writes)
        group_bytes += size
    if group:
        yield group


def _size_of(write: Item) -> int:
    item = write["Put"]["Item"] if "Put" in write else {}
    return sum(len(attribute.get("S", "").encode()) for attribute in item.values())
