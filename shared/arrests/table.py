"""The table of arrests: one item for each arrest, pk arrest_id, with its latest version as a document.

The item holds what conditions need (`content`, `version_order`, `drop_id`) and what latency is measured by
(`dropped_at`, `stored_at`). The table's stream brings every new version to the matchers. An item without `doc` is an
identity event (`identity_events/table.py`), or an arrest that is sealed or locked (`seals/table.py`) or purged.

`quiet` tells the matchers to pass the item over: `silent`, `too old`, or `held` until its drop is released. While it is
held, `told` is the document that readers see; it is missing where no version was shown before. `untold` is there while
nobody was notified of any version because each was too old. `again` changes when the
arrest is to be matched again. `history` holds the revisions, once there are two.
`mark` is the statute of a seal that leaves the arrest open to law enforcement; it outlasts every version. `case_events`
is what other records say of the end of its case (`purge_table.py`). `place` and `place_day` are the keys of the index
by place (`place_index.py`).
Of a juvenile's record there is a stub (`juveniles/stub.py`); the record lies in another table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from shared.arrests.addresses.model import Address
from shared.arrests.diff import Difference, differences
from shared.arrests.history import Revision
from shared.arrests.items import (
    APART,
    UNREADABLE,
    StoredVersion,
    WriteOutcome,
    decided_document,
    document_of,
    item_of,
    next_version,
    place_attributes,
    provenance_for,
    readable_document,
    readable_history,
    stored_version,
)
from shared.arrests.juveniles.stub import is_stub, record_key
from shared.arrests.model import Arrest, ArrestChange, Flag, NotifyMode, Provenance, parse_utc
from shared.arrests.no_conviction import differences_without_convictions
from shared.arrests.place_index import PLACE, PLACE_DAY, PlaceKeys
from shared.arrests.plan_writes import (
    WRITES_PER_TRANSACTION,
    Current,
    StoreTables,
    Writes,
    plan_writes,
    transactions,
)
from shared.arrests.retention.decide import last_decision
from shared.arrests.retention.model import CASE_EVENTS, CaseEventKind
from shared.arrests.seals.effect import flags_of_mark
from shared.arrests.synthetic import CANARY
from shared.aws.dynamodb import Item, get_all
from shared.aws.statements import Statement, write_each
from shared.aws.throttling import back_off
from shared.aws.transactions import transact
from shared.batching import batches, map_in_threads
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_PLACE = "by_place"
_ATTEMPTS = 8
_ATTRIBUTES = (
    "arrest_id, content, version_order, drop_id, version, dropped_at, stored_at, quiet, told, again, untold, history,"
    " mark"
)


@dataclass(frozen=True)
class Version:
    """An arrest as it is stored, as readers saw it before (None when new), and when its drop came and was stored.

    Of a `silent` version nobody is notified. It may still take back what somebody was notified of. `before_stored_at`
    is when the version before was stored. An arrest that `returned` was a juvenile's record until now: what it was
    before that is not known here, and somebody may have been notified of it. `mark` is the statute of a seal that
    leaves the arrest open to law enforcement, empty if none does.
    """

    arrest: Arrest
    before: Arrest | None
    dropped_at: datetime
    stored_at: datetime
    drop_id: str = ""
    silent: bool = False
    before_stored_at: datetime | None = None
    returned: bool = False
    mark: str = ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        return differences(self.before, self.arrest) if self.before else ()

    @property
    def changes(self) -> tuple[ArrestChange, ...]:
        return tuple(dict.fromkeys(difference.change for difference in self.differences))


class ArrestsTable:
    """Whoever stores arrests gives the keys of the index by place, and the table of juveniles' records, which nobody
    else may open; and how many batches it reads and writes at a time (`writers`, each a thread)."""

    def __init__(
        self,
        client: "DynamoDBClient",
        name: str,
        place_keys: PlaceKeys | None = None,
        juveniles: str = "",
        writers: int = 1,
    ) -> None:
        self._client, self._name, self._place_keys, self._juveniles = client, name, place_keys, juveniles
        self._writers = writers

    def find(self, arrest_id: str) -> Arrest | None:
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        document = readable_document(item) if item else None
        return _marked(Arrest.model_validate_json(document), item) if item and document else None

    def history(self, arrest_id: str) -> tuple[Revision, ...]:
        """The revisions that may be read, the latest last."""
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        if item is None or not readable_document(item):
            return ()
        revisions = readable_history(item)
        if Flag.NO_CONVICTION not in flags_of_mark(_mark_of(item)):
            return revisions
        return tuple(
            each.model_copy(update={"differences": differences_without_convictions(each.differences)})
            for each in revisions
        )

    def versions(self, arrest_ids: Iterable[str]) -> list[Version]:
        """The versions of these arrests that readers see, each as if it were new and its drop were notified of. Sealed
        arrests are left out."""
        keys = [{"arrest_id": {"S": key}} for key in sorted(set(arrest_ids))]
        documents = ((item, readable_document(item)) for item in get_all(self._client, self._name, keys))
        readable = [item | {"doc": {"S": document}} for item, document in documents if document]
        return [replace(version_of({"NewImage": item}), silent=False) for item in readable]

    def since(self, stored_at: datetime, segment: int, segments: int) -> Iterator[list[Arrest]]:
        """Yields one segment of the arrests stored since then, page by page, in no order, without synthetic ones."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            Segment=segment,
            TotalSegments=segments,
            ProjectionExpression="doc, quiet, told, mark, case_events",
            FilterExpression="stored_at >= :since AND agency <> :synthetic",
            ExpressionAttributeValues={
                ":since": {"S": stored_at.astimezone(UTC).isoformat()},
                ":synthetic": {"S": CANARY},
            },
        )
        for page in pages:
            documents = ((item, readable_document(item)) for item in page["Items"])
            yield [_marked(Arrest.model_validate_json(document), item) for item, document in documents if document]

    def ids_at(self, keys: PlaceKeys, address: Address, since: date, until: date, most: int) -> list[str]:
        """The ids of arrests that were made at this address in these days, the latest first, at most `most` and one
        more. Units differ under one address: whoever asks compares them on what readers see."""
        days_and_ids = [
            (item[PLACE_DAY]["S"], item["arrest_id"]["S"])
            for shard in keys.shards_of(address)
            for item in self._items_at(shard, since, until, most + 1)
        ]
        return [arrest_id for _, arrest_id in sorted(days_and_ids, reverse=True)[: most + 1]]

    def _items_at(self, shard: str, since: date, until: date, most: int) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName=BY_PLACE,
            KeyConditionExpression="place = :place AND place_day BETWEEN :since AND :until",
            ExpressionAttributeValues={
                ":place": {"S": shard},
                ":since": {"S": since.isoformat()},
                ":until": {"S": until.isoformat()},
            },
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": most},
        )
        for page in pages:
            yield from page["Items"]

    def store(
        self, arrests: Iterable[Arrest], provenance: Provenance, now: datetime, marks: Mapping[str, str] | None = None
    ) -> dict[str, WriteOutcome]:
        """Stores arrests with distinct ids. Returns the outcome by arrest_id; the same drop stored once more has the
        same outcomes. `marks` are the statutes of seals that came before their arrests, by arrest_id.

        An older drop changes nothing. Where the content is equal only the order is written, so that no drop between
        the two can win when it comes late; the matchers pass such a write over.

        Raises TryLater when other writers were quicker at every attempt, or DynamoDB stayed busy.
        """

        def store_batch(batch: list[Arrest]) -> dict[str, WriteOutcome]:
            return self._store_batch({arrest.arrest_id: arrest for arrest in batch}, provenance, now, marks or {})

        outcomes: dict[str, WriteOutcome] = {}
        for batch_outcomes in map_in_threads(store_batch, batches(arrests, WRITES_PER_TRANSACTION), self._writers):
            outcomes |= batch_outcomes
        return outcomes

    def item_of(self, arrest: Arrest, provenance: Provenance, now: datetime) -> Item:
        """The item of an adult's arrest of which nothing is stored."""
        provenance = provenance_for(arrest, None, provenance)
        version = next_version(arrest.content, None, provenance, now)
        return item_of(arrest, version, place_attributes(arrest, version, self._place_keys))

    def _store_batch(
        self, arrests: Mapping[str, Arrest], provenance: Provenance, now: datetime, marks: Mapping[str, str]
    ) -> dict[str, WriteOutcome]:
        outcomes: dict[str, WriteOutcome] = {}
        for attempt in range(_ATTEMPTS):
            pending = {key: arrest for key, arrest in arrests.items() if key not in outcomes}
            current = self._current(pending, provenance)
            planned, writes = plan_writes(self._tables, pending, current, provenance, now, marks)
            written = self._write(writes)
            outcomes |= {key: outcome for key, outcome in planned.items() if key not in writes or key in written}
            if len(outcomes) == len(arrests):
                return outcomes
            back_off(attempt)
        raise TryLater(f"{self._name}: {len(arrests) - len(outcomes)} arrests kept changing while they were stored")

    def hold(self, versions: Iterable[Version]) -> None:
        """Holds versions that were stored to be notified, or to take back what was. An arrest with a newer version
        stays as it is. A juvenile's is held at its stub."""
        for version in versions:
            content = APART if version.arrest.juvenile else version.arrest.content
            before = None if version.arrest.juvenile else version.before
            values: Item = {":held": {"S": NotifyMode.HELD}, ":content": {"S": content}}
            shown: Item = {":told": {"S": document_of(before)}} if before else {}
            placed = self._place_keys.attributes_of(before) if self._place_keys else {}
            place: Item = {f":{name}": {"S": text} for name, text in placed.items()}
            placing = "".join(f", {name} = :{name}" for name in placed) or f" REMOVE {PLACE}, {PLACE_DAY}"
            with suppress(self._client.exceptions.ConditionalCheckFailedException):
                self._client.update_item(
                    TableName=self._name,
                    Key={"arrest_id": {"S": version.arrest.arrest_id}},
                    UpdateExpression="SET quiet = :held" + (", told = :told" if shown else "") + placing,
                    ConditionExpression="content = :content AND attribute_not_exists(quiet)",
                    ExpressionAttributeValues=values | shown | place,
                )

    @property
    def _tables(self) -> StoreTables:
        """Raises TypeError for whoever was not given the table of juveniles."""
        if not self._juveniles:
            raise TypeError("to store arrests, give ArrestsTable the table of juveniles as well")
        return StoreTables(self._name, self._juveniles, self._place_keys)

    def _current(self, pending: Mapping[str, Arrest], provenance: Provenance) -> dict[str, Current]:
        """One read of an adult's arrest, as the stub of a juvenile's is among what is read anyway."""
        is_held_drop = provenance.notify_mode is NotifyMode.HELD
        versions = self._read_current(self._name, _keys(pending), with_documents=is_held_drop)
        stubs = {key: version for key, version in versions.items() if version.content == APART}
        versions |= self._read_current(self._name, _keys(_changed(pending, versions)), with_documents=True)
        records = self._read_current(self._tables.juveniles, [*map(record_key, stubs)], with_documents=True)
        current = {key: Current(version) for key, version in versions.items() if key not in stubs}
        for key, stub in stubs.items():  # a record that expired before its stub is as good as the stub itself
            current[key] = Current(records[key]._replace(quiet=stub.quiet) if key in records else stub, stub)
        return current

    def _read_current(self, table: str, keys: Sequence[Item], *, with_documents: bool) -> dict[str, StoredVersion]:
        """Documents are read only where they are needed: what readers see goes on being shown while a newer version is
        held, and is compared with a version of other content."""
        items = get_all(
            self._client,
            table,
            keys,
            ProjectionExpression=_ATTRIBUTES + (", doc" if with_documents else ""),
        )
        return {item["arrest_id"]["S"]: stored_version(item) for item in items}

    def _write(self, writes: Mapping[str, Writes]) -> set[str]:
        """Returns the keys that were written. Where another writer was quicker, its arrest is left out, of a
        transaction all."""
        statements = {key: write for key, write in writes.items() if isinstance(write, Statement)}
        together = {key: write for key, write in writes.items() if not isinstance(write, Statement)}
        written = write_each(self._client, statements)
        for group in transactions(together):
            if not transact(self._client, [write for key in group for write in together[key]]):
                written.update(group)
        return written


