"""The stream of the audit table: what was added to it, and what was done to it that nobody may do.

Every write of ours adds an item. IAM knows no condition "if the item does not exist", so whoever may add an event could
put another one in its place; the stream then says MODIFY. It says REMOVE for a deleted item, and names DynamoDB itself
as the one who deleted it if its time to live was over.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from shared.audit.event import NO_OFFICE, AuditEvent, AuditOutcome
from shared.audit.items import INTENT, OFFICE, event_in

Record = Mapping[str, Any]
ALTERED = "alter audit row"  # the action of the event that says so


def events_in(records: Iterable[Record]) -> list[AuditEvent]:
    """Returns the intents and events that these records add."""
    added = (record["dynamodb"].get("NewImage") for record in records if record.get("eventName", "INSERT") == "INSERT")
    return [event_in(image) for image in added if image and _pk_of(image).startswith((OFFICE, INTENT))]


def altered_rows(records: Iterable[Record], now: datetime) -> Iterator[AuditEvent]:
    """Yields an event for each item of the audit table that was replaced, or deleted before its time.

    Its subject is the key of the row. The same record gives the same event id.
    """
    for record in records:
        key = record["dynamodb"].get("Keys", {})
        if _pk_of(key) and _alters(record):
            yield AuditEvent(
                event_id=uuid5(NAMESPACE_OID, str(record.get("eventID", ""))).hex,
                occurred_at=now,
                office_id=_office_of(_pk_of(key)),
                who="somebody with access to the table",
                action=ALTERED,
                subjects=(f"row:{_pk_of(key)} {key['sk']['S']}",),
                outcome=AuditOutcome.FAILED,
            )


def _alters(record: Record) -> bool:
    expired = (record.get("userIdentity") or {}).get("principalId") == "dynamodb.amazonaws.com"
    return record["eventName"] == "MODIFY" or (record["eventName"] == "REMOVE" and not expired)


def _office_of(pk: str) -> str:
    """The rows of intents are not of one office."""
    return NO_OFFICE if pk.startswith(INTENT) else pk.split("#")[1]


def _pk_of(image: Mapping[str, Any]) -> str:
    """Empty for items of the alerts table, whose stream has the same reader."""
    return str(image.get("pk", {}).get("S", ""))
