"""Escalation: an urgent alert that nobody acknowledged goes to the deputy after 15 minutes, to the owners after 30, and
to both after 60."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.model import DeliveryKey, deliveries_of
from shared.alerts.model import Alert, escalation_to
from shared.alerts.table import AlertsTable
from shared.arrests.model import parse_utc
from shared.offices.preferences import ESCALATES_AFTER
from shared.offices.preferences_table import PreferencesTable


@dataclass(frozen=True)
class EscalationDeps:
    alerts: AlertsTable
    preferences: PreferencesTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def escalate(deps: EscalationDeps, now: datetime) -> int:
    """Escalates every alert that is due. Returns how many.

    May run twice: the alert for each person has an id of its own, and is stored once.
    """
    due_escalations = list(deps.alerts.due_escalations(now))
    for alert_id, due in due_escalations:
        if alert := deps.alerts.find(alert_id):
            _escalate(alert, due, deps, now)
    return len(due_escalations)


def _escalate(alert: Alert, due: str, deps: EscalationDeps, now: datetime) -> None:
    matched_at = alert.stages.matched_at
    step = ESCALATES_AFTER.index(parse_utc(due) - matched_at)
    for email in sorted(stand_ins(alert, step, _deputy(alert, deps))):
        escalation = escalation_to(alert, email, step, now)
        deps.alerts.store(escalation)
        deps.enqueue(delivery.key for delivery in deliveries_of(escalation))
    if step + 1 < len(ESCALATES_AFTER):
        deps.alerts.postpone_escalation(alert.alert_id, due, matched_at + ESCALATES_AFTER[step + 1])
    else:
        deps.alerts.end_escalation(alert.alert_id)


def _deputy(alert: Alert, deps: EscalationDeps) -> str | None:
    email = alert.recipient.email.casefold()
    return deps.preferences.find(alert.office_id, email).deputy if email else None


def stand_ins(alert: Alert, step: int, deputy: str | None) -> set[str]:
    """The e-mail addresses that an escalation step notifies, without the recipient's own. Without a deputy, the owners
    come at the first step already."""
    owners, deputies = {reason.owner for reason in alert.because}, {deputy} if deputy else set()
    by_step = ((deputies or owners), owners, deputies | owners)
    return by_step[step] - {alert.recipient.email.casefold()}
