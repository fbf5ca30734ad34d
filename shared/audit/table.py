"""The audit table. Nothing in it is ever changed: every write is a put on the condition that no such item exists.

    pk office#<office>#<day>       sk <instant>#<event id>   one event; `who` and `sk` are the index by_user
    pk subject#<office>#<subject>  sk <instant>#<event id>   a pointer: this event is about this subject
    pk review#<office>             sk <ISO week>             the sign-off of a week's events

An event and its subjects are written before the request is answered. Items expire after 400 days; the table's stream
copies the events into the hash chain, which keeps them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.audit.event import AuditEvent, SignOff
from shared.aws.dynamodb import Item, expires_at, get_all, sortable_timestamp
from shared.batching import batches

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RETENTION = timedelta(days=401)  # 400 whole days
_PUTS_A_TRANSACTION = 100  # the quota of TransactWriteItems
Events = tuple[list[AuditEvent], str | None]
"""One page of events, newest first, and where the next page begins (None on the last page)."""


class AuditTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def write(self, event: AuditEvent) -> None:
        """Stores an event and its subjects. Raises what DynamoDB raises: without an audit event there is no answer."""
        items = [_event_item(event), *(_subject_item(event, subject) for subject in sorted(set(event.subjects)))]
        for batch in batches(items, _PUTS_A_TRANSACTION):
            self._client.transact_write_items(TransactItems=[{"Put": self._put_once(item)} for item in batch])

    def scan_before(self, before: datetime) -> Iterator[AuditEvent]:
        """Yields every event of all offices that is older than this, in no order. Reads the whole table."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            FilterExpression="begins_with(pk, :kind) AND sk < :before",
            ExpressionAttributeValues={":kind": {"S": "office#"}, ":before": {"S": sortable_timestamp(before)}},
        )
        for page in pages:
            yield from (_event(item) for item in page["Items"])

    def events_of_day(self, office_id: str, day: str, limit: int, after: str | None) -> Events:
        """Returns an office's events of one UTC day."""
        items, next_page = self._query(_event_pk(office_id, day), limit, after)
        return [_event(item) for item in items], next_page

    def events_by_user(self, office_id: str, who: str, limit: int, after: str | None) -> Events:
        """Returns what one person did."""
        items, next_page = self._query(_user_key(office_id, who), limit, after, index="by_user")
        return [_event(item) for item in items], next_page

    def events_about(self, office_id: str, subject: str, limit: int, after: str | None) -> Events:
        """Returns what was done about one subject."""
        items, next_page = self._query(_subject_pk(office_id, subject), limit, after)
        keys = [{"pk": {"S": _event_pk(office_id, item["sk"]["S"][:10])}, "sk": item["sk"]} for item in items]
        events = [_event(item) for item in get_all(self._client, self._name, keys)]
        return sorted(events, key=lambda event: (event.occurred_at, event.event_id), reverse=True), next_page

    def count_outcomes(self, office_id: str, day: str) -> Counter[str]:
        """Returns how many events of one UTC day had each outcome."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :day",
            ProjectionExpression="outcome",
            ExpressionAttributeValues={":day": {"S": _event_pk(office_id, day)}},
        )
        return Counter(item["outcome"]["S"] for page in pages for item in page["Items"])

    def sign_off(self, sign_off: SignOff) -> bool:
        """Stores a sign-off. Returns False when that week has one already, which stays as it is."""
        item = {
            "pk": {"S": f"review#{sign_off.office_id}"},
            "sk": {"S": sign_off.week},
            "doc": {"S": sign_off.model_dump_json()},
        }
        try:
            self._client.put_item(**self._put_once(item))
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def sign_offs(self, office_id: str, limit: int, after: str | None) -> tuple[list[SignOff], str | None]:
        """Returns one page of sign-offs, the newest week first."""
        items, next_page = self._query(f"review#{office_id}", limit, after)
        return [SignOff.model_validate_json(item["doc"]["S"]) for item in items], next_page

    def _put_once(self, item: Item) -> Any:
        return {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}

    def _query(
        self, key: str, limit: int, after: str | None, index: str | None = None
    ) -> tuple[list[Item], str | None]:
        """Returns one page of items, newest first, and the sort key after which the next page begins."""
        key_name = "who" if index else "pk"
        start: Any = {"ExclusiveStartKey": _start_key(key, after, index)} if after else {}
        index_name: Any = {"IndexName": index} if index else {}
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            ScanIndexForward=False,
            **start,
            **index_name,
            KeyConditionExpression=f"{key_name} = :key",
            ExpressionAttributeValues={":key": {"S": key}},
        )
        last_key = answer.get("LastEvaluatedKey")
        return list(answer["Items"]), last_key["sk"]["S"] if last_key else None


def events_in(records: Iterable[Mapping[str, Any]]) -> list[AuditEvent]:
    """Returns the events in these records of the table's stream."""
    images = (record["dynamodb"].get("NewImage") for record in records)
    return [_event(image) for image in images if image and image.get("pk", {}).get("S", "").startswith("office#")]


def _start_key(key: str, after: str, index: str | None) -> Item:
    if index is None:
        return {"pk": {"S": key}, "sk": {"S": after}}
    office_id = key.partition("#")[0]
    return {"who": {"S": key}, "sk": {"S": after}, "pk": {"S": _event_pk(office_id, after[:10])}}


def _event_item(event: AuditEvent) -> Item:
    sort_key = _sort_key(event)
    return {
        "pk": {"S": _event_pk(event.office_id, sort_key[:10])},
        "sk": {"S": sort_key},
        "who": {"S": _user_key(event.office_id, event.who)},
        "outcome": {"S": event.outcome.value},
        "expires": expires_at(event.occurred_at + _RETENTION),
        "doc": {"S": event.model_dump_json()},
    }


def _subject_item(event: AuditEvent, subject: str) -> Item:
    return {
        "pk": {"S": _subject_pk(event.office_id, subject)},
        "sk": {"S": _sort_key(event)},
        "expires": expires_at(event.occurred_at + _RETENTION),
    }


def _event_pk(office_id: str, day: str) -> str:
    return f"office#{office_id}#{day}"


def _subject_pk(office_id: str, subject: str) -> str:
    return f"subject#{office_id}#{subject}"


def _user_key(office_id: str, who: str) -> str:
    return f"{office_id}#{who.casefold()}"


def _sort_key(event: AuditEvent) -> str:
    return f"{sortable_timestamp(event.occurred_at)}#{event.event_id}"


def _event(item: Any) -> AuditEvent:
    return AuditEvent.model_validate_json(item["doc"]["S"])
