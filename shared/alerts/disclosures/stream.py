"""The stream of the alerts table as audit events: each notification, and what came of each message."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.alerts.delivery.item import delivery_in
from shared.alerts.delivery.model import DeliveryState
from shared.alerts.disclosures.events import audit_outcome_of, delivery_event, disclosure_event
from shared.alerts.model import Alert
from shared.audit.event import AuditEvent

Image = Mapping[str, Any]


def disclosures_in(records: Iterable[Mapping[str, Any]]) -> Iterator[AuditEvent]:
    """Yields the events in these DynamoDB stream records, in their order. A record may come twice: so does its event,
    with the same id."""
    for record in records:
        new, old = record["dynamodb"].get("NewImage"), record["dynamodb"].get("OldImage") or {}
        if new is None or "part" not in new:
            continue
        if new["part"]["S"] == "alert" and new["revision"] != old.get("revision"):
            yield disclosure_event(Alert.model_validate_json(new["doc"]["S"]))
        elif new["part"]["S"].startswith("delivery#") and (event := _new_delivery_event(new, old)):
            yield event


def _new_delivery_event(new: Image, old: Image) -> AuditEvent | None:
    event = delivery_event(delivery_in(new))
    before = audit_outcome_of(DeliveryState(old["state"]["S"])) if old else None
    return event if event and event.outcome is not before else None
