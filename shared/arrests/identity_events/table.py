"""Table of identity events. They lie in the arrests table with pk `arrest_id` = event_id, so that its stream brings
them to the matchers; an item with the attribute `identity` is one.

The events of the last hour lie in the agencies' table as well, with agency `#renumbered` and part = time and event id.
The matchers read them before each batch, so that an arrest stored after an event is never matched without it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.model import Provenance
from shared.aws.transactions import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_RECENT = timedelta(hours=1)
_RECENT_PK = "#renumbered"  # no folder of the bucket has this name, and so no agency


class IdentityEventsTable:
    def __init__(self, client: "DynamoDBClient", arrests_table: str, agencies_table: str) -> None:
        self._client, self._name, self._agencies = client, arrests_table, agencies_table

    def store(self, event: IdentityEvent, provenance: Provenance, now: datetime) -> bool:
        """Returns whether the event was new. The stream brings it once, however often it is stored. Raises TryLater
        when DynamoDB stays busy."""
        item = {
            "arrest_id": event.event_id,
            "agency": event.agency,
            "identity": event.model_dump_json(),
            "drop_id": provenance.drop_id,
            "dropped_at": provenance.dropped_at.astimezone(UTC).isoformat(),
            "stored_at": now.astimezone(UTC).isoformat(),
        }
        put: Any = {
            "TableName": self._name,
            "Item": {name: {"S": text} for name, text in item.items()},
            "ConditionExpression": "attribute_not_exists(arrest_id) OR drop_id = :drop",
            "ExpressionAttributeValues": {":drop": {"S": provenance.drop_id}},
        }
        return not transact(self._client, [{"Put": put}, {"Update": self._recent_update(event, now)}])

    def _recent_update(self, event: IdentityEvent, now: datetime) -> Any:
        expires = str(int((now + 2 * _RECENT).timestamp()))
        return {
            "TableName": self._agencies,
            "Key": {"agency": {"S": _RECENT_PK}, "part": {"S": f"{_sort_key(now)}#{event.event_id}"}},
            "UpdateExpression": "SET #event = :event, expires = :expires",
            "ExpressionAttributeNames": {"#event": "identity"},
            "ExpressionAttributeValues": {":event": {"S": event.model_dump_json()}, ":expires": {"N": expires}},
        }

    def recent(self, now: datetime) -> list[IdentityEvent]:
        """The events stored within the last hour, each once, in the order in which they were stored."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._agencies,
            ConsistentRead=True,
            KeyConditionExpression="agency = :lately AND part >= :since",
            ExpressionAttributeValues={":lately": {"S": _RECENT_PK}, ":since": {"S": _sort_key(now - _RECENT)}},
        )
        items = chain.from_iterable(page["Items"] for page in pages)
        events: dict[str, IdentityEvent] = {}
        for event in (IdentityEvent.model_validate_json(item["identity"]["S"]) for item in items):
            events.setdefault(event.event_id, event)
        return list(events.values())


def _sort_key(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def identity_events_in(records: Iterable[Mapping[str, Any]]) -> list[IdentityEvent]:
    """The events that these records of the arrests table's stream bring for the first time, in their order."""
    changes = [record["dynamodb"] for record in records]
    return [
        IdentityEvent.model_validate_json(change["NewImage"]["identity"]["S"])
        for change in changes
        if "identity" in change.get("NewImage", {}) and "OldImage" not in change
    ]
