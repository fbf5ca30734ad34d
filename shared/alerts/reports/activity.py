"""What an office wants to know of its alerts and watches as a whole. Rows of plain values, for JSON and for CSV."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from shared.alerts.model import Alert
from shared.alerts.reports.quality import quantile
from shared.alerts.responses.model import Verdict
from shared.arrests.model import Arrest
from shared.offices.preferences import Urgency
from shared.subscriptions.model import Subscription
from shared.subscriptions.validity import ValidityStatus, last_day, validity_status
from shared.value import FrozenModel

_WORTH_A_LOOK = (ValidityStatus.EXPIRING, ValidityStatus.OVERDUE, ValidityStatus.ENDED)


class Answered(FrozenModel):
    """What became of one alert in its reader's hands."""

    acknowledged_at: datetime | None = None
    by: str | None = None
    verdict: Verdict | None = None
    verdict_by: str | None = None


class FolderRow(FrozenModel):
    """`folder` is empty for watches that lie in none."""

    folder: str
    alerts: int
    watches: int
    acknowledged: int
    right_person: int
    wrong_person: int
    useful: int
    not_useful: int


class AreaRow(FrozenModel):
    """Alerts by where the arrest was; `precinct` is empty where nobody said."""

    agency: str
    precinct: str
    alerts: int
    urgent: int


class AcknowledgementRow(FrozenModel):
    """Minutes from the match to the acknowledgement."""

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


def by_folder(alerts: Iterable[Alert], answers: Mapping[str, Answered]) -> list[FolderRow]:
    """An alert counts once in each folder that is a reason for it; the busiest first."""
    found: dict[str, dict[str, Alert]] = defaultdict(dict)
    watches: dict[str, set[str]] = defaultdict(set)
    for alert in alerts:
        for reason in alert.because:
            found[reason.folder][alert.alert_id] = alert
            watches[reason.folder].add(reason.subscription_id)
    rows = [_folder(name, some, len(watches[name]), answers) for name, some in found.items()]
    return sorted(rows, key=lambda folder_row: (-folder_row.alerts, folder_row.folder))


def _folder(name: str, alerts: Iterable[str], watches: int, answers: Mapping[str, Answered]) -> FolderRow:
    answereds = [answers.get(one, Answered()) for one in alerts]
    verdicts, seen = (
        [answered.verdict for answered in answereds],
        sum(answered.acknowledged_at is not None for answered in answereds),
    )
    return FolderRow(
        folder=name,
        alerts=len(answereds),
        watches=watches,
        acknowledged=seen,
        **{verdict.value.replace(" ", "_"): verdicts.count(verdict) for verdict in Verdict},
    )


def by_area(alerts: Iterable[Alert], arrests: Mapping[str, Arrest]) -> list[AreaRow]:
    """Of those arrests that may still be read; the most urgent area first."""
    found: dict[tuple[str, str], list[Alert]] = defaultdict(list)
    for alert in alerts:
        if arrest := arrests.get(alert.arrest_id):
            found[arrest.agency, arrest.place.precinct].append(alert)
    rows = [
        AreaRow(agency=agency, precinct=precinct, alerts=len(some), urgent=sum(_urgent(one) for one in some))
        for (agency, precinct), some in found.items()
    ]
    return sorted(rows, key=lambda area_row: (-area_row.urgent, -area_row.alerts, area_row.agency, area_row.precinct))


def acknowledgements(alerts: Iterable[Alert], answers: Mapping[str, Answered]) -> list[AcknowledgementRow]:
    found: dict[Urgency, list[Alert]] = defaultdict(list)
    for alert in alerts:
        found[alert.urgency].append(alert)
    return [_acknowledged(urgency, found[urgency], answers) for urgency in Urgency if urgency in found]


def _acknowledged(urgency: Urgency, alerts: list[Alert], answers: Mapping[str, Answered]) -> AcknowledgementRow:
    minutes = [
        (at - alert.stages.matched_at).total_seconds() / 60
        for alert in alerts
        if (at := answers.get(alert.alert_id, Answered()).acknowledged_at)
    ]
    return AcknowledgementRow(
        urgency=urgency,
        alerts=len(alerts),
        acknowledged=len(minutes),
        p50=quantile(minutes, 0.5) if minutes else None,
        p95=quantile(minutes, 0.95) if minutes else None,
    )


def expiring(subscriptions: Iterable[Subscription], today: date) -> list[ExpiringRow]:
    """What is about to be over or is over, the soonest first."""
    rows = [
        ExpiringRow(
            subscription_id=subscription.subscription_id,
            owner=subscription.owner,
            case_number=subscription.basis.case_number,
            standing=stands,
            last_day=last_day(subscription),
        )
        for subscription in subscriptions
        if (stands := validity_status(subscription, today)) in _WORTH_A_LOOK
    ]
    return sorted(
        rows, key=lambda lapsing_row: (lapsing_row.last_day or date.max, lapsing_row.owner, lapsing_row.subscription_id)
    )


def by_user(
    subscriptions: Iterable[Subscription], alerts: Iterable[Alert], answers: Mapping[str, Answered], today: date
) -> list[UserRow]:
    """Everybody who owns a watch in force, was told or answered, by address."""
    counts: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("watches", "alerts", "acknowledged", "verdicts"), 0)
    )
    for subscription in subscriptions:
        counts[subscription.owner.casefold()]["watches"] += subscription.in_force(today)
    for alert in alerts:
        if alert.recipient.email:
            counts[alert.recipient.email.casefold()]["alerts"] += 1
    for answered in answers.values():
        for email, what in ((answered.by, "acknowledged"), (answered.verdict_by, "verdicts")):
            if email:
                counts[email.casefold()][what] += 1
    return [UserRow(email=email, **numbers) for email, numbers in sorted(counts.items()) if any(numbers.values())]


def _urgent(alert: Alert) -> bool:
    return alert.urgency is Urgency.URGENT
