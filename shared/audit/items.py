"""The items of the audit table, as `table.py` lists them: their keys, and events to and from items."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.audit.event import AuditEvent
from shared.aws.dynamodb import Item, expires_at, sortable_timestamp

RETENTION = timedelta(days=401)  # 400 whole days
OFFICE, INTENT, SUBJECT = "office#", "intent#", "subject#"


def put_once(table: str, item: Item) -> Any:
    """The arguments of a put that fails if the table has such an item already."""
    return {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}


def event_item(event: AuditEvent) -> Item:
    return {
        **event_key(event),
        "who": {"S": user_key(event.office_id, event.who)},
        "outcome": {"S": event.outcome.value},
        **_document(event),
    }


def intent_item(event: AuditEvent) -> Item:
    """Without `who`: the index by_user is of events."""
    return {"pk": {"S": intent_pk(event.occurred_at)}, "sk": {"S": sort_key(event)}, **_document(event)}


def subject_item(event: AuditEvent, subject: str) -> Item:
    return {
        "pk": {"S": subject_pk(event.office_id, subject)},
        "sk": {"S": sort_key(event)},
        "expires": expires_at(event.occurred_at + RETENTION),
    }


def event_key(event: AuditEvent) -> Item:
    """Where an event lies. The key of an intent is that of the event which closes it."""
    place = sort_key(event)
    return {"pk": {"S": event_pk(event.office_id, place[:10])}, "sk": {"S": place}}


def event_in(item: Mapping[str, Any]) -> AuditEvent:
    return AuditEvent.model_validate_json(item["doc"]["S"])


def event_pk(office_id: str, day: str) -> str:
    return f"{OFFICE}{office_id}#{day}"


def intent_pk(instant: datetime) -> str:
    """All offices together, by the minute: only the job that looks for lost outcomes reads them."""
    return INTENT + sortable_timestamp(instant)[: len("2026-11-20T12:34")]


def subject_pk(office_id: str, subject: str) -> str:
    return f"{SUBJECT}{office_id}#{subject}"


def user_key(office_id: str, who: str) -> str:
    return f"{office_id}#{who.casefold()}"


def sort_key(event: AuditEvent) -> str:
    return f"{sortable_timestamp(event.occurred_at)}#{event.event_id}"


def _document(event: AuditEvent) -> Item:
    return {"expires": expires_at(event.occurred_at + RETENTION), "doc": {"S": event.model_dump_json()}}
