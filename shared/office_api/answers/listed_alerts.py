"""The items of the list of alerts: each alert with what a reader asks first, and the filters of the list."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from itertools import islice
from typing import NamedTuple

from pydantic import BaseModel

from shared.access import Action
from shared.alerts.delivery.messages.arrest_lines import person_name
from shared.alerts.model import Alert
from shared.alerts.responses.model import AlertResponse
from shared.alerts.view import AlertDisclosure, ShownAlert, ShownArrest
from shared.arrests.disputed import DisputedFact
from shared.arrests.model import EventKind
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.gate.agreement_filter import agreement_filter
from shared.office_api.gate.resources import alert_resources
from shared.office_api.middleware.authorization import AuthorizedRequest
from shared.offices.model import Office
from shared.offices.preferences import Urgency

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 1, 1)  # between which an alert can have been made
_CHARGES_LISTED = 3
_DAYS = 14  # of which each is counted, for bars
_COUNTED = 500  # of an office's newest alerts: what the counts are of


class AlertSummary(BaseModel):
    """What a list shows of an alert. `person` (the first name of the record), `born`, `event` and `event_on` are null
    where its arrest may not be read, or does not say. `charges` are the texts of the first three. `disputed` are facts
    that somebody says are wrong. `escalates_at` is when the alert goes to somebody else unless it is acknowledged; null
    if it does not."""

    alert_id: str
    number: str
    short_number: str = ""
    withdrawn: bool
    person: str | None
    born: date | None
    event: EventKind | None
    event_on: date | None
    agency: str
    charges: list[str] = []
    disputed: tuple[DisputedFact, ...] = ()
    notified_at: datetime | None = None
    urgency: Urgency
    folders: list[str]
    answers: AlertResponse
    escalates_at: datetime | None


class AlertDay(BaseModel):
    """Your alerts that were made on one day of your office's zone."""

    day: date
    alerts: int
    unanswered: int


class AlertCounts(BaseModel):
    """Of your alerts that are not withdrawn and that nobody has acknowledged; those of one arrest count once.

    `complete` is false if your office has more alerts than were counted: the newest 500. `days` are the last 14, the
    oldest first; `days_complete` says whether all their alerts were counted. `agencies` and `folders` are those of the
    counted alerts, for filters."""

    unanswered: int
    urgent: int
    complete: bool
    days: list[AlertDay] = []
    days_complete: bool = True
    agencies: list[str] = []
    folders: list[str] = []


class AlertFilter(NamedTuple):
    """None or False asks for nothing."""

    reader: str
    mine: bool = False
    unanswered: bool = False
    folder: str | None = None
    urgency: Urgency | None = None
    agency: str | None = None

    @property
    def narrows(self) -> bool:
        return self.mine or self.unanswered or any((self.folder, self.urgency, self.agency))

    def fits(self, alert: ShownAlert, answers: AlertResponse) -> bool:
        """A folder fits with all folders below it."""
        return (
            (not self.mine or alert.recipient.has_email(self.reader))
            and (not self.unanswered or is_unanswered(alert, answers))
            and self.urgency in (None, alert.urgency)
            and self.agency in (None, alert.agency)
            and (not self.folder or any(_is_in(reason.folder, self.folder) for reason in alert.because))
        )


class ListedAlert(NamedTuple):
    disclosure: AlertDisclosure
    answers: AlertResponse


def is_unanswered(alert: ShownAlert, answers: AlertResponse) -> bool:
    return alert.withdrawn_at is None and answers.acknowledged_at is None


def readable_alerts(alerts: Iterable[Alert], request: AuthorizedRequest) -> list[ListedAlert]:
    """Those of these alerts that the caller may read, each as it may be shown now, in order."""
    resources = alert_resources(request.by, alerts, agreement_filter(request.by, already_told=True))
    readable = request.filter_allowed(Action.READ_ALERT, resources)
    answers = dependencies.responses.read(disclosure.alert.alert_id for disclosure in readable)
    return [ListedAlert(disclosure, answers.get(disclosure.alert.alert_id, AlertResponse())) for disclosure in readable]


def summaries(listed: Sequence[ListedAlert]) -> list[AlertSummary]:
    due = _escalations_due(listed)
    return [_summary(item, due) for item in listed]


def _escalations_due(listed: Iterable[ListedAlert]) -> dict[str, datetime]:
    urgent = (item.disclosure.alert for item in listed if item.disclosure.alert.urgency is Urgency.URGENT)
    return dependencies.alerts.escalations_due(alert.alert_id for alert in urgent)


def _charges_listed(arrest: ShownArrest) -> list[str]:
    """The texts of the first three. A charge may have none: a court tells what was decided, and not of what."""
    texts = filter(None, (charge.text or charge.statute for charge in arrest.charges))
    return list(islice(texts, _CHARGES_LISTED))


