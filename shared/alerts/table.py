"""Alerts in DynamoDB, and the layout of their table.

    pk alert_id   part alert                          one alert: document, revision, office
    pk alert_id   part delivery#<revision>#<channel>  one delivery (`delivery/table.py`)
    pk alert_id   part answers                        the response: acknowledged, verdict (`responses/table.py`)
    pk number#<office>#<half>     part number         the arrest that an office's number names (`numbers_table.py`)
    pk custody#<hash>             part custody        the first alert about a custody (`custodies_table.py`)
    pk review_id  part review, arrest#<arrest_id>     one review, and a key for each of its arrests
                                                      (`reviews/table.py`)
    pk digest_id  part digest, entry#<alert_id>       a digest and its lines (`delivery/messages/digests_table.py`);
                                                      its delivery is as above
    pk barred#<channel>#<address>   part barred       the suppression list (`delivery/suppression/table.py`)
    pk hour#<office>#<hour>, rate#<channel>#<second>  counts of the ceiling and the rate limit (`delivery/limits/`)
    pk rate#link#<pseudonym>#<minute>               uses of signed links (`responses/link_rate_table.py`)

The sparse index `open` (`shared/aws/due_index.py`) holds what somebody must still see to: deliveries not sent, mails
without a provider event, urgent alerts not acknowledged. `by_office` lists an office's alerts, `by_arrest` an arrest's.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.alerts.custodies_table import CustodiesTable
from shared.alerts.delivery.limits.hourly_count_table import HourlyCounts
from shared.alerts.delivery.messages.digests_table import DigestsTable
from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.delivery.model import deliveries_of
from shared.alerts.delivery.suppression.table import SuppressionList
from shared.alerts.delivery.table import DeliveriesTable
from shared.alerts.incidents.table import IncidentsTable
from shared.alerts.matches.missed_table import MissedMatchesTable
from shared.alerts.model import Alert, must_be_acknowledged
from shared.alerts.numbers_table import NumbersTable
from shared.alerts.releases_table import AnnouncedReleasesTable
from shared.alerts.reviews.table import ARREST_PART, ReviewsTable
from shared.arrests.model import parse_utc
from shared.aws.due_index import UNACKNOWLEDGED, due_keys, expiry_attribute
from shared.aws.dynamodb import Item, get_all, sortable_timestamp
from shared.offices.preferences import ESCALATES_AFTER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_QUERIES_AT_ONCE = 8


class ArrestRecords(NamedTuple):
    """The ids of the alerts and reviews of one arrest."""

    alert_ids: tuple[str, ...]
    review_ids: frozenset[str]


class AlertsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self.deliveries = DeliveriesTable(client, name)
        self.reviews = ReviewsTable(client, name)
        self.notices = NoticesTable(client, name)
        self.digests = DigestsTable(client, name)
        self.suppression_list = SuppressionList(client, name)
        self.missed_matches = MissedMatchesTable(client, name)
        self.incidents = IncidentsTable(client, name)
        self.hourly_counts = HourlyCounts(client, name)
        self.numbers = NumbersTable(client, name)
        self.custodies = CustodiesTable(client, name)
        self.releases = AnnouncedReleasesTable(client, name)

    def find(self, alert_id: str) -> Alert | None:
        item = self._client.get_item(TableName=self._name, Key=_alert_key(alert_id), ConsistentRead=True).get("Item")
        return _alert_in(item) if item else None

    def read(self, alert_ids: Iterable[str]) -> dict[str, Alert]:
        """Maps alert ids to the alerts that exist. 100 ids a call."""
        keys = [_alert_key(alert_id) for alert_id in sorted(set(alert_ids))]
        alerts = (_alert_in(item) for item in get_all(self._client, self._name, keys))
        return {alert.alert_id: alert for alert in alerts}

    def escalations_due(self, alert_ids: Iterable[str]) -> dict[str, datetime]:
        """Maps the ids of those of these alerts that escalate to when they do so next."""
        keys = [_alert_key(alert_id) for alert_id in sorted(set(alert_ids))]
        projection: Any = {"ProjectionExpression": "alert_id, due"}
        items = get_all(self._client, self._name, keys, **projection)
        return {item["alert_id"]["S"]: parse_utc(item["due"]["S"]) for item in items if "due" in item}

    def numbered(self, office_id: str, number: str) -> list[Alert]:
        """The office's alerts of the arrest that this number names, or the one alert that it named before numbers
        belonged to arrests. `number` is as `parse_number` gives it, whole or its first half."""
        records = self.records_of_arrests(self.numbers.arrest_ids(office_id, number)).values()
        ids = [alert_id for record in records for alert_id in record.alert_ids]
        alerts = self.read(ids or self.numbers.alert_ids_of_before(office_id, number)).values()
        return [alert for alert in alerts if alert.office_id == office_id]

    def page(
        self,
        office_id: str,
        limit: int,
        after: str | None,
        day: str = "",
        between: tuple[datetime, datetime] | None = None,
    ) -> tuple[list[Alert], str | None]:
        """One page of an office's alerts (of one UTC day, or made between two instants), newest first, and the cursor
        of the next page; None on the last page. A cursor of another office, or a made-up one, is only a place in this
        office's list."""
        start: Any = {"ExclusiveStartKey": _start_key(office_id, after)} if after else {}
        condition, values = "office_id = :office", {":office": office_id}
        if day:
            condition, values = f"{condition} AND begins_with(created_at, :day)", {**values, ":day": day}
        elif between:
            first, latest = map(sortable_timestamp, between)
            condition = f"{condition} AND created_at BETWEEN :first AND :latest"
            values |= {":first": first, ":latest": latest}
        answer = self._client.query(
            TableName=self._name,
            IndexName="by_office",
            Limit=limit,
            ScanIndexForward=False,
            **start,
            KeyConditionExpression=condition,
            ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
        )
        ids = [item["alert_id"]["S"] for item in answer["Items"]]
        alerts = self.read(ids)
        last = answer.get("LastEvaluatedKey")
        next_cursor = f"{last['created_at']['S']}_{last['alert_id']['S']}" if last else None
        return [alerts[alert_id] for alert_id in ids if alert_id in alerts], next_cursor

    def ids_of_arrest(self, arrest_id: str) -> list[str]:
        """The ids of every alert of this arrest. One stored in the last second may be missing from the index."""
        return list(self.records_of_arrest(arrest_id).alert_ids)

    def records_of_arrest(self, arrest_id: str) -> ArrestRecords:
        """What is stored about this arrest. What was stored in the last second may be missing from the index."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName="by_arrest",
            KeyConditionExpression="arrest_id = :arrest",
            ExpressionAttributeValues={":arrest": {"S": arrest_id}},
        )
        keys = [(item["part"]["S"], item["alert_id"]["S"]) for page in pages for item in page["Items"]]
        return ArrestRecords(
            alert_ids=tuple(id_ for part, id_ in keys if not part.startswith(ARREST_PART)),
            review_ids=frozenset(id_ for part, id_ in keys if part.startswith(ARREST_PART)),
        )

    def records_of_arrests(self, arrest_ids: Iterable[str]) -> dict[str, ArrestRecords]:
        """By arrest_id, read eight at a time: an index has no batch read."""
        distinct_ids = list(dict.fromkeys(arrest_ids))
        if not distinct_ids:
            return {}
        with ThreadPoolExecutor(_QUERIES_AT_ONCE) as pool:
            return dict(zip(distinct_ids, pool.map(self.records_of_arrest, distinct_ids), strict=True))

    def store(self, alert: Alert) -> bool:
        """Stores a notification after its queued deliveries, so that an alert never exists without them.

        A crash between the writes leaves deliveries that wait for their alert (`shared/alerts/delivery/`). Returns
        False if this revision was stored before, by this attempt or another (optimistic lock). One transaction would do
        the same for twice the price.
        """
        for delivery in deliveries_of(alert):
            self.deliveries.open(delivery)
        alert = alert.model_copy(update={"arrest_number": self.numbers.claim(alert)})
        condition: Any = {"ConditionExpression": "attribute_not_exists(alert_id)"}
        if alert.revision > 1:
            condition = {
                "ConditionExpression": "revision = :before",
                "ExpressionAttributeValues": {":before": {"N": str(alert.revision - 1)}},
            }
        try:
            self._client.put_item(TableName=self._name, Item=_alert_item(alert), **condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def due_escalations(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Yields the ids of urgent alerts whose next escalation is due, and the stored text of when it became due."""
        for item in due_keys(self._client, self._name, UNACKNOWLEDGED, now):
            yield item["alert_id"]["S"], item["due"]["S"]

    def postpone_escalation(self, alert_id: str, seen: str, due: datetime) -> None:
        """Sets when the next escalation is due. Does nothing if it is no longer due when it was `seen` to be."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_alert_key(alert_id),
                UpdateExpression="SET due = :due",
                ConditionExpression="due = :seen",
                ExpressionAttributeValues={":seen": {"S": seen}, ":due": {"S": sortable_timestamp(due)}},
            )

    def end_escalation(self, alert_id: str) -> None:
        """The alert escalates no further: it is acknowledged, or everybody has been notified."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name,
                Key=_alert_key(alert_id),
                UpdateExpression="REMOVE #open, due",
                ConditionExpression="attribute_exists(alert_id)",
                ExpressionAttributeNames={"#open": "open"},
            )


def _alert_in(item: Item) -> Alert:
    """Completed with the number of before numbers belonged to arrests, so that every alert shows one."""
    alert = Alert.model_validate_json(item["doc"]["S"])
    return alert if alert.arrest_number else alert.model_copy(update={"arrest_number": alert.number})


def _alert_key(alert_id: str) -> Item:
    return {"alert_id": {"S": alert_id}, "part": {"S": "alert"}}


def place_behind(alert: Alert) -> str:
    """The cursor of `page` that goes on behind this alert."""
    return f"{sortable_timestamp(alert.created_at)}_{alert.alert_id}"


def _start_key(office_id: str, cursor: str) -> Item:
    created_at, _, alert_id = cursor.partition("_")
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
            # Defaults are left out, so that most alerts are one write unit. No default may ever get another meaning.
            "doc": {"S": alert.model_dump_json(exclude_defaults=True)},
        }
        | (_first_escalation(alert) if must_be_acknowledged(alert) else {})
    )


def _first_escalation(alert: Alert) -> Item:
    due = alert.stages.matched_at + ESCALATES_AFTER[0]
    return {"open": {"S": UNACKNOWLEDGED}, "due": {"S": sortable_timestamp(due)}}
