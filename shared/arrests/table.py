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
    UNREADABLE,
    StoredVersion,
    WriteOutcome,
    decide_write,
    decided_document,
    is_held,
    next_version,
    place_attributes,
    provenance_for,
    put_of,
    readable_document,
    readable_history,
    stored_version,
    transactions,
)
from shared.arrests.model import Arrest, ArrestChange, Flag, NotifyMode, Provenance, parse_utc
from shared.arrests.place_index import PLACE, PLACE_DAY, PlaceKeys
from shared.arrests.retention.model import CASE_EVENTS, CaseEventKind
from shared.arrests.synthetic import CANARY
from shared.aws.dynamodb import Item, get_all
from shared.aws.throttling import back_off
from shared.aws.transactions import transact
from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_PLACE = "by_place"
_PUTS_PER_TRANSACTION = 100
_ATTEMPTS = 8
_ATTRIBUTES = (
    "arrest_id, content, version_order, drop_id, version, dropped_at, stored_at, quiet, told, again, untold, history,"
    " mark"
)


@dataclass(frozen=True)
class Version:
    """An arrest as it is stored, as readers saw it before (None when new), and when its drop came and was stored.

    Of a `silent` version nobody is notified. It may still take back what somebody was notified of. `before_stored_at`
    is when the version before was stored.
    """

    arrest: Arrest
    before: Arrest | None
    dropped_at: datetime
    stored_at: datetime
    drop_id: str = ""
    silent: bool = False
    before_stored_at: datetime | None = None

    @property
    def differences(self) -> tuple[Difference, ...]:
        return differences(self.before, self.arrest) if self.before else ()

    @property
    def changes(self) -> tuple[ArrestChange, ...]:
        return tuple(dict.fromkeys(difference.change for difference in self.differences))


class ArrestsTable:
    def __init__(self, client: "DynamoDBClient", name: str, place_keys: PlaceKeys | None = None) -> None:
        """Whoever stores arrests gives the keys of the index by place."""
        self._client, self._name, self._place_keys = client, name, place_keys

    def find(self, arrest_id: str) -> Arrest | None:
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        document = readable_document(item) if item else None
        return _marked(Arrest.model_validate_json(document), item) if item and document else None

    def history(self, arrest_id: str) -> tuple[Revision, ...]:
        """The revisions that may be read, the latest last."""
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return readable_history(item) if item and readable_document(item) else ()

    def versions(self, arrest_ids: Iterable[str]) -> list[Version]:
        """The versions of these arrests that readers see, each as if it were new and its drop were notified of. Sealed
        arrests are left out."""
        keys = [{"arrest_id": {"S": key}} for key in sorted(set(arrest_ids))]
        documents = ((item, readable_document(item)) for item in get_all(self._client, self._name, keys))
        versions = [_version({"NewImage": item | {"doc": {"S": document}}}) for item, document in documents if document]
        return [replace(version, silent=False) for version in versions]

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
        outcomes: dict[str, WriteOutcome] = {}
        for batch in batches(arrests, _PUTS_PER_TRANSACTION):
            outcomes |= self._store_batch({arrest.arrest_id: arrest for arrest in batch}, provenance, now, marks or {})
        return outcomes

    def item_of(self, arrest: Arrest, provenance: Provenance, now: datetime) -> Item:
        """The item of an arrest of which nothing is stored."""
        _, puts = self._plan_puts({arrest.arrest_id: arrest}, {}, provenance, now, {})
        item: Item = puts[arrest.arrest_id]["Item"]
        return item

    def _store_batch(
        self, arrests: Mapping[str, Arrest], provenance: Provenance, now: datetime, marks: Mapping[str, str]
    ) -> dict[str, WriteOutcome]:
        outcomes: dict[str, WriteOutcome] = {}
        for attempt in range(_ATTEMPTS):
            pending = {key: arrest for key, arrest in arrests.items() if key not in outcomes}
            current = self._read_current(list(pending), with_documents=provenance.notify_mode is NotifyMode.HELD)
            current |= self._read_current(_changed(pending, current), with_documents=True)
            planned, puts = self._plan_puts(pending, current, provenance, now, marks)
            written = self._write(puts)
            outcomes |= {key: outcome for key, outcome in planned.items() if key not in puts or key in written}
            if len(outcomes) == len(arrests):
                return outcomes
            back_off(attempt)
        raise TryLater(f"{self._name}: {len(arrests) - len(outcomes)} arrests kept changing while they were stored")

    def _plan_puts(
        self,
        arrests: Mapping[str, Arrest],
        current: Mapping[str, StoredVersion],
        provenance: Provenance,
        now: datetime,
        marks: Mapping[str, str],
    ) -> tuple[dict[str, WriteOutcome], dict[str, Item]]:
        """The outcome of each arrest, if its put succeeds, and the puts, both by arrest_id."""
        outcomes: dict[str, WriteOutcome] = {}
        puts: dict[str, Item] = {}
        for key, arrest in arrests.items():
            content, stored = arrest.content, current.get(key)
            by_age = provenance_for(arrest, stored, provenance)
            outcomes[key], is_written = decide_write(content, stored, by_age)
            if is_written:
                version = next_version(content, stored, by_age, now)
                place = place_attributes(arrest, version, self._place_keys)
                puts[key] = put_of(self._name, arrest, version, stored, place)
                if key in marks:
                    puts[key]["Item"].setdefault("mark", {"S": marks[key]})
        return outcomes, puts

    def hold(self, versions: Iterable[Version]) -> None:
        """Holds versions that were stored to be notified. An arrest with a newer version stays as it is."""
        for version in versions:
            values: Item = {":held": {"S": NotifyMode.HELD}, ":content": {"S": version.arrest.content}}
            shown: Item = {":told": {"S": version.before.model_dump_json()}} if version.before else {}
            placed = self._place_keys.attributes_of(version.before) if self._place_keys else {}
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

    def _read_current(self, arrest_ids: Sequence[str], *, with_documents: bool) -> dict[str, StoredVersion]:
        """Documents are read only where they are needed: what readers see goes on being shown while a newer version is
        held, and is compared with a version of other content."""
        items = get_all(
            self._client,
            self._name,
            [{"arrest_id": {"S": key}} for key in arrest_ids],
            ProjectionExpression=_ATTRIBUTES + (", doc" if with_documents else ""),
        )
        return {item["arrest_id"]["S"]: stored_version(item) for item in items}

    def _write(self, puts: Mapping[str, Item]) -> set[str]:
        """Returns the keys that were written. Where another writer was quicker, the whole transaction is left out."""
        written: set[str] = set()
        for group in transactions(puts):
            if not transact(self._client, [{"Put": puts[key]} for key in group]):
                written.update(group)
        return written


