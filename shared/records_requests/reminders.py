"""Who keeps records is reminded before, on and after the day on which a request is due. It names nobody.

Each reminder has an id of its request, its clock and its day, so that a job that runs often gives each once.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.page import Section
from shared.alerts.delivery.model import Enqueue
from shared.alerts.model import derived_id
from shared.alerts.table import AlertsTable
from shared.offices.contacts import contacts_of
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.offices.users import Right, User
from shared.records_requests.clocks import RequestClock, running_clocks
from shared.records_requests.model import RecordsRequest, RequestRules
from shared.records_requests.own_rules import rules_with
from shared.records_requests.table import RecordsRequestsTable
from shared.subscriptions.table import SubscriptionsTable
from shared.words import words
from shared.words.moments import day_text

_BEFORE = timedelta(days=2)
_AGAIN = timedelta(days=7)


class ReminderKind(StrEnum):
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"


class Reminder(NamedTuple):
    """`number` counts the weeks for which it is overdue."""

    request: RecordsRequest
    clock: RequestClock
    kind: ReminderKind
    number: int = 0


@dataclass(frozen=True)
class ReminderDeps:
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    requests: RecordsRequestsTable
    alerts: AlertsTable
    enqueue: Enqueue


def remind_of_requests(deps: ReminderDeps, now: datetime) -> int:
    """Returns how many notices were sent."""
    sent = 0
    for office in deps.offices.each_office():
        requests = [request for request in deps.requests.of_office(office.office_id) if request.is_open]
        if not requests:
            continue
        rules, today = rules_with(deps.requests.rules(office.office_id)), office.local_day(now)
        reminders = [reminder for request in requests for reminder in due_reminders(request, rules, today)]
        if reminders and not office.suspended:
            people = keepers_of(office, list(deps.subscriptions.users.all_of(office.office_id)))
            for notice in (notice_of(reminder, email, now) for reminder in reminders for email in people):
                if deps.alerts.notices.store(notice):
                    deps.enqueue([notice.delivery.key])
                    sent += 1
    return sent


def due_reminders(request: RecordsRequest, rules: RequestRules, today: date) -> Iterator[Reminder]:
    """At most one a clock."""
    for clock in running_clocks(request, rules):
        if clock.due_on < today:
            yield Reminder(request, clock, ReminderKind.OVERDUE, (today - clock.due_on) // _AGAIN)
        elif clock.due_on == today:
            yield Reminder(request, clock, ReminderKind.TODAY)
        elif clock.due_on - today <= _BEFORE:
            yield Reminder(request, clock, ReminderKind.SOON)


def keepers_of(office: Office, users: Collection[User]) -> list[str]:
    """Who has the right `records`; where nobody has it, the office's contact."""
    keepers = sorted(user.email for user in users if user.active and Right.RECORDS in user.rights)
    return keepers or list(contacts_of(office, users))


def notice_of(reminder: Reminder, email: str, now: datetime) -> Notice:
    request, clock = reminder.request, reminder.clock
    facts = {"kind": words(f"request kind.{request.kind}"), "day": day_text(clock.due_on), "clock": clock.name}
    parts = (request.office_id, request.request_id, clock.name, str(clock.due_on), reminder.kind, str(reminder.number))
    sections = (
        Section(heading=words("notice.happened"), lines=(words(f"request.{reminder.kind}", **facts),)),
        Section(heading=words("notice.to do"), lines=(words("request.to do"),)),
        Section(heading=words("notice.by when"), lines=(facts["day"],)),
    )
    return Notice(
        notice_id=derived_id("records request", *parts, email),
        office_id=request.office_id,
        email=email,
        title=words(f"request.{reminder.kind} title", **facts),
        lines=(),
        sections=sections,
        path=f"/console/records-requests/{request.request_id}",
        opens=words("request.open"),
        created_at=now,
    )
