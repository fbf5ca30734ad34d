"""Alerts and their deliveries.

    pk alert_id   part alert                          one alert: document, revision, office
    pk alert_id   part delivery#<revision>#<channel>  one delivery: its state, in attributes
    pk alert_id   part answers                        what the reader said: acknowledged, verdict (`answers.py`)
    pk digest_id  part digest, entry#<alert_id>       a digest and its lines; its delivery is as above (`digests.py`)

What somebody must still see to carries `open`, which says what, and `due`, from when on; the sparse index `open`
lists just those: deliveries not sent, mails that the provider has not spoken of, urgent alerts not acknowledged.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.domain.alerts import Alert, Delivery, DeliveryState, deliveries_of, must_be_acknowledged
from shared.domain.errors import TryLater
from shared.domain.urgency import ESCALATES_AFTER
from shared.tables.paging import Item, get_all
from shared.tables.reviews import ReviewsTable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OPEN, UNACKNOWLEDGED = "yes", "unacknowledged"
_UNCONFIRMED_AFTER = timedelta(hours=72)
_FORGOTTEN_AFTER = timedelta(minutes=2)
_WITH_EVENTS = ("email",)  # the channels whose provider speaks of each delivery
_AWAITS_EVENTS = {DeliveryState.SENT, DeliveryState.DELAYED}
_KEPT = timedelta(days=400)  # an office's copy, as product.md's retention says


class DeliveryKey(NamedTuple):
    """`office_id` is no part of the key: the queue is fair by it."""

    alert_id: str
    revision: int
    channel: str
    office_id: str = ""

    @classmethod
    def parse(cls, delivery_id: str) -> "DeliveryKey":
        alert_id, revision, channel = delivery_id.split("-")
        return cls(alert_id, int(revision), channel)

    @property
    def item(self) -> Item:
        part = f"delivery#{self.revision:06d}#{self.channel}"
        return {"alert_id": {"S": self.alert_id}, "part": {"S": part}}


def key_of(delivery: Delivery) -> DeliveryKey:
    return DeliveryKey(delivery.alert_id, delivery.revision, delivery.channel, delivery.office_id)


class AlertsTable:
    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name
        self.reviews = ReviewsTable(client, name)

    def find(self, alert_id: str) -> Alert | None:
        item = self._client.get_item(TableName=self._name, Key=_alert_key(alert_id), ConsistentRead=True).get("Item")
        return Alert.model_validate_json(item["doc"]["S"]) if item else None

    def read(self, alert_ids: Iterable[str]) -> dict[str, Alert]:
        keys = [_alert_key(alert_id) for alert_id in sorted(set(alert_ids))]
        alerts = (Alert.model_validate_json(item["doc"]["S"]) for item in get_all(self._client, self._name, keys))
        return {alert.alert_id: alert for alert in alerts}

    def page(self, office_id: str, limit: int, after: str | None) -> tuple[list[Alert], str | None]:
        """An office's alerts, newest first, and where to go on; None on the last page. `after` of another office, or
        made up, is only a place in this office's list."""
        start: Any = {"ExclusiveStartKey": _place(office_id, after)} if after else {}
        answer = self._client.query(
            TableName=self._name, IndexName="by_office", Limit=limit, ScanIndexForward=False, **start,
            KeyConditionExpression="office_id = :office", ExpressionAttributeValues={":office": {"S": office_id}},
        )  # fmt: skip
        alerts = [Alert.model_validate_json(item["doc"]["S"]) for item in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        return alerts, f"{last['created_at']['S']}_{last['alert_id']['S']}" if last else None

    def tell(self, alert: Alert) -> bool:
        """Store a new telling with its queued deliveries, whole or not at all. False when it was stored before."""
        fresh = alert.revision == 1
        values = {} if fresh else {":before": {"N": str(alert.revision - 1)}}
        put: Any = {
            "TableName": self._name,
            "Item": _alert_item(alert),
            "ConditionExpression": "attribute_not_exists(alert_id)" if fresh else "revision = :before",
        }
        puts: list[Any] = [{"Put": put | ({"ExpressionAttributeValues": values} if values else {})}]
        puts += [{"Put": {"TableName": self._name, "Item": _delivery_item(one)}} for one in deliveries_of(alert)]
        try:
            self._client.transact_write_items(TransactItems=puts)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = {reason.get("Code") for reason in cancelled.response.get("CancellationReasons", [])}
            if "ConditionalCheckFailed" in codes:
                return False
            raise TryLater(f"the alert could not be written: {sorted(code or '' for code in codes)}") from cancelled
        return True

    def delivery(self, key: DeliveryKey) -> Delivery | None:
        item = self._client.get_item(TableName=self._name, Key=key.item, ConsistentRead=True).get("Item")
        return _delivery(item) if item else None

    def deliveries(self, alert_id: str) -> list[Delivery]:
        answer = self._client.query(
            TableName=self._name, KeyConditionExpression="alert_id = :alert AND begins_with(part, :kind)",
            ExpressionAttributeValues={":alert": {"S": alert_id}, ":kind": {"S": "delivery#"}}, ConsistentRead=True,
        )  # fmt: skip
        return [_delivery(item) for item in answer["Items"]]

    def claim(self, key: DeliveryKey, now: datetime, lease: timedelta) -> Delivery | None:
        """Take a delivery that is queued, or whose last claim is older than `lease`; None when it is not to be had."""
        names, values = {"#state": "state"}, {
            ":claimed": {"S": DeliveryState.CLAIMED.value}, ":queued": {"S": DeliveryState.QUEUED.value},
            ":now": {"S": _text(now)}, ":stale": {"S": _text(now - lease)}, ":due": {"S": _text(now + lease)},
            ":one": {"N": "1"},
        }  # fmt: skip
        return self._change(
            key, "SET #state = :claimed, claimed_at = :now, due = :due ADD attempt :one",
            "#state = :queued OR (#state = :claimed AND claimed_at <= :stale)", names, values,
        )  # fmt: skip

    def release(self, key: DeliveryKey, attempt: int, until: datetime | None = None) -> None:
        """Give a claim back that certainly sent nothing, so that the next attempt need not wait for the lease; `until`
        puts it off: the sweep queues it then."""
        values = {
            ":queued": {"S": DeliveryState.QUEUED.value}, ":claimed": {"S": DeliveryState.CLAIMED.value},
            ":attempt": {"N": str(attempt)}, ":one": {"N": "1"},
        } | ({":until": {"S": _text(until)}} if until else {})  # fmt: skip
        self._change(
            key, f"SET #state = :queued{', due = :until, not_before = :until' if until else ''} ADD released :one",
            "#state = :claimed AND attempt = :attempt", {"#state": "state"}, values,
        )  # fmt: skip

    def advance(self, key: DeliveryKey, state: DeliveryState, now: datetime, **facts: str) -> Delivery | None:
        """Move a delivery up to `state` and note facts (`provider_id`, `why`); None when it is that far already.

        Past CLAIMED nothing more is to be done by us, but to see that the provider's events come, if it has events.
        """
        values: Item = {":state": {"S": state.value}, ":rank": {"N": str(state.rank)}, ":now": {"S": _text(now)}}
        values |= {f":{name}": {"S": fact} for name, fact in facts.items()}
        sets = ["#state = :state", "#rank = :rank", *_noted(state, facts)]
        names = {"#state": "state", "#rank": "rank", "#open": "open"}
        # A mail stays in the index as it is until the provider's events come: to move it there costs two writes more.
        awaits = state in _AWAITS_EVENTS and key.channel in _WITH_EVENTS
        if awaits:
            del names["#open"]
        moved = self._change(
            key, f"SET {', '.join(sets)}{'' if awaits else ' REMOVE #open, due'}", "#rank < :rank", names, values
        )
        if moved is None:  # the provider's events may be here before our own word of it; the time is noted all the same
            values = {name: value for name, value in values.items() if name not in (":state", ":rank")}
            self._change(key, f"SET {', '.join(_noted(state, facts))}", "attribute_exists(part)", {}, values)
        return moved

    def forgotten(self, now: datetime) -> Iterator[DeliveryKey]:
        """Open deliveries that are due a look. Each is put off for as long again as it has waited since it could go,
        so that a long queue is not made longer every minute."""
        for item in self._due(OPEN, now):
            if delivery := self._put_off(_key_of(item), item["due"], now):
                yield key_of(delivery)

    def unconfirmed(self, now: datetime) -> Iterator[DeliveryKey]:
        """Mails that the provider took three days ago and has not spoken of since."""
        for item in self._due(OPEN, now):
            delivery = self.delivery(_key_of(item))
            if delivery and delivery.sent_at and now - delivery.sent_at >= _UNCONFIRMED_AFTER:
                yield key_of(delivery)

    def unacknowledged(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Ids of the urgent alerts whose next escalation is due, and since when it is."""
        for item in self._due(UNACKNOWLEDGED, now):
            yield item["alert_id"]["S"], item["due"]["S"]

    def look_again(self, alert_id: str, seen: str, due: datetime) -> None:
        """After this escalation comes the next one."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name, Key=_alert_key(alert_id), UpdateExpression="SET due = :due",
                ConditionExpression="due = :seen",
                ExpressionAttributeValues={":seen": {"S": seen}, ":due": {"S": _text(due)}},
            )  # fmt: skip

    def see_to(self, alert_id: str) -> None:
        """Nobody else need be told of it: it is acknowledged, or everybody has been."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._name, Key=_alert_key(alert_id), UpdateExpression="REMOVE #open, due",
                ConditionExpression="attribute_exists(alert_id)", ExpressionAttributeNames={"#open": "open"},
            )  # fmt: skip

    def of_arrest(self, arrest_id: str) -> list[str]:
        """The ids of every alert that tells of this arrest; one told this second may still be missing."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name, IndexName="by_arrest", KeyConditionExpression="arrest_id = :arrest",
            ExpressionAttributeValues={":arrest": {"S": arrest_id}},
        )  # fmt: skip
        return [item["alert_id"]["S"] for page in pages for item in page["Items"]]

    def _due(self, what: str, now: datetime) -> Iterator[Item]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name, IndexName="open", KeyConditionExpression="#open = :open AND due <= :now",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":open": {"S": what}, ":now": {"S": _text(now)}},
        )  # fmt: skip
        for page in pages:
            yield from page["Items"]

    def _put_off(self, key: DeliveryKey, seen: Any, now: datetime) -> Delivery | None:
        delivery = self.delivery(key)
        if delivery is None:
            return None
        sent = delivery.state in _AWAITS_EVENTS and delivery.sent_at
        wait = sent + _UNCONFIRMED_AFTER - now if sent else now - delivery.waits_since
        values = {":seen": seen, ":due": {"S": _text(now + max(_FORGOTTEN_AFTER, wait))}}
        put_off = self._change(key, "SET due = :due", "due = :seen", {}, values)
        return None if sent else put_off

    def _change(self, key: DeliveryKey, update: str, condition: str, names: Any, values: Any) -> Delivery | None:
        try:
            answer = self._client.update_item(
                TableName=self._name, Key=key.item, UpdateExpression=update, ReturnValues="ALL_NEW",
                ConditionExpression=f"attribute_exists(alert_id) AND ({condition})",
                ExpressionAttributeValues=values, **({"ExpressionAttributeNames": names} if names else {}),
            )  # fmt: skip
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return _delivery(answer["Attributes"])


