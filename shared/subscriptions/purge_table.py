"""A watch leaves storage: its postings, what was noted of it, its claim on a criterion, and the document last.

An attempt that breaks off leaves the document, so that the next one finds the rest.
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from shared.aws.optimistic_lock import ConflictError
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index import items
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import next_revision

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class WatchPurgeTable:
    """In the table of subscriptions."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self._subscriptions = SubscriptionsTable(client, name)

    def page(self, office_id: str, limit: int, after: str) -> tuple[list[Subscription], str]:
        """One page of the office's watches that can be read, and the id after which the next begins (empty: none)."""
        watches, last_id = self._subscriptions.readable_page(office_id, limit, after or None)
        return watches, last_id or ""

    def purge(self, watch: Subscription, pseudonyms: Pseudonyms, now: datetime) -> None:
        """May run twice. Raises ConflictError when somebody changed the watch since it was read."""
        closed = watch
        if watch.status is Status.ACTIVE:
            closed = next_revision(watch, now, status=Status.EXPIRED)
        if not self._subscriptions.deactivate(watch, closed):
            raise ConflictError
        self._forget_notes(closed)
        self._release_claim(closed, pseudonyms)
        self._delete_document(closed)

    def _forget_notes(self, watch: Subscription) -> None:
        """That it reached nobody, and that somebody found a text of it fine (`beliefs_table.py`)."""
        unreached = {"pk": {"S": f"unreached#{watch.office_id}"}, "sk": {"S": watch.subscription_id}}
        self._client.delete_item(TableName=self._name, Key=unreached)
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :office AND begins_with(sk, :watch)",
            ExpressionAttributeValues={
                ":office": {"S": f"beliefs#{watch.office_id}"},
                ":watch": {"S": f"{watch.subscription_id}/"},
            },
        )
        for page in pages:
            for item in page["Items"]:
                self._client.delete_item(TableName=self._name, Key={"pk": item["pk"], "sk": item["sk"]})

    def _release_claim(self, watch: Subscription, pseudonyms: Pseudonyms) -> None:
        with suppress(self._client.exceptions.ConditionalCheckFailedException):  # another watch has it
            self._client.delete_item(
                TableName=self._name,
                Key=items.claim_key(watch, pseudonyms),
                ConditionExpression="subscription_id = :watch",
                ExpressionAttributeValues={":watch": {"S": watch.subscription_id}},
            )

    def _delete_document(self, watch: Subscription) -> None:
        try:
            self._client.delete_item(
                TableName=self._name,
                Key=items.document_key(watch.key),
                ConditionExpression="attribute_not_exists(pk) OR revision = :revision",
                ExpressionAttributeValues={":revision": {"N": str(watch.revision)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise ConflictError from error
