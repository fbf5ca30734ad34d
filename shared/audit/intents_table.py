"""Intents in the audit table: what is about to be done. Stored before a request acts; its event closes it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.audit.event import AuditEvent
from shared.audit.items import event_in, event_key, intent_item, intent_pk, put_once
from shared.aws.dynamodb import get_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class IntentsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def begin(self, intent: AuditEvent) -> None:
        """Raises what DynamoDB raises: without an intent nothing may be done."""
        self._client.put_item(**put_once(self._name, intent_item(intent)))

    def without_outcome(self, since: datetime, until: datetime) -> Iterator[AuditEvent]:
        """Yields the intents of all offices from the minute of `since` to that of `until` that no event closes."""
        minute = since
        while intent_pk(minute) <= intent_pk(until):
            yield from self._open_of_minute(minute)
            minute += timedelta(minutes=1)

    def _open_of_minute(self, minute: datetime) -> Iterator[AuditEvent]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :minute",
            ExpressionAttributeValues={":minute": {"S": intent_pk(minute)}},
        )
        for page in pages:
            intents = [event_in(item) for item in page["Items"]]
            keys = [event_key(intent) for intent in intents]
            closed = {item["sk"]["S"] for item in get_all(self._client, self._name, keys, ProjectionExpression="sk")}
            yield from (intent for intent, key in zip(intents, keys, strict=True) if key["sk"]["S"] not in closed)
