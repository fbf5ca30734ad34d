"""An agency's drops, beside its profile: pk agency, part `drop#<drop id>`; the index `by_time` sorts them.

Several write to one item, each its own attributes: the intake `doc` and `receipt`, the matchers `told`, people
`decided`. Only `standing` has several writers, and changes on condition. When an agency's next drop is late lies under
a key of its own, part the agency.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.aws.dynamodb import Item
from shared.aws.optimistic_lock import ConflictError
from shared.errors import TryLater
from shared.feeds.drops.model import Drop, DropDecision, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt
from shared.feeds.drops.volume_check import BASELINE_DROPS, PastDrop

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_TIME = "by_time"
_AWAITED = "#awaited"  # no folder of the bucket, and so no agency, is named so in the API


class DropsTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table

    def begin(self, drop: Drop, drop_id: str) -> DropRecord:
        """It is being read, perhaps once more: then it is as it was left."""
        return self._update(
            drop.agency,
            drop_id,
            "SET doc = if_not_exists(doc, :doc), dropped_at = if_not_exists(dropped_at, :dropped_at),"
            " standing = if_not_exists(standing, :passed)",
            {":doc": drop.model_dump_json(), ":dropped_at": _text(drop.dropped_at), ":passed": DropStatus.PASSED},
        )

    def set_notify_limit(self, agency: str, drop_id: str, most_told: int) -> None:
        self._update(agency, drop_id, "SET most_told = :most", {":most": most_told})

    def hold(self, agency: str, drop_id: str, why: str) -> DropRecord:
        """Unless somebody has looked at it. May be said again."""
        with suppress(ConflictError):
            self._update(
                agency,
                drop_id,
                "SET standing = :held, why = :why",
                {":held": DropStatus.HELD, ":why": why, ":passed": DropStatus.PASSED},
                "standing = :passed",
            )
        record = self.find(agency, drop_id)
        if record is None:
            raise TryLater("a drop that is being read has no record")
        return record

    def count_notified(self, agency: str, drop_id: str, people: Iterable[str]) -> DropStatus:
        """These people are to be told of it. How many were told is counted, and too many hold it; a drop that nobody
        remembers is not held."""
        values = {":people": sorted(set(people)), ":passed": DropStatus.PASSED}
        try:
            after = self._update(agency, drop_id, "ADD told :people", values, "standing = :passed")
        except ConflictError:
            record = self.find(agency, drop_id)
            return record.status if record else DropStatus.PASSED
        if after.notify_limit and after.notified_people > after.notify_limit:
            return self.hold(agency, drop_id, f"It would tell more than {after.notify_limit} people.").status
        return DropStatus.PASSED

    def record_decision(self, record: DropRecord, decided: DropDecision) -> DropRecord:
        """Raises ConflictError when it no longer stands as in `record`."""
        return self._update(
            record.drop.agency,
            record.drop_id,
            "SET standing = :standing, decided = :decided",
            {":standing": decided.status, ":decided": decided.model_dump_json(), ":before": record.status},
            "standing = :before",
        )

    def past_drops(self, agency: str, before: datetime) -> list[PastDrop]:
        """The newest drops of the agency's feed that count for what is usual: those that were taken and are not
        held or discarded."""
        answer = self._client.query(
            TableName=self._name,
            IndexName=BY_TIME,
            Limit=2 * BASELINE_DROPS,
            ScanIndexForward=False,
            KeyConditionExpression="agency = :agency AND dropped_at < :before",
            ExpressionAttributeValues={":agency": {"S": agency}, ":before": {"S": _text(before)}},
        )
        records = (_record(item) for item in answer["Items"] if "receipt" in item)
        usual = [record for record in records if record.is_usual]
        return [PastDrop(record.drop.dropped_at, record.receipt.rows.read) for record in usual if record.receipt]

    def await_next(self, agency: str, late: datetime) -> None:
        """The agency is silent when nothing has come by then. A drop that is read late moves nothing back."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key={"agency": {"S": _AWAITED}, "part": {"S": agency}},
                UpdateExpression="SET late = :late",
                ConditionExpression="attribute_not_exists(late) OR late < :late",
                ExpressionAttributeValues={":late": {"S": _text(late)}},
            )

    def silent_agencies(self, now: datetime) -> list[str]:
        """Agencies of which nothing came in time."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="agency = :awaited",
            FilterExpression="late < :now",
            ExpressionAttributeValues={":awaited": {"S": _AWAITED}, ":now": {"S": _text(now)}},
        )
        return [item["part"]["S"] for page in pages for item in page["Items"]]

    def record_receipt(self, receipt: Receipt) -> None:
        change = "SET receipt = :receipt"
        self._update(receipt.agency, receipt.drop_id, change, {":receipt": receipt.model_dump_json()})

    def find(self, agency: str, drop_id: str) -> DropRecord | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(agency, drop_id), ConsistentRead=True)
        item = answer.get("Item")
        return _record(item) if item and "doc" in item else None

    def page(self, agency: str, limit: int, after: str | None) -> tuple[list[DropRecord], str | None]:
        """One page, newest first, and where to go on; None on the last page."""
        start: Any = {"ExclusiveStartKey": _place(agency, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            IndexName=BY_TIME,
            Limit=limit,
            ScanIndexForward=False,
            **start,
            KeyConditionExpression="agency = :agency",
            ExpressionAttributeValues={":agency": {"S": agency}},
        )
        last = answer.get("LastEvaluatedKey")
        following = f"{last['dropped_at']['S']}|{last['part']['S']}" if last else None
        return [_record(item) for item in answer["Items"] if "doc" in item], following

    def _update(
        self, agency: str, drop_id: str, change: str, values: dict[str, Any], condition: str | None = None
    ) -> DropRecord:
        """Raises ConflictError when the condition does not hold."""
        more: Any = {"ConditionExpression": condition} if condition else {}
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=_key(agency, drop_id),
                UpdateExpression=change,
                ReturnValues="ALL_NEW",
                ExpressionAttributeValues={name: _value(value) for name, value in values.items()},
                **more,
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            raise ConflictError from refused
        return _record(answer["Attributes"])


def _record(item: Any) -> DropRecord:
    return DropRecord(
        drop=Drop.model_validate_json(item["doc"]["S"]),
        drop_id=item["part"]["S"].partition("#")[2],
        status=DropStatus(item["standing"]["S"]),
        held_because=item.get("why", {}).get("S", ""),
        notified_people=len(item.get("told", {}).get("SS", ())),
        notify_limit=int(item.get("most_told", {}).get("N", "0")),
        receipt=Receipt.model_validate_json(item["receipt"]["S"]) if "receipt" in item else None,
        decision=DropDecision.model_validate_json(item["decided"]["S"]) if "decided" in item else None,
    )


def _value(value: str | int | Sequence[str]) -> Any:
    match value:
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case _:
            return {"SS": list(value)}


def _key(agency: str, drop_id: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": f"drop#{drop_id}"}}


def _place(agency: str, place: str) -> Item:
    dropped_at, _, part = place.partition("|")
    return {"agency": {"S": agency}, "part": {"S": part}, "dropped_at": {"S": dropped_at}}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
