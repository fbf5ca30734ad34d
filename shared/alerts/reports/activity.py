"""Activity reports: an office's alerts and subscriptions as a whole. Rows of plain values, for JSON and for CSV.

The fields of a row are the columns of the CSV, in this order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shared.alerts.model import Alert
from shared.alerts.reports.quality import quantile
from shared.alerts.responses.model import AlertResponse, ReaderOutcome
from shared.arrests.model import Arrest
from shared.offices.preferences import Urgency
from shared.subscriptions.model import Subscription
from shared.subscriptions.validity import ValidityStatus, last_day, validity_status
from shared.value import FrozenModel

_NEEDS_ATTENTION = (ValidityStatus.EXPIRING, ValidityStatus.OVERDUE, ValidityStatus.ENDED)
_NO_RESPONSE = AlertResponse()


class FolderRow(FrozenModel):
    """`folder` is empty for subscriptions in no folder."""

    folder: str
    alerts: int
    watches: int
    acknowledged: int
    right_person: int
    wrong_person: int
    useful: int
    not_useful: int
    bail_asked: int
    case_joined: int
    case_opened: int
    nothing_done: int
    other_done: int


class AreaRow(FrozenModel):
    """Alerts by place of the arrest. `precinct` is empty where the agency reported none."""

    agency: str
    precinct: str
    alerts: int
    urgent: int


class AcknowledgementRow(FrozenModel):
    """Minutes from the match to the acknowledgement: median and 95th percentile."""

    urgency: Urgency
    alerts: int
    acknowledged: int
    p50: float | None
    p95: float | None


class ExpiringRow(FrozenModel):
    subscription_id: str
    owner: str
    case_number: str
    standing: ValidityStatus
    last_day: date | None


class UserRow(FrozenModel):
    email: str
    watches: int
    alerts: int
    acknowledged: int
    verdicts: int


def by_folder(alerts: Iterable[Alert], responses: Mapping[str, AlertResponse]) -> list[FolderRow]:
    """The folders with most alerts first. An alert counts once in each folder that is a reason for it.

    `responses` are keyed by alert id, here and below.
    """
    alert_ids: defaultdict[str, set[str]] = defaultdict(set)
    subscription_ids: defaultdict[str, set[str]] = defaultdict(set)
    for alert in alerts:
        for reason in alert.because:
            alert_ids[reason.folder].add(alert.alert_id)
            subscription_ids[reason.folder].add(reason.subscription_id)
    rows = [
        _folder_row(folder, [responses.get(alert_id, _NO_RESPONSE) for alert_id in ids], len(subscription_ids[folder]))
        for folder, ids in alert_ids.items()
    ]
    return sorted(rows, key=lambda row: (-row.alerts, row.folder))


def _folder_row(folder: str, responses: Sequence[AlertResponse], watches: int) -> FolderRow:
    """`responses` has one element an alert."""
    outcomes = [response.outcome for response in responses]
    return FolderRow(
        folder=folder,
        alerts=len(responses),
        watches=watches,
        acknowledged=sum(response.acknowledged_at is not None for response in responses),
        right_person=sum(response.right_person is True for response in responses),
        wrong_person=sum(response.right_person is False for response in responses),
        useful=sum(response.useful is True for response in responses),
        not_useful=sum(response.useful is False for response in responses),
        bail_asked=outcomes.count(ReaderOutcome.BAIL_ASKED),
        case_joined=outcomes.count(ReaderOutcome.CASE_JOINED),
        case_opened=outcomes.count(ReaderOutcome.CASE_OPENED),
        nothing_done=outcomes.count(ReaderOutcome.NOTHING),
        other_done=outcomes.count(ReaderOutcome.OTHER),
    )


def by_area(alerts: Iterable[Alert], arrests: Mapping[str, Arrest]) -> list[AreaRow]:
    """The areas with most urgent alerts first. Counts the alerts whose arrest is among `arrests`, by arrest id: those
    that may still be read."""
    by_place: defaultdict[tuple[str, str], list[Alert]] = defaultdict(list)
    for alert in alerts:
        if arrest := arrests.get(alert.arrest_id):
            by_place[arrest.agency, arrest.place.precinct].append(alert)
    rows = [
        AreaRow(agency=agency, precinct=precinct, alerts=len(area_alerts), urgent=sum(map(_is_urgent, area_alerts)))
        for (agency, precinct), area_alerts in by_place.items()
    ]
    return sorted(rows, key=lambda row: (-row.urgent, -row.alerts, row.agency, row.precinct))


def acknowledgements(alerts: Iterable[Alert], responses: Mapping[str, AlertResponse]) -> list[AcknowledgementRow]:
    """How soon alerts were acknowledged: one row for each urgency that has alerts, the most urgent first."""
    by_urgency: defaultdict[Urgency, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_urgency[alert.urgency].append(alert)
    return [
        _acknowledgement_row(urgency, by_urgency[urgency], responses) for urgency in Urgency if urgency in by_urgency
    ]


def _acknowledgement_row(
    urgency: Urgency, alerts: Sequence[Alert], responses: Mapping[str, AlertResponse]
) -> AcknowledgementRow:
    minutes = [
        (acknowledged_at - alert.stages.matched_at).total_seconds() / 60
        for alert in alerts
        if (acknowledged_at := responses.get(alert.alert_id, _NO_RESPONSE).acknowledged_at)
    ]
    return AcknowledgementRow(
        urgency=urgency,
        alerts=len(alerts),
        acknowledged=len(minutes),
        p50=quantile(minutes, 0.5) if minutes else None,
        p95=quantile(minutes, 0.95) if minutes else None,
    )


def expiring(subscriptions: Iterable[Subscription], today: date) -> list[ExpiringRow]:
    """Subscriptions that are about to expire or have stopped alerting, the soonest last day first."""
    rows = [
        ExpiringRow(
            subscription_id=subscription.subscription_id,
            owner=subscription.owner,
            case_number=subscription.basis.case_number,
            standing=status,
            last_day=last_day(subscription),
        )
        for subscription in subscriptions
        if (status := validity_status(subscription, today)) in _NEEDS_ATTENTION
    ]
    return sorted(rows, key=lambda row: (row.last_day or date.max, row.owner, row.subscription_id))


def by_user(
    subscriptions: Iterable[Subscription],
    alerts: Iterable[Alert],
    responses: Mapping[str, AlertResponse],
    today: date,
) -> list[UserRow]:
    """Everybody who owns a subscription in force, was notified or has responded, by e-mail address."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("watches", "alerts", "acknowledged", "verdicts"), 0)
    )
    for subscription in subscriptions:
        counts[subscription.owner.casefold()]["watches"] += subscription.in_force(today)
    for alert in alerts:
        if email := alert.recipient.email:
            counts[email.casefold()]["alerts"] += 1
    for response in responses.values():
        if response.acknowledged_by:
            counts[response.acknowledged_by.casefold()]["acknowledged"] += 1
        if response.verdict_by:
            counts[response.verdict_by.casefold()]["verdicts"] += 1
    return [UserRow(email=email, **numbers) for email, numbers in sorted(counts.items()) if any(numbers.values())]


def _is_urgent(alert: Alert) -> bool:
    return alert.urgency is Urgency.URGENT
