"""The drops of an agency, beside its profiles in the agencies table: pk agency, sort key `part` `drop#<drop id>`.

The index `by_time` sorts them. Three writers share an item, each with its own attributes: the intake `doc`, `receipt`,
`read_by` and `most_told`, the matchers `told`, people `decided`. Only `standing` (the drop status) and `why` have
several writers, so these change on a condition. The item with pk `#awaited` and the agency as `part` says when the
agency's next drop is overdue.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.arrests.model import parse_utc
from shared.arrests.synthetic import KEPT_FOR, is_synthetic
from shared.aws.dynamodb import Item, sortable_timestamp
from shared.aws.optimistic_lock import ConflictError
from shared.errors import TryLater
from shared.feeds.drops.attention_table import DropsAttention
from shared.feeds.drops.model import Drop, DropDecision, DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt, ReceiptState
from shared.feeds.drops.volume_check import BASELINE_DROPS, PastDrop

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_TIME = "by_time"
# Partitions that list agencies. The API does not allow an agency of such a name.
_AWAITED, SENDERS = "#awaited", "#senders"


class DropsTable:
    def __init__(self, client: "DynamoDBClient", agencies_table: str) -> None:
        self._client, self._name = client, agencies_table
        self.attention = DropsAttention(client, agencies_table)

    def begin(self, drop: Drop, drop_id: str) -> DropRecord:
        """Makes the drop's record and returns it. A drop that is read again keeps the record it has.

        The agency is noted before, so that the purge comes upon every record.
        """
        change = (
            "SET doc = if_not_exists(doc, :doc), dropped_at = if_not_exists(dropped_at, :dropped_at),"
            " standing = if_not_exists(standing, :passed)"
        )
        values: dict[str, Any] = {
            ":doc": drop.model_dump_json(),
            ":dropped_at": sortable_timestamp(drop.dropped_at),
            ":passed": DropStatus.PASSED,
        }
        if is_synthetic(drop.agency):
            change += ", expires = :expires"
            values[":expires"] = int((drop.dropped_at + KEPT_FOR).timestamp())
        else:
            self._client.update_item(
                TableName=self._name,
                Key={"agency": {"S": SENDERS}, "part": {"S": drop.agency}},
                UpdateExpression="SET last_drop = :drop",
                ExpressionAttributeValues={":drop": {"S": drop_id}},
            )
        return self._update(drop.agency, drop_id, change, values)

    def set_notify_limit(self, agency: str, drop_id: str, notify_limit: int) -> None:
        self._update(agency, drop_id, "SET most_told = :most", {":most": notify_limit})

    def set_layout(self, agency: str, drop_id: str, layout: str) -> DropRecord:
        return self._update(agency, drop_id, "SET read_by = :layout", {":layout": layout})

    def hold(self, agency: str, drop_id: str, held_because: str) -> DropRecord:
        """Holds the drop if its status is "passed", and returns its record. May run twice.

        A drop already held stays held; one that somebody released or discarded is never held again. Raises TryLater
        when there is no record.
        """
        self.attention.add_held(agency, drop_id)
        with suppress(ConflictError):
            self._update(
                agency,
                drop_id,
                "SET standing = :held, why = :why",
                {":held": DropStatus.HELD, ":why": held_because, ":passed": DropStatus.PASSED},
                "standing = :passed",
            )
        record = self.find(agency, drop_id)
        if record is None:
            raise TryLater("a drop that is being read has no record")
        return record

    def count_notified(self, agency: str, drop_id: str, people: Iterable[str]) -> DropStatus:
        """Counts these people (pseudonyms) as notified of a drop, holds it if they are too many, returns its status.

        A drop without a record counts as passed.
        """
        values = {":people": sorted(set(people)), ":passed": DropStatus.PASSED}
        try:
            after = self._update(agency, drop_id, "ADD told :people", values, "standing = :passed")
        except ConflictError:
            record = self.find(agency, drop_id)
            return record.status if record else DropStatus.PASSED
        if after.notify_limit and after.notified_people > after.notify_limit:
            return self.hold(agency, drop_id, f"It would notify more than {after.notify_limit} people.").status
        return DropStatus.PASSED

    def record_decision(self, record: DropRecord, decision: DropDecision) -> DropRecord:
        """Raises ConflictError when the drop's status is no longer that of `record`."""
        return self._update(
            record.drop.agency,
            record.drop_id,
            "SET standing = :standing, decided = :decided",
            {":standing": decision.status, ":decided": decision.model_dump_json(), ":before": record.status},
            "standing = :before",
        )

    def past_drops(self, agency: str, before: datetime) -> list[PastDrop]:
        """Returns the agency's newest drops before this instant that count for its usual volume, newest first."""
        answer = self._client.query(
            TableName=self._name,
            IndexName=BY_TIME,
            Limit=2 * BASELINE_DROPS,
            ScanIndexForward=False,
            KeyConditionExpression="agency = :agency AND dropped_at < :before",
            ExpressionAttributeValues={":agency": {"S": agency}, ":before": {"S": sortable_timestamp(before)}},
        )
        records = [record_in(item) for item in answer["Items"] if "receipt" in item]
        return [
            PastDrop(record.drop.dropped_at, record.receipt.rows.read)
            for record in records
            if record.receipt and record.is_usual
        ]

    def await_next(self, agency: str, overdue_at: datetime) -> None:
        """Stores when the agency's next drop is overdue. A drop that is read late does not move it back. Nobody but its
        alarm awaits the canary, so it is in no list of agencies."""
        if is_synthetic(agency):
            return
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key={"agency": {"S": _AWAITED}, "part": {"S": agency}},
                UpdateExpression="SET late = :late",
                ConditionExpression="attribute_not_exists(late) OR late < :late",
                ExpressionAttributeValues={":late": {"S": sortable_timestamp(overdue_at)}},
            )

    def senders(self) -> list[str]:
        """Returns every agency that has ever dropped a file, enrolled or not; not the canary."""
        return self._listed_in(SENDERS)

    def sending_agencies(self) -> list[str]:
        """Returns the agencies that have dropped a file, and whose next one is awaited."""
        return self._listed_in(_AWAITED)

    def _listed_in(self, partition: str) -> list[str]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="agency = :partition",
            ExpressionAttributeValues={":partition": {"S": partition}},
        )
        return [item["part"]["S"] for page in pages for item in page["Items"]]

    def silent_agencies(self, now: datetime) -> list[str]:
        """Returns the agencies whose next drop is overdue."""
        return list(self.overdue(now))

    def overdue(self, now: datetime) -> dict[str, datetime]:
        """Maps each agency whose next drop is overdue to when it was due at the latest."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="agency = :awaited",
            FilterExpression="late < :now",
            ExpressionAttributeValues={":awaited": {"S": _AWAITED}, ":now": {"S": sortable_timestamp(now)}},
        )
        return {item["part"]["S"]: parse_utc(item["late"]["S"]) for page in pages for item in page["Items"]}

    def record_receipt(self, receipt: Receipt) -> None:
        """Attention comes first: a crash in between repeats the drop. What a person typed in has its answer."""
        drop = Drop(key=receipt.key, size=receipt.size, dropped_at=receipt.dropped_at)
        if receipt.state.is_unread and not drop.is_manual_entry:
            self.attention.add_refused(receipt.agency, receipt.drop_id)
        elif receipt.rows.rejected and not drop.is_manual_entry:
            self.attention.add_partly(receipt.agency, receipt.drop_id)
        elif receipt.state is ReceiptState.WAITING:
            self.attention.add_waiting(receipt.agency, receipt.drop_id)
        if receipt.late_releases and not drop.is_manual_entry:
            self.attention.add_late(receipt.agency, receipt.drop_id)
        change = "SET receipt = :receipt"
        self._update(receipt.agency, receipt.drop_id, change, {":receipt": receipt.model_dump_json()})

    def find(self, agency: str, drop_id: str) -> DropRecord | None:
        answer = self._client.get_item(TableName=self._name, Key=_key(agency, drop_id), ConsistentRead=True)
        item = answer.get("Item")
        return record_in(item) if item and "doc" in item else None

    def page(self, agency: str, limit: int, after: str | None) -> tuple[list[DropRecord], str | None]:
        """Returns one page, newest first, and where the next page begins (None on the last page)."""
        start: Any = {"ExclusiveStartKey": _start_key(agency, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            IndexName=BY_TIME,
            Limit=limit,
            ScanIndexForward=False,
            **start,
            KeyConditionExpression="agency = :agency",
            ExpressionAttributeValues={":agency": {"S": agency}},
        )
        last_key = answer.get("LastEvaluatedKey")
        next_page = f"{last_key['dropped_at']['S']}|{last_key['part']['S']}" if last_key else None
        return [record_in(item) for item in answer["Items"] if "doc" in item], next_page

    def _update(
        self, agency: str, drop_id: str, change: str, values: dict[str, Any], condition: str | None = None
    ) -> DropRecord:
        """Raises ConflictError when the condition does not hold."""
        condition_option: Any = {"ConditionExpression": condition} if condition else {}
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=_key(agency, drop_id),
                UpdateExpression=change,
                ReturnValues="ALL_NEW",
                ExpressionAttributeValues={name: _typed_value(value) for name, value in values.items()},
                **condition_option,
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError from error
        return record_in(answer["Attributes"])


def record_in(item: Any) -> DropRecord:
    return DropRecord(
        drop=Drop.model_validate_json(item["doc"]["S"]),
        drop_id=item["part"]["S"].partition("#")[2],
        status=DropStatus(item["standing"]["S"]),
        held_because=item.get("why", {}).get("S", ""),
        notified_people=len(item.get("told", {}).get("SS", ())),
        layout=item.get("read_by", {}).get("S", ""),
        notify_limit=int(item.get("most_told", {}).get("N", "0")),
        receipt=Receipt.model_validate_json(item["receipt"]["S"]) if "receipt" in item else None,
        decision=DropDecision.model_validate_json(item["decided"]["S"]) if "decided" in item else None,
    )


def _typed_value(value: str | int | Sequence[str]) -> Any:
    match value:
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case _:
            return {"SS": list(value)}


def _key(agency: str, drop_id: str) -> Item:
    return {"agency": {"S": agency}, "part": {"S": f"drop#{drop_id}"}}


def _start_key(agency: str, after: str) -> Item:
    dropped_at, _, part = after.partition("|")
    return {"agency": {"S": agency}, "part": {"S": part}, "dropped_at": {"S": dropped_at}}