def _keys(arrest_ids: Iterable[str]) -> list[Item]:
    return [{"arrest_id": {"S": key}} for key in arrest_ids]


def _changed(arrests: Mapping[str, Arrest], current: Mapping[str, StoredVersion]) -> list[str]:
    """Returns the ids whose content hash changed. Only their full documents are read, to compute the diff."""
    return [key for key, version in current.items() if version.content not in UNREADABLE | {arrests[key].content}]


def _marked(arrest: Arrest, item: Mapping[str, Any]) -> Arrest:
    """The arrest as it is read: what a statute seals and leaves open says so in front of everything else; how another
    record says that its case ended stands behind."""
    before = flags_of_mark(_mark_of(item))
    behind = _case_end(item["case_events"]["S"]) if "case_events" in item else ()
    if Flag.NO_CONVICTION in before:
        behind = tuple(flag for flag in behind if flag is not Flag.CONVICTED)
    return arrest.model_copy(update={"flags": (*before, *arrest.flags, *behind)}) if before or behind else arrest


def _mark_of(item: Mapping[str, Any]) -> str:
    statute: str = item.get("mark", {}).get("S", "")
    return statute


def _case_end(events: str) -> tuple[Flag, ...]:
    """What the purge noted of dispositions that are records of their own (`purge_table.py`)."""
    noted = CASE_EVENTS.validate_json(events).values()
    end = last_decision(event for of_record in noted for event in of_record)
    return (_FLAG_OF_END[end],) if end else ()


