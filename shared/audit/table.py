"""The audit table. Nothing in it is ever changed: every write is a put on the condition that no such item exists.

    pk intent#<minute>             sk <instant>#<event id>   a request that is about to act (`intents_table.py`)
    pk office#<office>#<day>       sk <instant>#<event id>   one event; `who` and `sk` are the index by_user
    pk subject#<office>#<subject>  sk <instant>#<event id>   a pointer: this event is about this subject
    pk review#<office>             sk <ISO week>             the sign-off of a week's events

The intent is written before a request acts, the event and its pointers before the request is answered, under the same
instant and id. Items expire after 400 days; the table's stream copies intents and events into the hash chain, which
keeps them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.audit.event import AuditEvent, SignOff
from shared.audit.intents_table import IntentsTable
from shared.audit.items import event_in, event_item, event_pk, put_once, subject_item, subject_pk, user_key
from shared.aws.dynamodb import Item, get_all, sortable_timestamp
from shared.aws.optimistic_lock import ConflictError
from shared.aws.transactions import transact
from shared.batching import batches

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PUTS_A_TRANSACTION = 100  # the quota of TransactWriteItems
Events = tuple[list[AuditEvent], str | None]
"""One page of events, newest first, and where the next page begins (None on the last page)."""


class Days(NamedTuple):
    """The days in UTC from `since` to `until`, both included; None: without an end on this side."""

    since: date | None = None
    until: date | None = None

    @property
    def first(self) -> str:
        return self.since.isoformat() if self.since else "0"

    @property
    def behind(self) -> str:
        """Sorts behind every instant of the last day: `~` follows every letter and digit."""
        return f"{self.until.isoformat()}~" if self.until else "~"


EVER = Days()


class AuditTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self.intents = IntentsTable(client, name)

    def write(self, event: AuditEvent) -> None:
        """Stores an event, in parts if it has many subjects, each with its pointers. Raises ConflictError if it
        is there already, TryLater, and what else DynamoDB raises: without an audit event there is no answer.

        The event comes last. If this dies midway, there are pointers and no event, and the intent stays open.
        """
        for part in reversed(event.in_parts()):
            items = [*(subject_item(part, subject) for subject in sorted(part.every_subject)), event_item(part)]
            for batch in batches(items, _PUTS_A_TRANSACTION):
                if transact(self._client, [{"Put": put_once(self._name, item)} for item in batch]):
                    raise ConflictError

    def write_once(self, event: AuditEvent) -> bool:
        """Stores an event. Returns False if the table has it already, as it is or with another outcome."""
        try:
            self.write(event)
        except ConflictError:
            return False
        return True

    def rows_before(self, before: datetime) -> Iterator[Item]:
        """Yields every item of all offices that is older than this, in no order. Reads the whole table."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            FilterExpression="sk < :before AND NOT begins_with(pk, :sign_offs)",
            ExpressionAttributeValues={":before": {"S": sortable_timestamp(before)}, ":sign_offs": {"S": "review#"}},
        )
        for page in pages:
            yield from page["Items"]

    def events_of_day(self, office_id: str, day: str, limit: int, after: str | None) -> Events:
        """Returns an office's events of one UTC day."""
        items, next_page = self._query(event_pk(office_id, day), limit, after)
        return [event_in(item) for item in items], next_page

    def events_by_user(self, office_id: str, who: str, limit: int, after: str | None) -> Events:
        """Returns what one person did."""
        items, next_page = self._query(user_key(office_id, who), limit, after, index="by_user")
        return [event_in(item) for item in items], next_page

    def events_about(self, office_id: str, subject: str, limit: int, after: str | None, days: Days = EVER) -> Events:
        """Returns what was done about one subject in these days."""
        items, next_page = self._query(subject_pk(office_id, subject), limit, after, days=days)
        keys = [{"pk": {"S": event_pk(office_id, item["sk"]["S"][:10])}, "sk": item["sk"]} for item in items]
        events = [event_in(item) for item in get_all(self._client, self._name, keys)]
        return sorted(events, key=lambda event: (event.occurred_at, event.event_id), reverse=True), next_page

    def count_outcomes(self, office_id: str, day: str) -> Counter[str]:
        """Returns how many events of one UTC day had each outcome."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :day",
            ProjectionExpression="outcome",
            ExpressionAttributeValues={":day": {"S": event_pk(office_id, day)}},
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
            self._client.put_item(**put_once(self._name, item))
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def sign_off_of(self, office_id: str, week: str) -> SignOff | None:
        key = {"pk": {"S": f"review#{office_id}"}, "sk": {"S": week}}
        items = list(get_all(self._client, self._name, [key]))
        return SignOff.model_validate_json(items[0]["doc"]["S"]) if items else None

    def sign_offs(self, office_id: str, limit: int, after: str | None) -> tuple[list[SignOff], str | None]:
        """Returns one page of sign-offs, the newest week first."""
        items, next_page = self._query(f"review#{office_id}", limit, after)
        return [SignOff.model_validate_json(item["doc"]["S"]) for item in items], next_page

    def _query(
        self, key: str, limit: int, after: str | None, index: str | None = None, days: Days | None = None
    ) -> tuple[list[Item], str | None]:
        """Returns one page of items, newest first, and the sort key after which the next page begins. `days` are for
        keys that are sorted by instant."""
        key_name = "who" if index else "pk"
        start: Any = {"ExclusiveStartKey": _start_key(key, after, index)} if after else {}
        index_name: Any = {"IndexName": index} if index else {}
        values = {":key": {"S": key}} | ({":first": {"S": days.first}, ":behind": {"S": days.behind}} if days else {})
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            ScanIndexForward=False,
            **start,
            **index_name,
            KeyConditionExpression=f"{key_name} = :key" + (" AND sk BETWEEN :first AND :behind" if days else ""),
            ExpressionAttributeValues=values,
        )
        last_key = answer.get("LastEvaluatedKey")
        return list(answer["Items"]), last_key["sk"]["S"] if last_key else None


def _start_key(key: str, after: str, index: str | None) -> Item:
    if index is None:
        return {"pk": {"S": key}, "sk": {"S": after}}
    office_id = key.partition("#")[0]
    return {"who": {"S": key}, "sk": {"S": after}, "pk": {"S": event_pk(office_id, after[:10])}}
