"""What the purge reads and writes in the table of arrests (`table.py`): pages of arrests, the events that end their
cases, and what is left of a purged arrest.

A purged arrest keeps its pk and the content `purged`, so that no drop and no restored backup brings it back.
`case_events` holds what other records say of the end of its case, by the id of the record; a new version leaves it out,
and the next run notes it again.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.arrests.items import PURGED, stored_version
from shared.arrests.model import Arrest
from shared.arrests.retention.model import CASE_EVENTS, CaseEvent
from shared.aws.dynamodb import Item, expires_at

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LAST = "~"  # sorts behind the order of every drop
_TOMBSTONE_STAYS = timedelta(days=3_660)


class StoredRecord(NamedTuple):
    """An arrest as it is stored. `first_on` and `made_on` are the days of its first and its last report; `expires_on`
    is when DynamoDB deletes it, None if it does not."""

    arrest: Arrest
    first_on: date
    made_on: date
    content: str
    order: str
    events: Mapping[str, tuple[CaseEvent, ...]]
    expires_on: date | None

    @property
    def case_events(self) -> tuple[CaseEvent, ...]:
        return tuple(event for events in self.events.values() for event in events)


class ArrestPurgeTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def _key(self, arrest_id: str) -> Item:
        return {"arrest_id": {"S": arrest_id}}

    def page(self, segment: int, segments: int, after: str) -> tuple[list[StoredRecord], str]:
        """One page of a segment's arrests, up to a megabyte, and where the next begins; empty on the last page."""
        start: Any = {"ExclusiveStartKey": self._key(after)} if after else {}
        answer = self._client.scan(
            TableName=self._name,
            Segment=segment,
            TotalSegments=segments,
            FilterExpression="attribute_exists(doc) OR attribute_exists(locked)",
            **start,
        )
        last = answer.get("LastEvaluatedKey")
        return [_stored_record(item) for item in answer["Items"]], last["arrest_id"]["S"] if last else ""

    def note_events(self, arrest_id: str, record_id: str, events: list[CaseEvent]) -> bool:
        """Notes at an arrest what another record says of the end of its case; nothing where it says nothing any more.
        Returns whether that is new. Does nothing if the arrest changes at this moment: the next run comes back."""
        key = self._key(arrest_id)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        if item is None or "doc" not in item:
            return False
        before = _events_in(item)
        after = {**before, record_id: tuple(events)}
        if not events:
            del after[record_id]
        if after == before:
            return False
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=key,
                UpdateExpression="SET case_events = :events",
                ConditionExpression="content = :content AND version_order = :order",
                ExpressionAttributeValues={
                    ":events": {"S": CASE_EVENTS.dump_json(after).decode()},
                    ":content": item["content"],
                    ":order": item["version_order"],
                },
            )
        return True

    def outlive_expiry(self, arrest_id: str) -> None:
        """Takes the arrest's time to live away, because it is kept for longer."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=self._key(arrest_id),
                UpdateExpression="REMOVE expires",
                ConditionExpression="attribute_exists(doc) OR attribute_exists(locked)",
            )

    def purge(self, record: StoredRecord, now: datetime) -> bool:
        """Leaves a tombstone in the arrest's place. Returns False if it has changed since it was read."""
        try:
            self._client.put_item(
                TableName=self._name,
                Item=tombstone_of(record.arrest, now),
                ConditionExpression="content = :content AND version_order = :order",
                ExpressionAttributeValues={":content": {"S": record.content}, ":order": {"S": record.order}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def tombstone_of(arrest: Arrest, now: datetime) -> Item:
    purged_at = now.astimezone(UTC).isoformat()
    texts = {
        "arrest_id": arrest.arrest_id,
        "agency": arrest.agency,
        "content": PURGED,
        "version_order": _LAST,
        "drop_id": "",
        "dropped_at": purged_at,
        "stored_at": purged_at,
    }
    item: Item = {name: {"S": text} for name, text in texts.items()}
    return item | {"version": {"N": "0"}, "expires": expires_at(now + _TOMBSTONE_STAYS)}


def _stored_record(item: Mapping[str, Any]) -> StoredRecord:
    """Of a locked arrest, as it was when it was locked: its time runs on."""
    readable = item["locked"]["M"] if "locked" in item else item
    version = stored_version(readable)
    return StoredRecord(
        arrest=Arrest.model_validate_json(readable["doc"]["S"]),
        first_on=version.history[0].reported_at.date(),
        made_on=_day_of_order(version.order),
        content=item["content"]["S"],
        order=item["version_order"]["S"],
        events=_events_in(readable),
        expires_on=_expiry_of(item),
    )


def _day_of_order(order: str) -> date:
    """The day of the newest drop with this content (`Provenance.order`)."""
    return datetime.strptime(order[:8], "%Y%m%d").replace(tzinfo=UTC).date()


def _expiry_of(item: Mapping[str, Any]) -> date | None:
    return datetime.fromtimestamp(int(item["expires"]["N"]), UTC).date() if "expires" in item else None


def _events_in(item: Mapping[str, Any]) -> dict[str, tuple[CaseEvent, ...]]:
    return CASE_EVENTS.validate_python(json.loads(item["case_events"]["S"])) if "case_events" in item else {}
