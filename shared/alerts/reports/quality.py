"""Quality reports: how many of an office's alerts were noise, and how long they took.

Noise is the share of bad verdicts (wrong person, not useful) among all verdicts, from 0 to 1.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert
from shared.alerts.responses.model import Verdict
from shared.value import FrozenModel

ENOUGH_VERDICTS = 5  # fewer make no proposal
TOO_NOISY = 0.5
_BAD_VERDICTS = (Verdict.WRONG_PERSON, Verdict.NOT_USEFUL)


class SubscriptionNoise(FrozenModel):
    """Of one subscription. `proposal` is empty while it does well, or while there are too few verdicts."""

    subscription_id: str
    owner: str
    case_number: str
    folder: str = ""
    alerts: int
    verdicts: dict[str, int]
    noise: float
    proposal: str


class FolderNoise(FrozenModel):
    """Of everything in one folder, and which subscription to narrow first."""

    folder: str
    alerts: int
    verdicts: dict[str, int]
    noise: float
    narrow_first: str = Field(description="the subscription that brings most of the noise; empty while it does well")
    proposal: str


class DeliveryTimes(FrozenModel):
    """Seconds from the drop to the provider, of the deliveries of one day in the office's time zone."""

    day: date
    deliveries: int
    p50: float
    p95: float
    p99: float
    stored: float  # p95 of the single stages: drop to stored, stored to matched, matched to sent, sent to delivered
    matched: float
    sent: float
    delivered: float | None
    opened: float | None  # p50 of sent to first read by its recipient, of those that were read signed in


def noise(alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> list[SubscriptionNoise]:
    """The noisiest first. An alert counts for every subscription that was a reason for it.

    `verdicts` are keyed by alert id, here and below.
    """
    by_subscription: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        for reason in alert.because:
            by_subscription[reason.subscription_id].append(alert)
    rows = [
        _subscription_noise(subscription_id, subscription_alerts, verdicts)
        for subscription_id, subscription_alerts in by_subscription.items()
    ]
    return sorted(rows, key=lambda row: (-row.noise, -row.alerts, row.subscription_id))


def noise_by_folder(alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> list[FolderNoise]:
    """The noisiest first. An alert counts once in each folder that was a reason for it."""
    by_folder: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        for folder in {reason.folder for reason in alert.because}:
            by_folder[folder].append(alert)
    rows = [_folder_noise(folder, folder_alerts, verdicts) for folder, folder_alerts in by_folder.items()]
    return sorted(rows, key=lambda row: (-row.noise, -row.alerts, row.folder))


def _subscription_noise(
    subscription_id: str, alerts: Sequence[Alert], verdicts: Mapping[str, Verdict]
) -> SubscriptionNoise:
    given = _verdicts_on(alerts, verdicts)
    latest_reason = next(reason for reason in alerts[-1].because if reason.subscription_id == subscription_id)
    return SubscriptionNoise(
        subscription_id=subscription_id,
        owner=latest_reason.owner,
        case_number=latest_reason.case_number,
        folder=latest_reason.folder,
        alerts=len(alerts),
        verdicts=_counts(given),
        noise=_noise_share(given),
        proposal=_proposal(given),
    )


def _folder_noise(folder: str, alerts: Sequence[Alert], verdicts: Mapping[str, Verdict]) -> FolderNoise:
    given = _verdicts_on(alerts, verdicts)
    proposal = _proposal(given)
    return FolderNoise(
        folder=folder,
        alerts=len(alerts),
        verdicts=_counts(given),
        noise=_noise_share(given),
        proposal=proposal,
        narrow_first=_noisiest_subscription(folder, alerts, verdicts) if proposal else "",
    )


def _noisiest_subscription(folder: str, alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> str:
    """Of the subscriptions in this folder that are too noisy, the one with most bad verdicts; empty if none is."""
    in_folder = [
        alert.model_copy(update={"because": tuple(reason for reason in alert.because if reason.folder == folder)})
        for alert in alerts
    ]
    too_noisy = [row for row in noise(in_folder, verdicts) if row.noise >= TOO_NOISY]
    noisiest = max(too_noisy, key=lambda row: _bad_count(row.verdicts), default=None)
    return noisiest.subscription_id if noisiest else ""


def _verdicts_on(alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> list[Verdict]:
    return [verdicts[alert.alert_id] for alert in alerts if alert.alert_id in verdicts]


def _counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    return {verdict.value: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


def _bad_count(counts: Mapping[str, int]) -> int:
    return sum(counts.get(verdict.value, 0) for verdict in _BAD_VERDICTS)


def _noise_share(verdicts: Sequence[Verdict]) -> float:
    return round(_bad_count(_counts(verdicts)) / len(verdicts), 2) if verdicts else 0.0


def _proposal(verdicts: Sequence[Verdict]) -> str:
    """What the owner could do about it; empty while there are too few verdicts or too little noise."""
    if len(verdicts) < ENOUGH_VERDICTS or _noise_share(verdicts) < TOO_NOISY:
        return ""
    if verdicts.count(Verdict.WRONG_PERSON) >= verdicts.count(Verdict.NOT_USEFUL):
        return "Mostly the wrong person: add an identifier (state ID) or the date of birth to this watch."
    return "Mostly not useful: watch a narrower charge or place, give it a last day, or make it a digest."


def delivery_times(
    deliveries: Iterable[tuple[Alert, Delivery]], zone: ZoneInfo, opened_at: Mapping[str, datetime] | None = None
) -> list[DeliveryTimes]:
    """By day in the office's time zone, the newest first. `opened_at` says when each alert was first read.

    A delivery that waited for quiet hours or a digest was not late and does not count.
    """
    by_day: defaultdict[date, list[tuple[Alert, Delivery, datetime]]] = defaultdict(list)
    for alert, delivery in deliveries:
        if delivery.sent_at and not delivery.not_before and delivery.revision == alert.revision:
            by_day[delivery.sent_at.astimezone(zone).date()].append((alert, delivery, delivery.sent_at))
    return [_times_of_day(day, by_day[day], opened_at or {}) for day in sorted(by_day, reverse=True)]


def _times_of_day(
    day: date, deliveries: Sequence[tuple[Alert, Delivery, datetime]], opened_at: Mapping[str, datetime]
) -> DeliveryTimes:
    stages = [(alert.stages, sent_at) for alert, _, sent_at in deliveries]
    total = [(sent_at - stage.dropped_at).total_seconds() for stage, sent_at in stages]
    confirmed = [
        (delivery.delivered_at - sent_at).total_seconds()
        for _, delivery, sent_at in deliveries
        if delivery.delivered_at
    ]
    read = [
        (opened_at[delivery.alert_id] - sent_at).total_seconds()
        for _, delivery, sent_at in deliveries
        if delivery.alert_id in opened_at
    ]
    return DeliveryTimes(
        day=day,
        deliveries=len(total),
        p50=quantile(total, 0.5),
        p95=quantile(total, 0.95),
        p99=quantile(total, 0.99),
        stored=quantile([(stage.stored_at - stage.dropped_at).total_seconds() for stage, _ in stages], 0.95),
        matched=quantile([(stage.matched_at - stage.stored_at).total_seconds() for stage, _ in stages], 0.95),
        sent=quantile([(sent_at - stage.matched_at).total_seconds() for stage, sent_at in stages], 0.95),
        delivered=quantile(confirmed, 0.95) if confirmed else None,
        opened=quantile(read, 0.5) if read else None,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest-rank method), to three decimals.

    `share` has at most two decimals. `values` must not be empty.
    """
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)], 3)