def _noted(state: DeliveryState, facts: Iterable[str]) -> list[str]:
    """The first word on each fact stands."""
    return [f"{name} = if_not_exists({name}, :{value})" for name, value in
            ((f"{state.value}_at", "now"), *((fact, fact) for fact in facts))]  # fmt: skip


def _key_of(item: Item) -> DeliveryKey:
    _, revision, channel = item["part"]["S"].split("#")
    return DeliveryKey(item["alert_id"]["S"], int(revision), channel)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def _expiry(instant: datetime) -> Item:
    return {"expires": {"N": str(int((instant + _KEPT).timestamp()))}}


def _alert_key(alert_id: str) -> Item:
    return {"alert_id": {"S": alert_id}, "part": {"S": "alert"}}


def _place(office_id: str, after: str) -> Item:
    created_at, _, alert_id = after.partition("_")
    return _alert_key(alert_id or "-") | {"office_id": {"S": office_id}, "created_at": {"S": created_at or "-"}}


def _alert_item(alert: Alert) -> Item:
    return _alert_key(alert.alert_id) | _expiry(alert.created_at) | {
        "office_id": {"S": alert.office_id},
        "created_at": {"S": _text(alert.created_at)},
        "revision": {"N": str(alert.revision)},
        "arrest_id": {"S": alert.arrest_id},
        "doc": {"S": alert.model_dump_json()},
    } | (_to_acknowledge(alert) if must_be_acknowledged(alert) else {})  # fmt: skip


