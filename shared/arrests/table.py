"""Arrests as documents: pk arrest_id. The item keeps what conditions need (`content`, `version_order`, `drop_id`) and
what latency is measured by (`dropped_at`, `stored_at`); its stream tells the matchers of every new version. An item
without `doc` is no arrest (`identity_events/table.py`) or none any more.

`quiet` says that the matchers pass the item over: `silent`, or `held` until its drop is released; then `told` is the
document that readers see meanwhile, none where nothing was told before. `again` changes when it is to be matched again.
`history` has the versions, from the second on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.arrests.diff import Difference, differences
from shared.arrests.history import Revision
from shared.arrests.items import (
    SEALED,
    StoredVersion,
    WriteOutcome,
    decide_write,
    history,
    is_held,
    put_of,
    readable_document,
    stored_version,
    transactions,
)
from shared.arrests.model import Arrest, ArrestChange, NotifyMode, Provenance, parse_utc
from shared.aws.dynamodb import Item, back_off, get_all
from shared.batching import batches
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_A_TRANSACTION = 100  # puts
_ATTEMPTS = 8
_PARTS = "arrest_id, content, version_order, drop_id, version, dropped_at, stored_at, quiet, told, again, history"
# Somebody else was quicker, or DynamoDB is busy: read again and decide again.
_WORTH_ANOTHER_TRY = {"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError",
                      "ProvisionedThroughputExceeded"}  # fmt: skip


@dataclass(frozen=True)
class Version:
    """An arrest as it is now stored, as it was before (None when new), and when its drop came and was stored."""

    arrest: Arrest
    before: Arrest | None
    dropped_at: datetime
    stored_at: datetime
    drop_id: str = ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        return differences(self.before, self.arrest) if self.before else ()

    @property
    def changes(self) -> tuple[ArrestChange, ...]:
        return tuple(dict.fromkeys(difference.change for difference in self.differences))


class ArrestsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, arrest_id: str) -> Arrest | None:
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        document = readable_document(item) if item else None
        return Arrest.model_validate_json(document) if document else None

    def history(self, arrest_id: str) -> tuple[Revision, ...]:
        """The versions of what may be read, the latest last."""
        key = {"arrest_id": {"S": arrest_id}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return history(item) if item and readable_document(item) else ()

    def versions(self, arrest_ids: Iterable[str]) -> list[Version]:
        """What is stored of these arrests, each as if it were new."""
        keys = [{"arrest_id": {"S": key}} for key in sorted(set(arrest_ids))]
        found = ((item, readable_document(item)) for item in get_all(self._client, self._name, keys))
        return [_version({"NewImage": item | {"doc": {"S": document}}}) for item, document in found if document]

    def since(self, stored_at: datetime, segment: int, segments: int) -> Iterator[list[Arrest]]:
        """One segment of all arrests stored since then, page by page, in no order."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            Segment=segment,
            TotalSegments=segments,
            ProjectionExpression="doc, quiet, told",
            FilterExpression="stored_at >= :since",
            ExpressionAttributeValues={":since": {"S": stored_at.astimezone(UTC).isoformat()}},
        )
        for page in pages:
            yield [Arrest.model_validate_json(one) for one in map(readable_document, page["Items"]) if one]

    def store(self, arrests: Iterable[Arrest], by: Provenance, now: datetime) -> dict[str, WriteOutcome]:
        """Outcome by arrest_id, of arrests with distinct ids. Of equal content only the order is written, so that no
        drop between the two may win, and nobody hears of it; an older drop changes nothing; the same drop once more has
        the same outcomes.

        Raises TryLater when others went on being quicker.
        """
        outcomes: dict[str, WriteOutcome] = {}
        for batch in batches(arrests, _A_TRANSACTION):
            outcomes |= self._store({arrest.arrest_id: arrest for arrest in batch}, by, now)
        return outcomes

    def _store(self, arrests: Mapping[str, Arrest], by: Provenance, now: datetime) -> dict[str, WriteOutcome]:
        outcomes: dict[str, WriteOutcome] = {}
        for attempt in range(_ATTEMPTS):
            pending = [key for key in arrests if key not in outcomes]
            current = self._current(pending, whole=by.notify_mode is NotifyMode.HELD)
            current |= self._current(_changed(arrests, current), whole=True)
            outcome: dict[str, WriteOutcome] = {}
            puts: dict[str, Item] = {}
            for key in pending:
                content = arrests[key].content
                outcome[key], write = decide_write(content, current.get(key), by)
                if write:
                    puts[key] = put_of(self._name, arrests[key], content, current.get(key), by, now)
                else:
                    outcomes[key] = outcome[key]
            written = [
                key for group in transactions(puts) if self._write([puts[key] for key in group]) for key in group
            ]
            outcomes |= {key: outcome[key] for key in written}
            if len(outcomes) == len(arrests):
                return outcomes
            back_off(attempt)
        raise TryLater(f"{self._name}: {len(arrests) - len(outcomes)} arrests kept changing while they were stored")

    def hold(self, versions: Iterable[Version]) -> None:
        """What was stored to be told of, and is not to be told of yet. What was said anew since then stays as it is."""
        for version in versions:
            values: Item = {":held": {"S": NotifyMode.HELD}, ":content": {"S": version.arrest.content}}
            told: Item = {":told": {"S": version.before.model_dump_json()}} if version.before else {}
            with suppress(self._client.exceptions.ConditionalCheckFailedException):
                self._client.update_item(
                    TableName=self._name,
                    Key={"arrest_id": {"S": version.arrest.arrest_id}},
                    UpdateExpression="SET quiet = :held" + (", told = :told" if told else ""),
                    ConditionExpression="content = :content AND attribute_not_exists(quiet)",
                    ExpressionAttributeValues=values | told,
                )

    def _current(self, arrest_ids: Sequence[str], *, whole: bool) -> dict[str, StoredVersion]:
        """`whole`: with the documents: readers go on seeing them, or are told what the next version changes."""
        items = get_all(
            self._client,
            self._name,
            [{"arrest_id": {"S": key}} for key in arrest_ids],
            ProjectionExpression=_PARTS + (", doc" if whole else ""),
        )
        return {item["arrest_id"]["S"]: stored_version(item) for item in items}

    def _write(self, puts: Sequence[Item]) -> bool:
        """All of them or none."""
        try:
            self._client.transact_write_items(TransactItems=[{"Put": put} for put in puts])  # type: ignore[typeddict-item]
        except self._client.exceptions.TransactionCanceledException as error:
            if {reason.get("Code", "None") for reason in error.response["CancellationReasons"]} <= _WORTH_ANOTHER_TRY:
                return False
            raise
        return True