_FLAG_OF_END = {CaseEventKind.PROSECUTED: Flag.CONVICTED, CaseEventKind.SETTLED: Flag.NOT_CONVICTED}


def version_of(change: Mapping[str, Any]) -> Version:
    """The version that a record of the table's stream brings (`stream.py`)."""
    new, document = change["NewImage"], decided_document(change.get("OldImage"))
    before = Arrest.model_validate_json(document) if document else None
    return Version(
        arrest=_arrest_of(new, before),
        before=before,
        dropped_at=parse_utc(new["dropped_at"]["S"]),
        stored_at=parse_utc(new["stored_at"]["S"]),
        drop_id=new.get("drop_id", {}).get("S", ""),
        silent="quiet" in new,
        before_stored_at=parse_utc(change["OldImage"]["stored_at"]["S"]) if before else None,
        returned=is_stub(change.get("OldImage") or {}),
        mark=_mark_of(new),
    )


def _arrest_of(item: Mapping[str, Any], before: Arrest | None) -> Arrest:
    """The stream has nothing of a juvenile's record: the matchers get what they knew, as a juvenile's."""
    if is_stub(item) and before is not None:
        return before.model_copy(update={"juvenile": True})
    return _marked(Arrest.model_validate_json(item["doc"]["S"]), item)
