"""Provider events: what SES or SNS reports later of a delivery. `mail_events` and `text_events` read them.

An event counts for a delivery only if it names the address that the delivery went to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.alerts.delivery.fallback import fall_back
from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.delivery.suppression.suppress_address import suppress_address
from shared.alerts.table import AlertsTable
from shared.errors import Rejected
from shared.offices.table import OfficesTable

ProviderEvent = TypeVar("ProviderEvent", bound=BaseModel)


@dataclass(frozen=True)
class ProviderEventDeps:
    alerts: AlertsTable
    offices: OfficesTable


def parse_event(kind: type[ProviderEvent], event: dict[str, Any]) -> ProviderEvent:
    """Raises Rejected for an event of another form."""
    try:
        return kind.model_validate(event)
    except ValidationError as error:
        raise unknown_event() from error


def record_state(
    delivery: Delivery,
    state: DeliveryState,
    deps: ProviderEventDeps,
    now: datetime,
    suppressed_because: str = "",
    **facts: str,
) -> DeliveryState | None:
    """Moves the delivery up to `state`. Returns the state, or None if the delivery was that far already.

    If the message missed its reader, the fallback goes out, and the address is suppressed if `suppressed_because` says
    why. Both come before the state is noted, so that a crash in between is repaired by the event's next coming.
    """
    if state.missed_the_reader:
        if suppressed_because:
            suppress_address(delivery, f"this address {suppressed_because}", deps.alerts, deps.offices, now)
        if not delivery.state.missed_the_reader:
            fall_back(delivery, deps.alerts, deps.offices, now)
    return state if deps.alerts.deliveries.advance(delivery.key, state, now, **facts) else None


def unknown_event() -> Rejected:
    return Rejected("unknown-event", "The event names no delivery of ours.", "Look at the event destination's kinds.")


def of_another_address() -> Rejected:
    return Rejected("unknown-delivery", "The delivery went to another address.", "See who publishes such events.")
