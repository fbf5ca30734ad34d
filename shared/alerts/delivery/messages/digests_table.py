"""Digests in the alerts table: pk digest_id, part digest | entry#<alert_id> | delivery#000001#<channel>."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shared.alerts.delivery.item import item_key
from shared.alerts.delivery.messages.digest import Digest
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.aws.due_index import OPEN, expiry_attribute
from shared.aws.dynamodb import Item, find_document, sortable_timestamp
from shared.aws.transactions import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DigestsTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def gather(self, delivery: Delivery, digest: Digest) -> bool:
        """Makes a claimed delivery a line of a digest that is not sent yet, in one transaction. False if the digest is
        already claimed or sent, or the claim is not ours any more. Raises TryLater when DynamoDB stays busy."""
        steps: list[Any] = [
            {"Put": {"TableName": self._name, "Item": _digest_item(digest)}},
            {"Put": {"TableName": self._name, "Item": _entry_item(digest, delivery)}},
            {"Update": {"TableName": self._name, **_open_delivery(digest.delivery)}},
            {"Update": {"TableName": self._name, **_mark_gathered(delivery, digest)}},
        ]
        return not transact(self._client, steps)

    def open(self, delivery: Delivery) -> None:
        """Stores a queued delivery of a digest, if none is stored for its channel that is claimed or sent."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(TableName=self._name, **_open_delivery(delivery))

    def find(self, digest_id: str) -> Digest | None:
        key = {"alert_id": {"S": digest_id}, "part": {"S": "digest"}}
        return find_document(self._client, self._name, key, Digest)

    def alert_ids(self, digest_id: str) -> list[str]:
        """The ids of the digest's alerts."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="alert_id = :digest AND begins_with(part, :kind)",
            ExpressionAttributeValues={":digest": {"S": digest_id}, ":kind": {"S": "entry#"}},
            ConsistentRead=True,
        )
        return [item["part"]["S"].partition("#")[2] for page in pages for item in page["Items"]]


def _digest_item(digest: Digest) -> Item:
    return {
        "alert_id": {"S": digest.digest_id},
        "part": {"S": "digest"},
        "doc": {"S": digest.model_dump_json()},
    } | expiry_attribute(digest.due)


def _entry_item(digest: Digest, delivery: Delivery) -> Item:
    return {
        "alert_id": {"S": digest.digest_id},
        "part": {"S": f"entry#{delivery.alert_id}"},
    } | expiry_attribute(digest.due)


def _open_delivery(delivery: Delivery) -> Any:
    """Whoever comes first stores the digest's own delivery. Once it is claimed, the digest takes no more alerts."""
    return {
        "Key": item_key(delivery.key),
        "UpdateExpression": "SET office = :office, address = :address, #state = :queued, "
        "attempt = if_not_exists(attempt, :zero), "
        "queued_at = if_not_exists(queued_at, :due), not_before = if_not_exists(not_before, :due), "
        "#open = :open, due = if_not_exists(due, :due)",
        "ConditionExpression": "attribute_not_exists(alert_id) OR #state = :queued",
        "ExpressionAttributeNames": {"#state": "state", "#open": "open"},
        "ExpressionAttributeValues": {
            ":office": {"S": delivery.office_id},
            ":address": {"S": delivery.address},
            ":open": {"S": OPEN},
            ":queued": {"S": DeliveryState.QUEUED.value},
            ":due": {"S": sortable_timestamp(delivery.queued_at)},
            ":zero": {"N": "0"},
        },
    }


def _mark_gathered(delivery: Delivery, digest: Digest) -> Any:
    return {
        "Key": item_key(delivery.key),
        "UpdateExpression": "SET #state = :state, gathered_in = :digest REMOVE #open, due",
        "ConditionExpression": "#state = :claimed AND attempt = :attempt",
        "ExpressionAttributeNames": {"#state": "state", "#open": "open"},
        "ExpressionAttributeValues": {
            ":state": {"S": DeliveryState.GATHERED.value},
            ":digest": {"S": digest.digest_id},
            ":claimed": {"S": DeliveryState.CLAIMED.value},
            ":attempt": {"N": str(delivery.attempt)},
        },
    }