def _changed(arrests: Mapping[str, Arrest], current: Mapping[str, StoredVersion]) -> list[str]:
    """Returns the ids whose content hash changed. Only their full documents are read, to compute the diff."""
    return [key for key, version in current.items() if version.content not in UNREADABLE | {arrests[key].content}]


def versions_in(records: Iterable[Mapping[str, Any]]) -> list[Version]:
    """The versions to be matched in these records of the table's stream, and the silent ones that changed an arrest.
    Removals, held and new silent items, and newer drops with equal content are passed over without parsing their
    documents."""
    return [_version(record["dynamodb"]) for record in records if _is_version(record["dynamodb"])]


def _is_version(change: Mapping[str, Any]) -> bool:
    new, old = change.get("NewImage"), change.get("OldImage")
    if new is None or "doc" not in new or is_held(new):
        return False
    if "quiet" in new:
        return old is not None and old["content"] != new["content"]
    is_matched_again = "again" in new and new["again"] != (old or {}).get("again")
    return is_matched_again or not old or old["content"] != new["content"] or is_held(old)


def _marked(arrest: Arrest, item: Mapping[str, Any]) -> Arrest:
    """The arrest as it is read: what a statute seals and leaves open says so in front of everything else; how another
    record says that its case ended stands behind."""
    before = (Flag.SEALED_AND_OPEN,) if "mark" in item else ()
    behind = _case_end(item["case_events"]["S"]) if "case_events" in item else ()
    return arrest.model_copy(update={"flags": (*before, *arrest.flags, *behind)}) if before or behind else arrest


def _case_end(events: str) -> tuple[Flag, ...]:
    """What the purge noted of dispositions that are records of their own (`purge_table.py`)."""
    kinds = {event.kind for noted in CASE_EVENTS.validate_json(events).values() for event in noted}
    if CaseEventKind.PROSECUTED in kinds:
        return (Flag.CONVICTED,)
    return (Flag.NOT_CONVICTED,) if CaseEventKind.SETTLED in kinds else ()


def _version(change: Mapping[str, Any]) -> Version:
    new, before = change["NewImage"], decided_document(change.get("OldImage"))
    return Version(
        arrest=_marked(Arrest.model_validate_json(new["doc"]["S"]), new),
        before=Arrest.model_validate_json(before) if before else None,
        dropped_at=parse_utc(new["dropped_at"]["S"]),
        stored_at=parse_utc(new["stored_at"]["S"]),
        drop_id=new.get("drop_id", {}).get("S", ""),
        silent="quiet" in new,
        before_stored_at=parse_utc(change["OldImage"]["stored_at"]["S"]) if before else None,
    )
