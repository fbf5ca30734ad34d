"""Identity events lie beside the arrests, pk `arrest_id` = event_id, so that the same stream tells the matchers of
them; a record that holds `identity` is one."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.domain.arrests import Provenance
from shared.domain.identity_events import IdentityEvent

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class IdentityEventsTable:
    def __init__(self, client: "DynamoDBClient", arrests_table: str) -> None:
        self._client, self._name = client, arrests_table

    def tell(self, event: IdentityEvent, by: Provenance, now: datetime) -> bool:
        """Whether it was new: the stream tells of it once, however often it is sent."""
        item = {
            "arrest_id": event.event_id,
            "agency": event.agency,
            "identity": event.model_dump_json(),
            "drop_id": by.drop_id,
            "dropped_at": by.dropped_at.astimezone(UTC).isoformat(),
            "stored_at": now.astimezone(UTC).isoformat(),
        }
        try:
            self._client.put_item(
                TableName=self._name, Item={name: {"S": text} for name, text in item.items()},
                ConditionExpression="attribute_not_exists(arrest_id) OR drop_id = :drop",
                ExpressionAttributeValues={":drop": {"S": by.drop_id}},
            )  # fmt: skip
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def identity_events_in(records: Iterable[Mapping[str, Any]]) -> list[IdentityEvent]:
    """The events that these records of the arrests table's stream tell of for the first time, in their order."""
    changes = [record["dynamodb"] for record in records]
    return [
        IdentityEvent.model_validate_json(change["NewImage"]["identity"]["S"])
        for change in changes
        if "identity" in change.get("NewImage", {}) and "OldImage" not in change
    ]
