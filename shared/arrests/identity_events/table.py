"""Identity events lie beside the arrests, pk `arrest_id` = event_id, so that the same stream tells the matchers of
them; a record that holds `identity` is one. Those of the last hour lie in the agencies' table as well, agency
`#renumbered`, part = when and which: an arrest that was stored after one of them is never matched without it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.arrests.identity_events.event import IdentityEvent
from shared.arrests.model import Provenance
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_LATELY = timedelta(hours=1)
_LATELY_TOLD = "#renumbered"  # no folder of the bucket, and so no agency, is named so


class IdentityEventsTable:
    def __init__(self, client: "DynamoDBClient", arrests_table: str, agencies_table: str) -> None:
        self._client, self._name, self._agencies = client, arrests_table, agencies_table

    def store(self, event: IdentityEvent, by: Provenance, now: datetime) -> bool:
        """Whether it was new: the stream tells of it once, however often it is sent."""
        item = {
            "arrest_id": event.event_id,
            "agency": event.agency,
            "identity": event.model_dump_json(),
            "drop_id": by.drop_id,
            "dropped_at": by.dropped_at.astimezone(UTC).isoformat(),
            "stored_at": now.astimezone(UTC).isoformat(),
        }
        put: Any = {
            "TableName": self._name,
            "Item": {name: {"S": text} for name, text in item.items()},
            "ConditionExpression": "attribute_not_exists(arrest_id) OR drop_id = :drop",
            "ExpressionAttributeValues": {":drop": {"S": by.drop_id}},
        }
        try:
            self._client.transact_write_items(TransactItems=[{"Put": put}, {"Update": self._lately_told(event, now)}])
        except self._client.exceptions.TransactionCanceledException as cancelled:
            if cancelled.response["CancellationReasons"][0].get("Code") == "ConditionalCheckFailed":
                return False
            raise TryLater("an identity event could not be written") from cancelled
        return True

    def _lately_told(self, event: IdentityEvent, now: datetime) -> Any:
        expires = str(int((now + 2 * _LATELY).timestamp()))
        return {
            "TableName": self._agencies,
            "Key": {"agency": {"S": _LATELY_TOLD}, "part": {"S": f"{_text(now)}#{event.event_id}"}},
            "UpdateExpression": "SET #event = :event, expires = :expires",
            "ExpressionAttributeNames": {"#event": "identity"},
            "ExpressionAttributeValues": {":event": {"S": event.model_dump_json()}, ":expires": {"N": expires}},
        }

    def recent(self, now: datetime) -> list[IdentityEvent]:
        """Those that were stored within the last hour, each once, in the order in which they were."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._agencies,
            ConsistentRead=True,
            KeyConditionExpression="agency = :lately AND part >= :since",
            ExpressionAttributeValues={":lately": {"S": _LATELY_TOLD}, ":since": {"S": _text(now - _LATELY)}},
        )
        events = (IdentityEvent.model_validate_json(item["identity"]["S"]) for page in pages for item in page["Items"])
        identity_events: dict[str, IdentityEvent] = {}
        for identity_event in events:
            identity_events.setdefault(identity_event.event_id, identity_event)
        return list(identity_events.values())


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def identity_events_in(records: Iterable[Mapping[str, Any]]) -> list[IdentityEvent]:
    """The events that these records of the arrests table's stream tell of for the first time, in their order."""
    changes = [record["dynamodb"] for record in records]
    return [
        IdentityEvent.model_validate_json(change["NewImage"]["identity"]["S"])
        for change in changes
        if "identity" in change.get("NewImage", {}) and "OldImage" not in change
    ]