def _summary(item: ListedAlert, due: Mapping[str, datetime]) -> AlertSummary:
    """The one place where an item is put together, from what its reader may be shown."""
    (alert, arrest), answers = item
    return AlertSummary(
        alert_id=alert.alert_id,
        number=alert.number,
        short_number=alert.short_number,
        withdrawn=alert.withdrawn_at is not None,
        person=person_name(arrest) if arrest else None,
        born=arrest.person.date_of_birth if arrest else None,
        event=arrest.kind if arrest else None,
        event_on=arrest.happened_on if arrest else None,
        agency=alert.agency,
        charges=_charges_listed(arrest) if arrest else [],
        disputed=arrest.disputed if arrest else (),
        notified_at=alert.created_at,
        urgency=alert.urgency,
        folders=list(dict.fromkeys(reason.folder for reason in alert.because if reason.folder)),
        answers=answers,
        escalates_at=due.get(alert.alert_id) if is_unanswered(alert, answers) else None,
    )


class NewestAlerts(NamedTuple):
    """The newest alerts of the office that the caller may read. `last_made_at` is of the last one that was looked at;
    None if these are all."""

    listed: list[ListedAlert]
    last_made_at: datetime | None

    @property
    def waiting(self) -> list[ListedAlert]:
        return [item for item in self.listed if is_unanswered(item.disclosure.alert, item.answers)]


def newest_alerts(request: AuthorizedRequest) -> NewestAlerts:
    alerts, further = dependencies.alerts.page(request.by.office.office_id, _COUNTED, None)
    return NewestAlerts(readable_alerts(alerts, request), alerts[-1].created_at if further and alerts else None)


def most_urgent_waiting(
    newest: NewestAlerts, chosen: AlertFilter, between: tuple[datetime, datetime] | None, limit: int
) -> list[AlertSummary]:
    """What waits for an answer and fits the filters: by deadline, then by urgency, then the newest first."""
    fitting = [
        item
        for item in newest.waiting
        if chosen.fits(alert := item.disclosure.alert, item.answers)
        and (between is None or between[0] <= alert.created_at <= between[1])
    ]
    never, due = datetime.max.replace(tzinfo=UTC), _escalations_due(fitting)
    fitting.sort(key=lambda item: (due.get(item.disclosure.alert.alert_id, never), item.disclosure.alert.urgency.rank))
    return [_summary(item, due) for item in fitting[:limit]]


def count_alerts(newest: NewestAlerts, office: Office, now: datetime) -> AlertCounts:
    alerts = [item.disclosure.alert for item in newest.listed]
    waiting = [item.disclosure.alert for item in newest.waiting]
    first = office.local_day(now) - timedelta(days=_DAYS - 1)
    return AlertCounts(
        unanswered=len({alert.number for alert in waiting}),
        urgent=len({alert.number for alert in waiting if alert.urgency is Urgency.URGENT}),
        complete=newest.last_made_at is None,
        days=_days(alerts, waiting, office, first),
        days_complete=newest.last_made_at is None or office.local_day(newest.last_made_at) < first,
        agencies=sorted({alert.agency for alert in alerts} - {""}),
        folders=sorted({reason.folder for alert in alerts for reason in alert.because} - {""}),
    )


def _days(alerts: Iterable[ShownAlert], waiting: Iterable[ShownAlert], office: Office, first: date) -> list[AlertDay]:
    made = Counter(office.local_day(alert.created_at) for alert in alerts)
    unanswered = Counter(office.local_day(alert.created_at) for alert in waiting)
    days = [first + timedelta(days=number) for number in range(_DAYS)]
    return [AlertDay(day=day, alerts=made[day], unanswered=unanswered[day]) for day in days]


def days_between(since: date | None, until: date | None, office: Office) -> tuple[datetime, datetime] | None:
    """The instants at which these days of the office's zone begin and end; None if neither is given. Raises
    RefusalError 422 for days between which there can be no alert."""
    if since is None and until is None:
        return None
    first, last = since or _FIRST_DAY, until or _LAST_DAY
    if not _FIRST_DAY <= first <= last <= _LAST_DAY:
        mend = f"name a day from {_FIRST_DAY} to {_LAST_DAY}, and `until` no earlier than `since`"
        problem = FieldProblem(field="since" if until is None else "until", mend=mend)
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no alert between these days.", [problem])
    begins = datetime.combine(first, time(), office.zone)
    ends = datetime.combine(last + timedelta(days=1), time(), office.zone)
    return begins, ends - timedelta(microseconds=1)


def _is_in(folder: str, above: str) -> bool:
    return folder == above or folder.startswith(f"{above} > ")
