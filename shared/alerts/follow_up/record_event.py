"""Records a provider event of whatever kind. A channel whose provider reports later has its kind here."""

from datetime import datetime
from typing import Any, Final

from shared.alerts.delivery.model import DeliveryState
from shared.alerts.follow_up.mail_events import record_mail_event
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.follow_up.text_events import record_text_event

TEXT_EVENT: Final = "text"


def event_kind(document: dict[str, Any]) -> str:
    """The `eventType` that SES writes; a line about a text has none and is `TEXT_EVENT`."""
    return str(document.get("eventType", TEXT_EVENT))


def record_event(document: dict[str, Any], deps: ProviderEventDeps, now: datetime) -> DeliveryState | None:
    """Returns the state that the event moved its delivery to; None if the delivery was that far already.

    Raises Rejected as `record_mail_event` and `record_text_event` do.
    """
    record = record_text_event if event_kind(document) == TEXT_EVENT else record_mail_event
    return record(document, deps, now)
