"""Arrests as documents: pk arrest_id. The item keeps what conditions need (`content`, `version_order`, `drop_id`) and
what latency is measured by (`dropped_at`, `stored_at`); its stream tells the matchers of every new version. An item
without `doc` is no arrest (`identity_events.py`) or none any more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.domain.arrests import Arrest, Change, Provenance, instant
from shared.domain.differences import Difference, differences
from shared.domain.errors import TryLater
from shared.tables.paging import Item, batches, get_all, pause

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SEALED = "sealed"  # stands for the content of an arrest that may be read no more (`seals.py`)
_A_TRANSACTION = 100  # puts
_BYTES_A_TRANSACTION = 3 << 20  # of the 4 MB that DynamoDB allows
_ATTEMPTS = 8
# Somebody else was quicker, or DynamoDB is busy: read again and decide again.
_WORTH_ANOTHER_TRY = {"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError",
                      "ProvisionedThroughputExceeded"}  # fmt: skip


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"  # a newer drop said otherwise
    SEALED = "sealed"  # it stays unreadable, whatever is said of it


@dataclass(frozen=True)
class Version:
    """An arrest as it is now stored, as it was before (None when new), and when its drop came and was stored."""

    arrest: Arrest
    before: Arrest | None
    dropped_at: datetime
    stored_at: datetime

    @property
    def differences(self) -> tuple[Difference, ...]:
        return differences(self.before, self.arrest) if self.before else ()

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(dict.fromkeys(one.change for one in self.differences))


class _Said(NamedTuple):
    """What is stored of an arrest, as far as the decision goes. `order` is that of the newest drop that said so,
    `drop_id` and the times are those of the first."""

    content: str
    order: str
    drop_id: str
    version: int
    dropped_at: str
    stored_at: str


class ArrestsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, arrest_id: str) -> Arrest | None:
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return Arrest.model_validate_json(item["doc"]["S"]) if item and "doc" in item else None

    def versions(self, arrest_ids: Iterable[str]) -> list[Version]:
        """What is stored of these arrests, each as if it were new."""
        keys = [{"arrest_id": {"S": key}} for key in sorted(set(arrest_ids))]
        return [_version({"NewImage": item}) for item in get_all(self._client, self._name, keys) if "doc" in item]

    def since(self, stored_at: datetime, segment: int, segments: int) -> Iterator[list[Arrest]]:
        """One segment of all arrests stored since then, page by page, in no order."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name, Segment=segment, TotalSegments=segments, ProjectionExpression="doc",
            FilterExpression="stored_at >= :since",
            ExpressionAttributeValues={":since": {"S": stored_at.astimezone(UTC).isoformat()}},
        )  # fmt: skip
        for page in pages:
            yield [Arrest.model_validate_json(item["doc"]["S"]) for item in page["Items"] if "doc" in item]

    def store(self, arrests: Iterable[Arrest], by: Provenance, now: datetime) -> dict[str, Outcome]:
        """Outcome by arrest_id, of arrests with distinct ids. Of equal content only the order is written, so that no
        drop between the two may win, and nobody hears of it; an older drop changes nothing; the same drop once more has
        the same outcomes.

        Raises TryLater when others went on being quicker.
        """
        outcomes: dict[str, Outcome] = {}
        for batch in batches(arrests, _A_TRANSACTION):
            outcomes |= self._store({arrest.arrest_id: arrest for arrest in batch}, by, now)
        return outcomes

    def _store(self, arrests: Mapping[str, Arrest], by: Provenance, now: datetime) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        for attempt in range(_ATTEMPTS):
            pending = [key for key in arrests if key not in outcomes]
            current = self._current(pending)
            decided: dict[str, Outcome] = {}
            puts: dict[str, Item] = {}
            for key in pending:
                content = arrests[key].content
                decided[key], write = _decided(content, current.get(key), by)
                if write:
                    puts[key] = _put(self._name, arrests[key], content, current.get(key), by, now)
                else:
                    outcomes[key] = decided[key]
            written = [
                key for group in _transactions(puts) if self._write([puts[key] for key in group]) for key in group
            ]
            outcomes |= {key: decided[key] for key in written}
            if len(outcomes) == len(arrests):
                return outcomes
            pause(attempt)
        raise TryLater(f"{self._name}: {len(arrests) - len(outcomes)} arrests kept changing while they were stored")

    def _current(self, arrest_ids: Sequence[str]) -> dict[str, _Said]:
        items = get_all(
            self._client, self._name, [{"arrest_id": {"S": key}} for key in arrest_ids],
            ProjectionExpression="arrest_id, content, version_order, drop_id, version, dropped_at, stored_at",
        )  # fmt: skip
        return {
            item["arrest_id"]["S"]: _Said(
                item["content"]["S"],
                item["version_order"]["S"],
                item["drop_id"]["S"],
                int(item["version"]["N"]),
                item["dropped_at"]["S"],
                item["stored_at"]["S"],
            )
            for item in items
        }

    def _write(self, puts: Sequence[Item]) -> bool:
        """All of them or none."""
        try:
            self._client.transact_write_items(TransactItems=[{"Put": put} for put in puts])  # type: ignore[typeddict-item]
        except self._client.exceptions.TransactionCanceledException as error:
            if {reason.get("Code", "None") for reason in error.response["CancellationReasons"]} <= _WORTH_ANOTHER_TRY:
                return False
            raise
        return True


