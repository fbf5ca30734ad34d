"""Disclosures as audit events: who was notified of which arrest, who was refused, and what came of each message.

Being notified counts as a read, a suppressed message as a denial. An event's id is derived from its content, so that an
event that is written twice is recorded once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.alerts.delivery.model import Delivery, DeliveryState
from shared.alerts.matches.model import RefusedDisclosure
from shared.alerts.model import Alert, derived_id
from shared.audit.event import AuditEvent, AuditOutcome
from shared.offices.agreements import PURPOSE_OF_BASIS
from shared.offices.recipient import Recipient, identifies_person

BE_TOLD, RECALL, SEND = "be told", "recall alert", "send alert"
SYSTEM = "arrest-alert"  # the actor when no person is behind an event


def disclosure_event(alert: Alert) -> AuditEvent:
    """The recipient was notified of the arrest, or of its withdrawal. Recorded before anything is sent."""
    records = {f"alert:{alert.alert_id}", f"arrest:{alert.arrest_id}"}
    subscriptions = {f"subscription:{reason.subscription_id}" for reason in alert.because}
    return AuditEvent(
        event_id=derived_id("telling", alert.alert_id, str(alert.revision)),
        occurred_at=alert.stages.matched_at,
        office_id=alert.office_id,
        who=audit_name(alert.recipient),
        action=RECALL if alert.withdrawn_at else BE_TOLD,
        subjects=tuple(sorted(records | subscriptions)),
        purpose=", ".join(sorted({PURPOSE_OF_BASIS[reason.basis] for reason in alert.because})),
        outcome=AuditOutcome.ALLOWED,
    )


def audit_name(recipient: Recipient) -> str:
    """The e-mail address. A recipient without one is a system or a telephone: then the name of its channel."""
    return (recipient.email or recipient.main_channel).casefold()


def refusal_events(refused: Iterable[RefusedDisclosure], now: datetime) -> Iterator[AuditEvent]:
    """Yields one event for each person, with everything refused to that person in this batch. Where nobody may be
    named, the system is the actor."""
    subjects_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for refusal in refused:
        subjects = {f"arrest:{refusal.arrest_id}", f"subscription:{refusal.subscription_id}"}
        who = audit_name(refusal.recipient) if refusal.recipient else SYSTEM
        subjects_of[refusal.office_id, who] |= subjects
    for (office_id, who), subjects in subjects_of.items():
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
    """What one message came to. None while that is open."""
    outcome = audit_outcome_of(delivery.state)
    if outcome is None:
        return None
    sent_at = delivery.sent_at if outcome is AuditOutcome.ALLOWED else None
    return AuditEvent(
        event_id=derived_id("delivery", delivery.delivery_id, outcome),
        occurred_at=sent_at or delivery.ended_at or delivery.queued_at,
        office_id=delivery.office_id,
        who=delivery.address.casefold() if identifies_person(delivery.channel) else delivery.channel,
        action=SEND,
        subjects=(f"alert:{delivery.alert_id}",),
        outcome=outcome,
    )


def audit_outcome_of(state: DeliveryState) -> AuditOutcome | None:
    """None for a state that is not final."""
    if state.reached_the_reader:
        return AuditOutcome.ALLOWED
    if state is DeliveryState.SUPPRESSED:
        return AuditOutcome.DENIED
    return AuditOutcome.FAILED if state.missed_the_reader else None


def is_disclosure(event: AuditEvent) -> bool:
    """Whether an event of a chain comes from the alerts table, so that the audit table has no row of it."""
    notified = event.action == BE_TOLD and event.outcome is AuditOutcome.ALLOWED
    return notified or event.action in (RECALL, SEND)
