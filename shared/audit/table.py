"""Audit events, in a table of their own that nothing is ever changed in: every write is a put of what was not there.

    pk office#<office>#<day>       sk <at>#<event id>   one event: document; `who` and `sk` are the index by_user
    pk subject#<office>#<subject>  sk <at>#<event id>   that this event is about this subject
    pk review#<office>             sk <week>            a week's events were looked through, and by whom

An event and its subjects are written before what it tells of is answered. Rows go after 400 days; the chained objects
that are made of the table's stream stay.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.audit.event import AuditEvent, SignOff
from shared.aws.dynamodb import Item, get_all
from shared.batching import batches

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT = timedelta(days=401)  # the whole of 400 days
_A_TRANSACTION = 100


class AuditTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def write(self, event: AuditEvent) -> None:
        """Raises whatever DynamoDB raises: what cannot be written down may not be answered."""
        rows = [_event_item(event), *(_subject_item(event, subject) for subject in sorted(set(event.subjects)))]
        for batch in batches(rows, _A_TRANSACTION):
            self._client.transact_write_items(TransactItems=[{"Put": self._once(row)} for row in batch])

    def scan_before(self, before: datetime) -> Iterator[AuditEvent]:
        """Every event older than this, of all offices, in no order."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._name,
            FilterExpression="begins_with(pk, :kind) AND sk < :before",
            ExpressionAttributeValues={":kind": {"S": "office#"}, ":before": {"S": _text(before)}},
        )
        for page in pages:
            yield from (_event(item) for item in page["Items"])

    def events_of_day(
        self, office_id: str, day: str, limit: int, after: str | None
    ) -> tuple[list[AuditEvent], str | None]:
        """An office's events of one UTC day, newest first, and where to go on."""
        items, following = self._page(_event_pk(office_id, day), limit, after)
        return [_event(item) for item in items], following

    def events_by_user(
        self, office_id: str, who: str, limit: int, after: str | None
    ) -> tuple[list[AuditEvent], str | None]:
        """What one person did, newest first."""
        items, following = self._page(_who(office_id, who), limit, after, index="by_user")
        return [_event(item) for item in items], following

    def events_about(
        self, office_id: str, subject: str, limit: int, after: str | None
    ) -> tuple[list[AuditEvent], str | None]:
        """What was done about one subject, newest first."""
        items, following = self._page(_subject_pk(office_id, subject), limit, after)
        keys = [{"pk": {"S": _event_pk(office_id, item["sk"]["S"][:10])}, "sk": item["sk"]} for item in items]
        events = [_event(item) for item in get_all(self._client, self._name, keys)]
        return sorted(events, key=lambda event: (event.occurred_at, event.event_id), reverse=True), following

    def count_outcomes(self, office_id: str, day: str) -> Counter[str]:
        """How many events of one UTC day had which outcome."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :day",
            ProjectionExpression="outcome",
            ExpressionAttributeValues={":day": {"S": _event_pk(office_id, day)}},
        )
        return Counter(item["outcome"]["S"] for page in pages for item in page["Items"])

    def sign_off(self, review: SignOff) -> bool:
        """False when that week was signed off before: the first word stands."""
        item = {
            "pk": {"S": f"review#{review.office_id}"},
            "sk": {"S": review.week},
            "doc": {"S": review.model_dump_json()},
        }
        try:
            self._client.put_item(**self._once(item))
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def sign_offs(self, office_id: str, limit: int, after: str | None) -> tuple[list[SignOff], str | None]:
        items, following = self._page(f"review#{office_id}", limit, after)
        return [SignOff.model_validate_json(item["doc"]["S"]) for item in items], following

    def _once(self, item: Item) -> Any:
        return {"TableName": self._name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}

    def _page(self, pk: str, limit: int, after: str | None, index: str | None = None) -> tuple[list[Item], str | None]:
        named = "who" if index else "pk"
        start: Any = {"ExclusiveStartKey": _start(pk, after, index)} if after else {}
        where: Any = {"IndexName": index} if index else {}
        answer = self._client.query(
            TableName=self._name,
            Limit=limit,
            ScanIndexForward=False,
            **start,
            **where,
            KeyConditionExpression=f"{named} = :one",
            ExpressionAttributeValues={":one": {"S": pk}},
        )
        last = answer.get("LastEvaluatedKey")
        return list(answer["Items"]), last["sk"]["S"] if last else None


def events_in(records: Iterable[Mapping[str, Any]]) -> list[AuditEvent]:
    """The events that these records of the table's stream tell of."""
    images = (record["dynamodb"].get("NewImage") for record in records)
    return [_event(image) for image in images if image and image.get("pk", {}).get("S", "").startswith("office#")]


def _start(pk: str, after: str, index: str | None) -> Item:
    if index is None:
        return {"pk": {"S": pk}, "sk": {"S": after}}
    office_id = pk.partition("#")[0]
    return {"who": {"S": pk}, "sk": {"S": after}, "pk": {"S": _event_pk(office_id, after[:10])}}


def _event_item(event: AuditEvent) -> Item:
    return {
        "pk": {"S": _event_pk(event.office_id, _sk(event)[:10])},
        "sk": {"S": _sk(event)},
        "who": {"S": _who(event.office_id, event.who)},
        "outcome": {"S": event.outcome.value},
        "expires": _expiry(event.occurred_at),
        "doc": {"S": event.model_dump_json()},
    }


def _subject_item(event: AuditEvent, subject: str) -> Item:
    pk = _subject_pk(event.office_id, subject)
    return {"pk": {"S": pk}, "sk": {"S": _sk(event)}, "expires": _expiry(event.occurred_at)}


def _event_pk(office_id: str, day: str) -> str:
    return f"office#{office_id}#{day}"


def _subject_pk(office_id: str, subject: str) -> str:
    return f"subject#{office_id}#{subject}"


def _who(office_id: str, who: str) -> str:
    return f"{office_id}#{who.casefold()}"


def _sk(event: AuditEvent) -> str:
    return f"{_text(event.occurred_at)}#{event.event_id}"


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _expiry(at: datetime) -> Any:
    return {"N": str(int((at + _KEPT).timestamp()))}


def _event(item: Any) -> AuditEvent:
    return AuditEvent.model_validate_json(item["doc"]["S"])