def versions_in(records: Iterable[Mapping[str, Any]]) -> list[Version]:
    """The versions that these records of the table's stream tell of; a removal is none, and neither is a newer drop
    that said the same: its document is not even looked at."""
    return [_version(record["dynamodb"]) for record in records if _is_version(record["dynamodb"])]


def _is_version(change: Mapping[str, Any]) -> bool:
    new, old = change.get("NewImage"), change.get("OldImage")
    return new is not None and "doc" in new and not (old and old["content"] == new["content"])


def _version(change: Mapping[str, Any]) -> Version:
    new, old = change["NewImage"], change.get("OldImage")
    return Version(
        arrest=Arrest.model_validate_json(new["doc"]["S"]),
        before=Arrest.model_validate_json(old["doc"]["S"]) if old and "doc" in old else None,
        dropped_at=instant(new["dropped_at"]["S"]),
        stored_at=instant(new["stored_at"]["S"]),
    )


def _decided(content: str, current: _Said | None, by: Provenance) -> tuple[Outcome, bool]:
    """The outcome of saying this now, and whether to write it."""
    if current is None:
        return Outcome.ACCEPTED, True
    if current.content == SEALED:
        return Outcome.SEALED, False
    if current.content == content:
        first = Outcome.ACCEPTED if current.version == 1 else Outcome.UPDATED
        if current.drop_id == by.drop_id:
            return first, False
        return Outcome.UNCHANGED, current.order < by.order
    if current.order > by.order and current.drop_id != by.drop_id:
        return Outcome.SKIPPED, False
    return Outcome.UPDATED, True


def _put(table: str, arrest: Arrest, content: str, current: _Said | None, by: Provenance, now: datetime) -> Item:
    version = current.version + 1 if current else 1
    first = _Said(content, by.order, by.drop_id, version, by.dropped_at.astimezone(UTC).isoformat(),
                  now.astimezone(UTC).isoformat())  # fmt: skip
    said = current._replace(order=by.order) if current and current.content == content else first
    item = {
        "arrest_id": arrest.arrest_id,
        "agency": arrest.agency,
        "content": content,
        "version_order": said.order,
        "drop_id": said.drop_id,
        "dropped_at": said.dropped_at,
        "stored_at": said.stored_at,
        "doc": arrest.model_dump_json(),
    }
    put: Item = {"TableName": table, "Item": {name: {"S": text} for name, text in item.items()}}
    put["Item"]["version"] = {"N": str(said.version)}
    if current is None:
        return put | {"ConditionExpression": "attribute_not_exists(arrest_id)"}
    return put | {
        "ConditionExpression": "content = :content AND version_order = :order",
        "ExpressionAttributeValues": {":content": {"S": current.content}, ":order": {"S": current.order}},
    }


def _transactions(puts: Mapping[str, Item]) -> Iterator[list[str]]:
    """The keys, in groups that one transaction takes."""
    group: list[str] = []
    weight = 0
    for key, put in puts.items():
        size = len(put["Item"]["doc"]["S"].encode())
        if group and weight + size > _BYTES_A_TRANSACTION:
            yield group
            group, weight = [], 0
        group.append(key)
        weight += size
    if group:
        yield group
