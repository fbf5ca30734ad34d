"""Digests lie beside the alerts: pk digest_id, part digest | entry#<alert_id> | delivery#000001#<channel>."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.delivery.table import key_of
from shared.aws.due_index import OPEN
from shared.aws.dynamodb import Item, sortable_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DigestsTable:
    """In the alerts table; also the counts of an office's alerts by the hour, and the addresses not to write to."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def gather(self, delivery: Delivery, digest: Digest) -> bool:
        """Make a claimed delivery a line of a digest that is still to be sent, all or nothing. False when the digest
        is out already, or the claim is no longer ours."""
        steps: list[Any] = [
            {"Put": {"TableName": self._name, "Item": _digest_item(digest)}},
            {"Put": {"TableName": self._name, "Item": _entry_item(digest, delivery)}},
            {"Update": {"TableName": self._name, **_opened(digest.delivery)}},
            {"Update": {"TableName": self._name, **_gathered(delivery, digest)}},
        ]
        try:
            self._client.transact_write_items(TransactItems=steps)
        except self._client.exceptions.TransactionCanceledException:
            return False
        return True

    def open(self, delivery: Delivery) -> None:
        """A digest's delivery on another channel, if it is not there yet."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(TableName=self._name, **_opened(delivery))

    def find(self, digest_id: str) -> Digest | None:
        key = {"alert_id": {"S": digest_id}, "part": {"S": "digest"}}
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return Digest.model_validate_json(item["doc"]["S"]) if item else None

    def lines(self, digest_id: str) -> list[str]:
        """The ids of its alerts."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="alert_id = :digest AND begins_with(part, :kind)",
            ExpressionAttributeValues={":digest": {"S": digest_id}, ":kind": {"S": "entry#"}},
            ConsistentRead=True,
        )
        return [item["part"]["S"].partition("#")[2] for page in pages for item in page["Items"]]

    def counted(self, office_id: str, now: datetime, step: int) -> int:
        """How many deliveries of this office went out or were held in this hour, this one counting for `step`."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        where: Any = {
            "TableName": self._name,
            "Key": {"alert_id": {"S": f"hour#{office_id}#{hour:%Y%m%dT%H}"}, "part": {"S": "count"}},
        }
        if not step:
            found = self._client.get_item(**where).get("Item")
            return int(found["deliveries"]["N"]) if found else 0
        answer = self._client.update_item(
            **where,
            UpdateExpression="ADD deliveries :step SET expires = :expires",
            ReturnValues="ALL_NEW",
            ExpressionAttributeValues={":step": {"N": str(step)}, ":expires": {"N": str(int(hour.timestamp()) + 7200)}},
        )
        return int(answer["Attributes"]["deliveries"]["N"])

    def suppress(self, channel: str, address: str, why: str, now: datetime) -> None:
        """Write to this address no more; the first reason stands."""
        self._client.update_item(
            TableName=self._name,
            Key=_barred_key(channel, address),
            UpdateExpression="SET why = if_not_exists(why, :why), since = if_not_exists(since, :now)",
            ExpressionAttributeValues={":why": {"S": why}, ":now": {"S": sortable_timestamp(now)}},
        )

    def unsuppress(self, channel: str, address: str) -> None:
        """It is written to again."""
        self._client.delete_item(TableName=self._name, Key=_barred_key(channel, address))

    def barred(self, channel: str, address: str) -> str | None:
        """Why this address is not written to; None when it is."""
        item = self._client.get_item(TableName=self._name, Key=_barred_key(channel, address), ConsistentRead=True).get(
            "Item"
        )
        return item["why"]["S"] if item else None


def _barred_key(channel: str, address: str) -> Item:
    return {"alert_id": {"S": f"barred#{channel}#{address.casefold()}"}, "part": {"S": "barred"}}


def _digest_item(digest: Digest) -> Item:
    return {
        "alert_id": {"S": digest.digest_id},
        "part": {"S": "digest"},
        "doc": {"S": digest.model_dump_json()},
        "expires": {"N": str(int(digest.due.timestamp()) + 400 * 86_400)},
    }


def _entry_item(digest: Digest, delivery: Delivery) -> Item:
    return {
        "alert_id": {"S": digest.digest_id},
        "part": {"S": f"entry#{delivery.alert_id}"},
        "expires": {"N": str(int(digest.due.timestamp()) + 400 * 86_400)},
    }


def _opened(delivery: Delivery) -> Any:
    """The digest's own delivery, made by whoever comes first; whoever comes after it was claimed is too late."""
    values = {
        ":office": {"S": delivery.office_id},
        ":address": {"S": delivery.address},
        ":open": {"S": OPEN},
        ":queued": {"S": DeliveryState.QUEUED.value},
        ":due": {"S": sortable_timestamp(delivery.queued_at)},
        ":zero": {"N": "0"},
    }
    return {
        "Key": key_of(delivery).item,
        "UpdateExpression": "SET office = :office, address = :address, #state = :queued, "
        "attempt = if_not_exists(attempt, :zero), "
        "queued_at = if_not_exists(queued_at, :due), not_before = if_not_exists(not_before, :due), "
        "#open = :open, due = if_not_exists(due, :due)",
        "ConditionExpression": "attribute_not_exists(alert_id) OR #state = :queued",
        "ExpressionAttributeNames": {"#state": "state", "#open": "open"},
        "ExpressionAttributeValues": values,
    }


def _gathered(delivery: Delivery, digest: Digest) -> Item:
    state = DeliveryState.GATHERED
    return {
        "Key": key_of(delivery).item,
        "UpdateExpression": "SET #state = :state, gathered_in = :digest REMOVE #open, due",
        "ConditionExpression": "#state = :claimed AND attempt = :attempt",
        "ExpressionAttributeNames": {"#state": "state", "#open": "open"},
        "ExpressionAttributeValues": {
            ":state": {"S": state.value},
            ":digest": {"S": digest.digest_id},
            ":claimed": {"S": DeliveryState.CLAIMED.value},
            ":attempt": {"N": str(delivery.attempt)},
        },
    }