def _to_acknowledge(alert: Alert) -> Item:
    due = alert.stages.matched_at + ESCALATES_AFTER[0]
    return {"open": {"S": UNACKNOWLEDGED}, "due": {"S": _text(due)}}


_TIMES = ("queued_at", "claimed_at", "sent_at", "delivered_at", "not_before")
_WORDS = ("provider_id", "gathered_in", "why")


def _delivery_item(delivery: Delivery) -> Item:
    return key_of(delivery).item | _expiry(delivery.queued_at) | {
        "office": {"S": delivery.office_id},
        "address": {"S": delivery.address},
        "state": {"S": delivery.state.value},
        "rank": {"N": str(delivery.state.rank)},
        "attempt": {"N": str(delivery.attempt)},
        "queued_at": {"S": _text(delivery.queued_at)},
        "open": {"S": OPEN},
        "due": {"S": _text(delivery.queued_at + _FORGOTTEN_AFTER)},
    }  # fmt: skip


def _delivery(item: Any) -> Delivery:
    _, revision, channel = item["part"]["S"].split("#")
    return Delivery(
        alert_id=item["alert_id"]["S"], office_id=item["office"]["S"], revision=int(revision), channel=channel,
        address=item["address"]["S"], state=DeliveryState(item["state"]["S"]), attempt=int(item["attempt"]["N"]),
        released=int(item.get("released", {"N": "0"})["N"]),
        **{name: item[name]["S"] for name in (*_TIMES, *_WORDS) if name in item},
    )  # fmt: skip
