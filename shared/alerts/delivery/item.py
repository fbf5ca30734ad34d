"""How a delivery is stored as a DynamoDB item of the alerts table: pk alert_id, part delivery#<revision>#<channel>.

An item with `open` is in the due index from `due` on (`shared/aws/due_index.py`). `<state>_at` is when the delivery
first entered that state.
"""

from typing import Any

from shared.alerts.delivery.model import SWEEP_INTERVAL, Delivery, DeliveryKey, DeliveryState
from shared.aws.due_index import OPEN, expiry_attribute
from shared.aws.dynamodb import Item, sortable_timestamp

_INSTANTS = ("queued_at", "claimed_at", "claimed_until", "sent_at", "delivered_at", "not_before", "called_up")
_TEXTS = ("provider_id", "gathered_in", "why")


def item_key(key: DeliveryKey) -> Item:
    return {"alert_id": {"S": key.alert_id}, "part": {"S": f"delivery#{key.revision:06d}#{key.channel}"}}


def key_in(item: Item) -> DeliveryKey:
    """Reads the key of an item or index entry, without the office."""
    _, revision, channel = item["part"]["S"].split("#")
    return DeliveryKey(item["alert_id"]["S"], int(revision), channel)


def provider_id_key(provider_id: str) -> Item:
    """The item that says which delivery a provider's own id stands for."""
    return {"alert_id": {"S": f"provider#{provider_id}"}, "part": {"S": "delivery"}}


def delivery_item(delivery: Delivery) -> Item:
    """The item of a new delivery: queued, open, and due a look after one interval of the sweep."""
    return (
        item_key(delivery.key)
        | expiry_attribute(delivery.queued_at)
        | {
            "office": {"S": delivery.office_id},
            "address": {"S": delivery.address},
            "state": {"S": delivery.state.value},
            "attempt": {"N": str(delivery.attempt)},
            "queued_at": {"S": sortable_timestamp(delivery.queued_at)},
            "open": {"S": OPEN},
            "due": {"S": sortable_timestamp(delivery.queued_at + SWEEP_INTERVAL)},
        }
    )


def delivery_in(item: Any) -> Delivery:
    key = key_in(item)
    optional = {name: item[name]["S"] for name in (*_INSTANTS, *_TEXTS) if name in item}
    if entered_at := item.get(f"{item['state']['S']}_at"):
        optional["ended_at"] = entered_at["S"]
    return Delivery(
        alert_id=key.alert_id,
        office_id=item["office"]["S"],
        revision=key.revision,
        channel=key.channel,
        address=item["address"]["S"],
        state=DeliveryState(item["state"]["S"]),
        attempt=int(item["attempt"]["N"]),
        released=int(item.get("released", {"N": "0"})["N"]),
        **optional,
    )
