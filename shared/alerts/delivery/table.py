"""The deliveries in the alerts table. `item.py` says how one is stored, `transitions.py` how it may change."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.alerts.delivery import transitions
from shared.alerts.delivery.item import delivery_in, delivery_item, item_key, key_in, provider_id_key
from shared.alerts.delivery.model import Delivery, DeliveryKey, DeliveryState, next_look
from shared.alerts.delivery.transitions import ConditionalUpdate
from shared.aws.due_index import OPEN, due_keys, expiry_attribute
from shared.aws.dynamodb import Item
from shared.channels import CHANNELS
from shared.channels.channel import ProviderEvents

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DueDelivery(NamedTuple):
    """`due` is the stored attribute by which the delivery was found."""

    delivery: Delivery
    due: Any


class DeliveriesTable:
    """In the alerts table."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def find(self, key: DeliveryKey) -> Delivery | None:
        item = self._get(item_key(key))
        return delivery_in(item) if item else None

    def of_alert(self, alert_id: str) -> list[Delivery]:
        """Every delivery of an alert, digest or notice, of all revisions."""
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="alert_id = :alert AND begins_with(part, :kind)",
            ExpressionAttributeValues={":alert": {"S": alert_id}, ":kind": {"S": "delivery#"}},
            ConsistentRead=True,
        )
        return [delivery_in(item) for item in answer["Items"]]

    def open(self, delivery: Delivery) -> None:
        """Stores a queued delivery, if it is not stored yet."""
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.put_item(
                TableName=self._name, Item=delivery_item(delivery), ConditionExpression="attribute_not_exists(alert_id)"
            )

    def claim(self, key: DeliveryKey, now: datetime, lease: timedelta) -> Delivery | None:
        """Claims a delivery for one lease. None if it is settled or another sender's claim still holds."""
        return self._apply(key, transitions.claim(now, lease))

    def release(
        self, key: DeliveryKey, attempt: int, *, not_before: datetime | None = None, retry_at: datetime | None = None
    ) -> None:
        """Gives back a claim that certainly sent nothing, so that the next attempt need not wait for the lease.

        `not_before`: the delivery must not go out earlier. `retry_at`: when the sweep queues it again.
        """
        self._apply(key, transitions.release(attempt, not_before, retry_at))

    def stand_by(self, key: DeliveryKey, attempt: int) -> bool:
        """Puts a claimed delivery aside until it is called up. False if it was called up already."""
        return self._apply(key, transitions.stand_by(attempt)) is not None

    def call_up(self, key: DeliveryKey, now: datetime) -> None:
        """Ends the standby of a delivery; the sweep queues it. The first of two steps also counts for a sender that is
        about to put the delivery aside."""
        self._apply(key, transitions.mark_called_up(now))
        self._apply(key, transitions.end_standby(now))

    def advance(self, key: DeliveryKey, state: DeliveryState, now: datetime, **facts: str) -> Delivery | None:
        """Moves a delivery up to `state` and notes facts (`provider_id`, `why`). None if it is that far already.

        It leaves the due index, unless events of its provider are to come.
        """
        stays_open = state.awaits_events and CHANNELS[key.channel].EVENTS is ProviderEvents.BY_DELIVERY_ID
        moved = self._apply(key, transitions.advance(state, now, facts, stays_open=stays_open))
        if moved is None:  # a provider event can overtake our own note of the sending, whose time is noted all the same
            self._apply(key, transitions.note_facts(state, now, facts))
        return moved

    def mark_sent(self, delivery: Delivery, provider_id: str, now: datetime) -> None:
        """Notes that the provider took the message. Where provider events name only the provider's id, that id is
        stored first."""
        if CHANNELS[delivery.channel].EVENTS is ProviderEvents.BY_PROVIDER_ID:
            reference = {"delivery": {"S": delivery.delivery_id}} | expiry_attribute(now)
            self._client.put_item(TableName=self._name, Item=provider_id_key(provider_id) | reference)
        self.advance(delivery.key, DeliveryState.SENT, now, provider_id=provider_id)

    def find_by_provider_id(self, provider_id: str) -> Delivery | None:
        item = self._get(provider_id_key(provider_id))
        return self.find(DeliveryKey.parse(item["delivery"]["S"])) if item else None

    def due(self, now: datetime) -> Iterator[DueDelivery]:
        """Yields every open delivery that is due a look, the longest due first, as it is stored now."""
        for entry in due_keys(self._client, self._name, OPEN, now):
            if delivery := self.find(key_in(entry)):
                yield DueDelivery(delivery, entry["due"])

    def postpone(self, due: DueDelivery, now: datetime) -> Delivery | None:
        """Postpones the next look at a delivery (`model.next_look`). Returns it if it must be queued again; None also
        if another sweep has postponed it in the same moment."""
        look = next_look(due.delivery, now)
        postponed = self._apply(due.delivery.key, transitions.postpone(due.due, look.due))
        return postponed if look.requeue else None

    def _get(self, key: Item) -> Any:
        return self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True).get("Item")

    def _apply(self, key: DeliveryKey, change: ConditionalUpdate) -> Delivery | None:
        """Returns the delivery as changed. None if it is not stored or the condition does not hold."""
        names: Any = {"ExpressionAttributeNames": change.names} if change.names else {}
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=item_key(key),
                UpdateExpression=change.update,
                ReturnValues="ALL_NEW",
                ConditionExpression=f"attribute_exists(alert_id) AND ({change.condition})",
                ExpressionAttributeValues=change.values,
                **names,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return delivery_in(answer["Attributes"])