def _changed(arrests: Mapping[str, Arrest], current: Mapping[str, StoredVersion]) -> list[str]:
    """Those of which something else is said now: their documents are compared. They are few, so only these are read."""
    return [key for key, said in current.items() if said.content not in (SEALED, arrests[key].content)]


def versions_in(records: Iterable[Mapping[str, Any]]) -> list[Version]:
    """The versions that these records of the table's stream tell of; a removal is none, and neither is a newer drop
    that said the same: its document is not even looked at."""
    return [_version(record["dynamodb"]) for record in records if _is_version(record["dynamodb"])]


def _is_version(change: Mapping[str, Any]) -> bool:
    new, old = change.get("NewImage"), change.get("OldImage")
    if new is None or "doc" not in new or "quiet" in new:
        return False
    is_said_again = "again" in new and new["again"] != (old or {}).get("again")
    return is_said_again or not old or old["content"] != new["content"] or is_held(old)


def _version(change: Mapping[str, Any]) -> Version:
    new, before = change["NewImage"], readable_document(change.get("OldImage"))
    return Version(
        arrest=Arrest.model_validate_json(new["doc"]["S"]),
        before=Arrest.model_validate_json(before) if before else None,
        dropped_at=parse_utc(new["dropped_at"]["S"]),
        stored_at=parse_utc(new["stored_at"]["S"]),
        drop_id=new.get("drop_id", {}).get("S", ""),
    )
