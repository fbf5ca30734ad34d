"""How deliveries lie in the alerts table: pk alert_id, part delivery#<revision>#<channel>; the state in attributes."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.aws.due_index import OPEN, due_keys, expiry_attribute
from shared.aws.dynamodb import Item, sortable_timestamp
from shared.channels import CHANNELS
from shared.channels.channel import ProviderEvents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_UNCONFIRMED_AFTER = timedelta(hours=72)
_FORGOTTEN_AFTER = timedelta(minutes=1)
_AWAITS_EVENTS = {DeliveryState.SENT, DeliveryState.DELAYED}


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


class DeliveriesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, key: DeliveryKey) -> Delivery | None:
        item = self._client.get_item(TableName=self._name, Key=key.item, ConsistentRead=True).get("Item")
        return delivery_of(item) if item else None

    def of(self, alert_id: str) -> list[Delivery]:
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="alert_id = :alert AND begins_with(part, :kind)",
            ExpressionAttributeValues={":alert": {"S": alert_id}, ":kind": {"S": "delivery#"}},
            ConsistentRead=True,
        )
        return [delivery_of(item) for item in answer["Items"]]

    def open(self, delivery: Delivery) -> None:
        """Queue a delivery, if it is not there yet."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.put_item(
                TableName=self._name, Item=delivery_item(delivery), ConditionExpression="attribute_not_exists(alert_id)"
            )

    def claim(self, key: DeliveryKey, now: datetime, lease: timedelta) -> Delivery | None:
        """Take a delivery that is queued, or whose last claim is older than `lease`; None when it is not to be had.

        `due` stays as it is: to move it in the index costs two writes more, for the few that a sender leaves lying.
        """
        names, values = (
            {"#state": "state"},
            {
                ":claimed": {"S": DeliveryState.CLAIMED.value},
                ":queued": {"S": DeliveryState.QUEUED.value},
                ":now": {"S": sortable_timestamp(now)},
                ":stale": {"S": sortable_timestamp(now - lease)},
                ":until": {"S": sortable_timestamp(now + lease)},
                ":one": {"N": "1"},
            },
        )
        return self._change(
            key,
            "SET #state = :claimed, claimed_at = :now, claimed_until = :until ADD attempt :one",
            "#state = :queued OR (#state = :claimed AND claimed_at <= :stale)",
            names,
            values,
        )

    def release(
        self, key: DeliveryKey, attempt: int, until: datetime | None = None, again: datetime | None = None
    ) -> None:
        """Give a claim back that certainly sent nothing, so that the next attempt need not wait for the lease. The
        sweep queues it at `again`, and at `until`, before which it must not go out."""
        sets = f"{', due = :until, not_before = :until' if until else ''}{', due = :again' if again else ''}"
        values = {
            ":queued": {"S": DeliveryState.QUEUED.value},
            ":claimed": {"S": DeliveryState.CLAIMED.value},
            ":attempt": {"N": str(attempt)},
            ":one": {"N": "1"},
        }
        values |= {name: {"S": sortable_timestamp(at)} for name, at in ((":until", until), (":again", again)) if at}
        self._change(
            key,
            f"SET #state = :queued{sets} ADD released :one",
            "#state = :claimed AND attempt = :attempt",
            {"#state": "state"},
            values,
        )

    def stand_by(self, key: DeliveryKey, attempt: int) -> bool:
        """Put a claimed delivery aside until it is called up; False when it was called up already."""
        values: Item = {
            ":state": {"S": DeliveryState.STANDS_BY.value},
            ":claimed": {"S": DeliveryState.CLAIMED.value},
            ":attempt": {"N": str(attempt)},
            ":one": {"N": "1"},
        }
        names = {"#state": "state", "#open": "open"}
        return bool(
            self._change(
                key,
                "SET #state = :state ADD released :one REMOVE #open, due",
                "#state = :claimed AND attempt = :attempt AND attribute_not_exists(called_up)",
                names,
                values,
            )
        )

    def call_up(self, key: DeliveryKey, now: datetime) -> None:
        """From now on it does not stand by; if it did, the sweep queues it. Two steps, so that it is called up also
        while a sender is about to put it aside."""
        self._change(
            key,
            "SET called_up = if_not_exists(called_up, :now)",
            "attribute_exists(part)",
            {},
            {":now": {"S": sortable_timestamp(now)}},
        )
        values: Item = {
            ":queued": {"S": DeliveryState.QUEUED.value},
            ":aside": {"S": DeliveryState.STANDS_BY.value},
            ":now": {"S": sortable_timestamp(now)},
            ":open": {"S": OPEN},
        }
        self._change(
            key,
            "SET #state = :queued, queued_at = :now, due = :now, #open = :open",
            "#state = :aside",
            {"#state": "state", "#open": "open"},
            values,
        )

    def advance(self, key: DeliveryKey, state: DeliveryState, now: datetime, **facts: str) -> Delivery | None:
        """Move a delivery up to `state` and note facts (`provider_id`, `why`); None when it is that far already.

        What may be left for it is said by name: a state that somebody adds shifts nothing that is stored.
        Past CLAIMED nothing more is to be done by us, but to see that the provider's events come, if it has events.
        """
        values: Item = {":now": {"S": sortable_timestamp(now)}} | {
            f":{name}": {"S": fact} for name, fact in facts.items()
        }
        below = {f":below{number}": {"S": delivery_state.value} for number, delivery_state in enumerate(state.below)}
        names = {"#state": "state", "#open": "open"}
        noted = _noted(state, facts)
        # A mail stays in the index as it is until the provider's events come: to move it there costs two writes more.
        awaits = state in _AWAITS_EVENTS and CHANNELS[key.channel].EVENTS is ProviderEvents.BY_DELIVERY_ID
        if awaits:
            del names["#open"]
        moved = self._change(
            key,
            f"SET {', '.join(['#state = :state', *noted])}{'' if awaits else ' REMOVE #open, due'}",
            f"#state IN ({', '.join(below)})",
            names,
            values | below | {":state": {"S": state.value}},
        )

        if moved is None:  # the provider's events may be here before our own word of it; the time is noted all the same
            self._change(key, f"SET {', '.join(noted)}", "attribute_exists(part)", {}, values)
        return moved

    def sent(self, delivery: Delivery, provider_id: str, now: datetime) -> None:
        """The provider took it; found again by the provider's id, where that is all the provider says of it later."""
        if CHANNELS[delivery.channel].EVENTS is ProviderEvents.BY_PROVIDER_ID:
            facts = {"delivery": {"S": delivery.delivery_id}} | expiry_attribute(now)
            self._client.put_item(TableName=self._name, Item=_providers_key(provider_id) | facts)
        self.advance(key_of(delivery), DeliveryState.SENT, now, provider_id=provider_id)

    def named(self, provider_id: str) -> Delivery | None:
        """The delivery that the provider knows by this id."""
        key = _providers_key(provider_id)
        item = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")
        return self.find(DeliveryKey.parse(item["delivery"]["S"])) if item else None

    def forgotten(self, now: datetime) -> Iterator[DeliveryKey]:
        """Open deliveries that are due a look. Each is put off for as long again as it has waited since it could go,
        so that a long queue is not made longer every minute."""
        for item in due_keys(self._client, self._name, OPEN, now):
            if delivery := self._put_off(_key_of(item), item["due"], now):
                yield key_of(delivery)

    def unconfirmed(self, now: datetime) -> Iterator[DeliveryKey]:
        """Mails that the provider took three days ago and has not spoken of since."""
        for item in due_keys(self._client, self._name, OPEN, now):
            delivery = self.find(_key_of(item))
            if delivery and delivery.sent_at and now - delivery.sent_at >= _UNCONFIRMED_AFTER:
                yield key_of(delivery)

    def _put_off(self, key: DeliveryKey, seen: Any, now: datetime) -> Delivery | None:
        delivery = self.find(key)
        if delivery is None:
            return None
        sent = delivery.state in _AWAITS_EVENTS and delivery.sent_at
        held = delivery.state is DeliveryState.CLAIMED and delivery.claimed_until
        wait = now - delivery.waits_since
        if later := sent + _UNCONFIRMED_AFTER if sent else held:
            wait = later - now
        values = {":seen": seen, ":due": {"S": sortable_timestamp(now + max(_FORGOTTEN_AFTER, wait))}}
        put_off = self._change(key, "SET due = :due", "due = :seen", {}, values)
        return None if sent or (held and held > now) else put_off

    def _change(self, key: DeliveryKey, update: str, condition: str, names: Any, values: Any) -> Delivery | None:
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=key.item,
                UpdateExpression=update,
                ReturnValues="ALL_NEW",
                ConditionExpression=f"attribute_exists(alert_id) AND ({condition})",
                ExpressionAttributeValues=values,
                **({"ExpressionAttributeNames": names} if names else {}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return delivery_of(answer["Attributes"])


def _noted(state: DeliveryState, facts: Iterable[str]) -> list[str]:
    """The first word on each fact stands."""
    return [
        f"{name} = if_not_exists({name}, :{value})"
        for name, value in ((f"{state.value}_at", "now"), *((fact, fact) for fact in facts))
    ]


def _key_of(item: Item) -> DeliveryKey:
    _, revision, channel = item["part"]["S"].split("#")
    return DeliveryKey(item["alert_id"]["S"], int(revision), channel)


def _providers_key(provider_id: str) -> Item:
    return {"alert_id": {"S": f"provider#{provider_id}"}, "part": {"S": "delivery"}}


_TIMES = ("queued_at", "claimed_at", "claimed_until", "sent_at", "delivered_at", "not_before", "called_up")
_WORDS = ("provider_id", "gathered_in", "why")


def delivery_item(delivery: Delivery) -> Item:
    return (
        key_of(delivery).item
        | expiry_attribute(delivery.queued_at)
        | {
            "office": {"S": delivery.office_id},
            "address": {"S": delivery.address},
            "state": {"S": delivery.state.value},
            "attempt": {"N": str(delivery.attempt)},
            "queued_at": {"S": sortable_timestamp(delivery.queued_at)},
            "open": {"S": OPEN},
            "due": {"S": sortable_timestamp(delivery.queued_at + _FORGOTTEN_AFTER)},
        }
    )


def delivery_of(item: Any) -> Delivery:
    _, revision, channel = item["part"]["S"].split("#")
    times = {name: item[name]["S"] for name in (*_TIMES, *_WORDS) if name in item}
    if since := item.get(f"{item['state']['S']}_at"):
        times["ended_at"] = since["S"]
    return Delivery(
        alert_id=item["alert_id"]["S"],
        office_id=item["office"]["S"],
        revision=int(revision),
        channel=channel,
        address=item["address"]["S"],
        state=DeliveryState(item["state"]["S"]),
        attempt=int(item["attempt"]["N"]),
        released=int(item.get("released", {"N": "0"})["N"]),
        **times,
    )
