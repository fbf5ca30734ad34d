"""Alerts and their deliveries.

    pk alert_id   part alert                          one alert: document, revision, office
    pk alert_id   part delivery#<revision>#<channel>  one delivery (`delivery/table.py`)
    pk alert_id   part answers                        what the reader said: acknowledged, verdict (`responses/table.py`)
    pk digest_id  part digest, entry#<alert_id>       a digest and its lines (`delivery/messages/digests_table.py`);
                                                      its delivery is as above

What somebody must still see to stands in the index `open` (`shared/aws/due_index.py`): deliveries not sent, mails that
the provider has not spoken of, urgent alerts not acknowledged."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.delivery.model import deliveries_of
from shared.alerts.delivery.table import DeliveriesTable
from shared.alerts.model import Alert, must_be_acknowledged
from shared.alerts.reviews.table import ReviewsTable
from shared.aws.due_index import UNACKNOWLEDGED, due_keys, expiry_attribute
from shared.aws.dynamodb import Item, get_all, sortable_timestamp
from shared.offices.preferences import ESCALATES_AFTER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AlertsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self.deliveries = DeliveriesTable(client, name)
        self.reviews = ReviewsTable(client, name)
        self.notices = NoticesTable(client, name)

    def find(self, alert_id: str) -> Alert | None:
        item = self._client.get_item(TableName=self._name, Key=_alert_key(alert_id), ConsistentRead=True).get("Item")
        return Alert.model_validate_json(item["doc"]["S"]) if item else None

    def read(self, alert_ids: Iterable[str]) -> dict[str, Alert]:
        keys = [_alert_key(alert_id) for alert_id in sorted(set(alert_ids))]
        alerts = (Alert.model_validate_json(item["doc"]["S"]) for item in get_all(self._client, self._name, keys))
        return {alert.alert_id: alert for alert in alerts}

    def page(self, office_id: str, limit: int, after: str | None, day: str = "") -> tuple[list[Alert], str | None]:
        """An office's alerts (of one UTC day), newest first, and where to go on; None on the last page. `after` of
        another office, or made up, is only a place in this office's list."""
        start: Any = {"ExclusiveStartKey": _place(office_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            IndexName="by_office",
            Limit=limit,
            ScanIndexForward=False,
            **start,
            KeyConditionExpression="office_id = :office AND begins_with(created_at, :day)"
            if day
            else "office_id = :office",
            ExpressionAttributeValues={":office": {"S": office_id}} | ({":day": {"S": day}} if day else {}),
        )
        ids = [item["alert_id"]["S"] for item in answer["Items"]]
        found = self.read(ids)
        alerts = [found[one] for one in ids if one in found]
        last = answer.get("LastEvaluatedKey")
        return alerts, f"{last['created_at']['S']}_{last['alert_id']['S']}" if last else None

    def store(self, alert: Alert) -> bool:
        """Store a new telling, after its queued deliveries: where there is an alert, what is to be sent of it is there
        too. A crash between the two leaves deliveries that wait for it (`shared/alerts/delivery/`). False when this
        telling, or another with its number, was stored before.

        One transaction would do the same for twice the price.
        """
        for delivery in deliveries_of(alert):
            self.deliveries.open(delivery)
        fresh = alert.revision == 1
        more: Any = {} if fresh else {"ExpressionAttributeValues": {":before": {"N": str(alert.revision - 1)}}}
        condition = "attribute_not_exists(alert_id)" if fresh else "revision = :before"
        try:
            self._client.put_item(TableName=self._name, Item=_alert_item(alert), ConditionExpression=condition, **more)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def due_escalations(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Ids of the urgent alerts whose next escalation is due, and since when it is."""
        for item in due_keys(self._client, self._name, UNACKNOWLEDGED, now):
            yield item["alert_id"]["S"], item["due"]["S"]

    def postpone_escalation(self, alert_id: str, seen: str, due: datetime) -> None:
        """After this escalation comes the next one."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_alert_key(alert_id),
                UpdateExpression="SET due = :due",
                ConditionExpression="due = :seen",
                ExpressionAttributeValues={":seen": {"S": seen}, ":due": {"S": sortable_timestamp(due)}},
            )

    def end_escalation(self, alert_id: str) -> None:
        """Nobody else need be told of it: it is acknowledged, or everybody has been."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_alert_key(alert_id),
                UpdateExpression="REMOVE #open, due",
                ConditionExpression="attribute_exists(alert_id)",
                ExpressionAttributeNames={"#open": "open"},
            )

    def ids_of_arrest(self, arrest_id: str) -> list[str]:
        """The ids of every alert that tells of this arrest; one told this second may still be missing."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName="by_arrest",
            KeyConditionExpression="arrest_id = :arrest",
            ExpressionAttributeValues={":arrest": {"S": arrest_id}},
        )
        return [item["alert_id"]["S"] for page in pages for item in page["Items"]]


def _alert_key(alert_id: str) -> Item:
    return {"alert_id": {"S": alert_id}, "part": {"S": "alert"}}


def _place(office_id: str, after: str) -> Item:
    created_at, _, alert_id = after.partition("_")
    return _alert_key(alert_id or "-") | {"office_id": {"S": office_id}, "created_at": {"S": created_at or "-"}}


def _alert_item(alert: Alert) -> Item:
    return (
        _alert_key(alert.alert_id)
        | expiry_attribute(alert.created_at)
        | {
            "office_id": {"S": alert.office_id},
            "created_at": {"S": sortable_timestamp(alert.created_at)},
            "revision": {"N": str(alert.revision)},
            "arrest_id": {"S": alert.arrest_id},
            # What is as usual is left out, so that most are one write unit; no default may ever get another meaning.
            "doc": {"S": alert.model_dump_json(exclude_defaults=True)},
        }
        | (_to_acknowledge(alert) if must_be_acknowledged(alert) else {})
    )


def _to_acknowledge(alert: Alert) -> Item:
    due = alert.stages.matched_at + ESCALATES_AFTER[0]
    return {"open": {"S": UNACKNOWLEDGED}, "due": {"S": sortable_timestamp(due)}}
