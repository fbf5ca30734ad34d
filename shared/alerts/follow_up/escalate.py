"""Urgent alerts that nobody acknowledged go to the deputy after 15 minutes, the owners after 30, both after 60."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.delivery.model import deliveries_of
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.model import Alert, escalation_to
from shared.alerts.table import AlertsTable
from shared.arrests.model import parse_utc
from shared.offices.preferences import ESCALATES_AFTER
from shared.offices.preferences_table import PreferencesTable


@dataclass(frozen=True)
class EscalationDeps:
    alerts: AlertsTable
    people: PreferencesTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def escalate(deps: EscalationDeps, now: datetime) -> int:
    """How many alerts went on to somebody. May run twice: whom an alert goes to has an alert of an id of its own."""
    found = list(deps.alerts.due_escalations(now))
    for alert_id, due in found:
        if alert := deps.alerts.find(alert_id):
            _escalate(alert, due, deps, now)
    return len(found)


def _escalate(alert: Alert, due: str, deps: EscalationDeps, now: datetime) -> None:
    step = ESCALATES_AFTER.index(parse_utc(due) - alert.stages.matched_at)
    for email in sorted(_whom(alert, step, deps)):
        telling = escalation_to(alert, email, step, now)
        deps.alerts.store(telling)
        deps.enqueue(key_of(delivery) for delivery in deliveries_of(telling))
    if step + 1 < len(ESCALATES_AFTER):
        deps.alerts.postpone_escalation(alert.alert_id, due, alert.stages.matched_at + ESCALATES_AFTER[step + 1])
    else:
        deps.alerts.end_escalation(alert.alert_id)


def _whom(alert: Alert, step: int, deps: EscalationDeps) -> set[str]:
    """The owners as well at once, when there is no deputy."""
    own = alert.recipient.email.casefold()
    deputy = deps.people.find(alert.office_id, own).deputy if own else None
    owners, deputies = {reason.owner for reason in alert.because}, {deputy} if deputy else set()
    return ((deputies or owners), owners, deputies | owners)[step] - {own}
