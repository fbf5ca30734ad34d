"""Escalation: an urgent alert that nobody acknowledged goes to the deputy after 15 minutes, to the owners after 30, and
to both after 60.

There is one round for an arrest, an office and a subscription, however many people were told: whoever acknowledges
ends it for all of them, and a stand-in gets one mail at each step, which names everybody who has not acknowledged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.alerts.delivery.model import Enqueue, deliveries_of
from shared.alerts.model import Alert, must_be_acknowledged, stand_ins
from shared.alerts.responses.model import acknowledged_subscriptions, with_open_reasons
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.revisions import escalation_to
from shared.alerts.table import AlertsTable
from shared.arrests.model import parse_utc
from shared.aws.throttling import may_begin_more
from shared.offices.preferences import ESCALATES_AFTER
from shared.offices.preferences_table import PreferencesTable

_TOGETHER = timedelta(minutes=5)
"""Clocks of one round that are due within this time go together, so that a stand-in gets one mail for them."""


@dataclass(frozen=True)
class EscalationDeps:
    alerts: AlertsTable
    responses: ResponsesTable
    preferences: PreferencesTable
    enqueue: Enqueue


class _Clock(NamedTuple):
    """An alert whose next escalation is due. `due` is the stored text, `step` counts from 0."""

    alert: Alert
    due: str
    step: int


def escalate(deps: EscalationDeps, now: datetime) -> int:
    """Escalates every alert that is due, as many as the time of this run allows. Returns how many.

    May run twice: each mail has an id of its own, and is stored once.
    """
    clocks = _read_clocks(deps.alerts, now)
    due_clocks = 0
    for together in _by_arrest_and_step(clocks).values():
        if any(parse_utc(clock.due) <= now for clock in together):
            _escalate(together, deps, now)
            due_clocks += len(together)
        if not may_begin_more():  # the others are due in the next minute, too
            break
    return due_clocks


def _read_clocks(alerts: AlertsTable, now: datetime) -> list[_Clock]:
    """The index lags behind: an alert that waits for nothing any more, or for another time, is left out."""
    dues = dict(alerts.due_escalations(now + _TOGETHER))
    clocks = []
    for alert in alerts.read(dues).values():
        waited = parse_utc(dues[alert.alert_id]) - alert.stages.matched_at
        if must_be_acknowledged(alert) and waited in ESCALATES_AFTER:
            clocks.append(_Clock(alert, dues[alert.alert_id], ESCALATES_AFTER.index(waited)))
    return clocks


def _by_arrest_and_step(clocks: Iterable[_Clock]) -> Mapping[tuple[str, str, int], list[_Clock]]:
    grouped = defaultdict(list)
    for clock in clocks:
        grouped[clock.alert.office_id, clock.alert.arrest_id, clock.step].append(clock)
    return grouped


def _escalate(clocks: Sequence[_Clock], deps: EscalationDeps, now: datetime) -> None:
    """Mails come before the clocks go on, so that a crash between the two repeats them."""
    alert, step = clocks[0].alert, clocks[0].step
    stored = [other for other in _alerts_of_arrest(alert, deps.alerts) if other.office_id == alert.office_id]
    acknowledged = acknowledged_subscriptions(stored, deps.responses.read(other.alert_id for other in stored))
    waiting = [with_open_reasons(clock.alert, acknowledged) for clock in clocks]
    deputies = {waiter.alert_id: _deputy(waiter, deps) for waiter in waiting if waiter.because}
    for escalation in escalations(waiting, deputies, stored, step, now):
        deps.alerts.store(escalation)
        deps.enqueue(delivery.key for delivery in deliveries_of(escalation))
    for clock, waiter in zip(clocks, waiting, strict=True):
        if waiter.because and step + 1 < len(ESCALATES_AFTER):
            next_due = clock.alert.stages.matched_at + ESCALATES_AFTER[step + 1]
            deps.alerts.postpone_escalation(clock.alert.alert_id, clock.due, next_due)
        else:
            deps.alerts.end_escalation(clock.alert.alert_id)


def _alerts_of_arrest(alert: Alert, alerts: AlertsTable) -> Iterable[Alert]:
    records = alerts.records_of_arrests(alert.arrest_ids).values()
    return alerts.read([alert.alert_id, *(id_ for record in records for id_ in record.alert_ids)]).values()


def _deputy(alert: Alert, deps: EscalationDeps) -> str | None:
    email = alert.recipient.email.casefold()
    return deps.preferences.find(alert.office_id, email).deputy if email else None


def escalations(
    waiting: Iterable[Alert],
    deputies: Mapping[str, str | None],
    stored: Iterable[Alert],
    step: int,
    now: datetime,
) -> list[Alert]:
    """Decides who gets a mail at this step: at most one for each stand-in.

    `waiting` are alerts of one arrest and office with the reasons that nobody acknowledged, `deputies` are by alert_id,
    `stored` every alert of the arrest and office that is stored. What a stand-in was told at this step is not repeated.
    """
    for_stand_in: dict[str, list[Alert]] = defaultdict(list)
    for alert in waiting:
        for email in stand_ins(alert, step, deputies.get(alert.alert_id)) if alert.because else ():
            for_stand_in[email].append(alert)
    mails = []
    for email, originals in sorted(for_stand_in.items()):
        known = _told_at_step(stored, email, step)
        news = [original for alert in originals if (original := with_open_reasons(alert, known)).because]
        if news:
            mails.append(escalation_to(news, email, step, now))
    return mails


def _told_at_step(stored: Iterable[Alert], email: str, step: int) -> frozenset[str]:
    """The subscriptions of which this stand-in was told at this step."""
    return frozenset(
        reason.subscription_id
        for alert in stored
        if alert.on_behalf_of and alert.on_behalf_of.step == step and alert.recipient.has_email(email)
        for reason in alert.because
    )
