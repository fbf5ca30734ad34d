"""Whom an arrest was told, as the audit record has it: being told is a read, and a message that was not let out is a
denial. Each has an id of its own, so that what comes twice stands there once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.model import Alert, derived_id
from shared.audit.event import AuditEvent, AuditOutcome
from shared.offices.agreements import PURPOSE_OF_BASIS
from shared.offices.recipient import Recipient, identifies_person

BE_TOLD, RECALL, SEND = "be told", "recall alert", "send alert"
SYSTEM = "arrest-alert"  # who did what no person asked for


def disclosure_event(alert: Alert) -> AuditEvent:
    """That this recipient was to know of this arrest, or to know it no more; written before anything is sent."""
    about = {f"alert:{alert.alert_id}", f"arrest:{alert.arrest_id}"}
    return AuditEvent(
        event_id=derived_id("telling", alert.alert_id, str(alert.revision)),
        occurred_at=alert.stages.matched_at,
        office_id=alert.office_id,
        who=audit_name(alert.recipient),
        action=RECALL if alert.withdrawn_at else BE_TOLD,
        subjects=tuple(sorted(about | {f"subscription:{reason.subscription_id}" for reason in alert.because})),
        purpose=", ".join(sorted({PURPOSE_OF_BASIS[reason.basis] for reason in alert.because})),
        outcome=AuditOutcome.ALLOWED,
    )


def audit_name(recipient: Recipient) -> str:
    """An address of a mailbox; what else there is to write to names a system, or a telephone."""
    return (recipient.email or recipient.main_channel).casefold()


class RefusedDisclosure(NamedTuple):
    """Somebody who is not told of this arrest: the policy says no to `who`, or no agreement covers the agency."""

    office_id: str
    arrest_id: str
    subscription_id: str
    who: str = SYSTEM


def refusal_events(refused: Iterable[RefusedDisclosure], now: datetime) -> Iterator[AuditEvent]:
    """One for each person and batch."""
    about: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in refused:
        about[one.office_id, one.who] |= {f"arrest:{one.arrest_id}", f"subscription:{one.subscription_id}"}
    for (office_id, who), subjects in about.items():
        yield AuditEvent(
            event_id=derived_id("refusal", office_id, who, now.isoformat(), *sorted(subjects)),
            occurred_at=now,
            office_id=office_id,
            who=who,
            action=BE_TOLD,
            subjects=tuple(sorted(subjects)),
            outcome=AuditOutcome.DENIED,
        )


def delivery_event(delivery: Delivery) -> AuditEvent | None:
    """What became of one message; None while nothing has."""
    outcome = audit_outcome_of(delivery.state)
    if outcome is None:
        return None
    sent = delivery.sent_at if outcome is AuditOutcome.ALLOWED else None
    return AuditEvent(
        event_id=derived_id("delivery", delivery.delivery_id, outcome),
        occurred_at=sent or delivery.ended_at or delivery.queued_at,
        office_id=delivery.office_id,
        who=delivery.address.casefold() if identifies_person(delivery.channel) else delivery.channel,
        action=SEND,
        subjects=(f"alert:{delivery.alert_id}",),
        outcome=outcome,
    )


def audit_outcome_of(state: DeliveryState) -> AuditOutcome | None:
    if state.reached_the_reader:
        return AuditOutcome.ALLOWED
    if state is DeliveryState.SUPPRESSED:
        return AuditOutcome.DENIED
    return AuditOutcome.FAILED if state.missed_the_reader else None
