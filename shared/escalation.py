"""Urgent alerts that nobody acknowledged go to the deputy after 15 minutes, the owners after 30, both after 60."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.alerts import Alert, escalated
from shared.domain.arrests import instant
from shared.domain.deliveries import deliveries_of
from shared.domain.urgency import ESCALATES_AFTER
from shared.tables.alerts import AlertsTable
from shared.tables.deliveries import DeliveryKey, key_of
from shared.tables.people import PeopleTable


@dataclass(frozen=True)
class Escalating:
    alerts: AlertsTable
    people: PeopleTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def escalate(at: Escalating, now: datetime) -> int:
    """How many alerts went on to somebody. May run twice: whom an alert goes to has an alert of an id of its own."""
    found = list(at.alerts.unacknowledged(now))
    for alert_id, due in found:
        if alert := at.alerts.find(alert_id):
            _escalate(alert, due, at, now)
    return len(found)


def _escalate(alert: Alert, due: str, at: Escalating, now: datetime) -> None:
    step = ESCALATES_AFTER.index(instant(due) - alert.stages.matched_at)
    for email in sorted(_whom(alert, step, at)):
        telling = escalated(alert, email, step, now)
        at.alerts.tell(telling)
        at.enqueue(key_of(delivery) for delivery in deliveries_of(telling))
    if step + 1 < len(ESCALATES_AFTER):
        at.alerts.look_again(alert.alert_id, due, alert.stages.matched_at + ESCALATES_AFTER[step + 1])
    else:
        at.alerts.see_to(alert.alert_id)


def _whom(alert: Alert, step: int, at: Escalating) -> set[str]:
    """The owners as well at once, when there is no deputy."""
    own = alert.recipient.root.get("email", "").casefold()
    deputy = at.people.preferences(alert.office_id, own).deputy if own else None
    owners, deputies = {one.owner for one in alert.because}, {deputy} if deputy else set()
    return ((deputies or owners), owners, deputies | owners)[step] - {own}
