"""What an office wants to know of its alerts: how many were noise, and how long they took."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.alerts.delivery.model import Delivery
from shared.alerts.model import Alert
from shared.alerts.responses.model import Verdict
from shared.value import FrozenModel

ENOUGH_VERDICTS, TOO_NOISY = 5, 0.5


class SubscriptionNoise(FrozenModel):
    """Of one subscription. `proposal` is empty while it does well, or while too few readers have said."""

    subscription_id: str
    owner: str
    case_number: str
    folder: str = ""
    alerts: int
    verdicts: dict[str, int]
    noise: float
    proposal: str


class FolderNoise(FrozenModel):
    """Of everything in one folder, whose noisiest watch is the one to narrow first."""

    folder: str
    alerts: int
    verdicts: dict[str, int]
    noise: float
    narrow_first: str = Field(description="the subscription that brings most of the noise; empty while it does well")
    proposal: str


def noise(alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> list[SubscriptionNoise]:
    """The noisiest first. An alert counts for every subscription that was a reason for it."""
    counted: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        for reason in alert.because:
            counted[reason.subscription_id].append(alert)
    noises = [_noise(subscription_id, some, verdicts) for subscription_id, some in counted.items()]
    return sorted(noises, key=lambda one: (-one.noise, -one.alerts, one.subscription_id))


def noise_by_folder(alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> list[FolderNoise]:
    """The noisiest first. An alert counts once in each folder that was a reason for it."""
    counted: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        for folder in {reason.folder for reason in alert.because}:
            counted[folder].append(alert)
    folder_noises = [_folder_noise(folder, some, verdicts) for folder, some in counted.items()]
    return sorted(
        folder_noises, key=lambda folder_noise: (-folder_noise.noise, -folder_noise.alerts, folder_noise.folder)
    )


def _folder_noise(folder: str, alerts: list[Alert], verdicts: Mapping[str, Verdict]) -> FolderNoise:
    said = _said(alerts, verdicts)
    here = [
        alert.model_copy(update={"because": tuple(reason for reason in alert.because if reason.folder == folder)})
        for alert in alerts
    ]
    bad = [one for one in noise(here, verdicts) if one.noise >= TOO_NOISY]
    worst = max(bad, key=lambda one: _bad(one.verdicts), default=None)
    proposal = _proposed(said)
    return FolderNoise(
        folder=folder,
        alerts=len(alerts),
        verdicts=_counts(said),
        noise=_share(said),
        proposal=proposal,
        narrow_first=worst.subscription_id if worst and proposal else "",
    )


def _noise(subscription_id: str, alerts: list[Alert], verdicts: Mapping[str, Verdict]) -> SubscriptionNoise:
    said = _said(alerts, verdicts)
    because = next(reason for reason in alerts[-1].because if reason.subscription_id == subscription_id)
    return SubscriptionNoise(
        subscription_id=subscription_id,
        owner=because.owner,
        case_number=because.case_number,
        folder=because.folder,
        alerts=len(alerts),
        verdicts=_counts(said),
        noise=_share(said),
        proposal=_proposed(said),
    )


def _said(alerts: list[Alert], verdicts: Mapping[str, Verdict]) -> list[Verdict]:
    return [verdicts[alert.alert_id] for alert in alerts if alert.alert_id in verdicts]


def _counts(verdicts: list[Verdict]) -> dict[str, int]:
    return {verdict.value: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


def _bad(counts: Mapping[str, int]) -> int:
    return sum(counts.get(one.value, 0) for one in (Verdict.WRONG_PERSON, Verdict.NOT_USEFUL))


def _share(verdicts: list[Verdict]) -> float:
    return round(_bad(_counts(verdicts)) / len(verdicts), 2) if verdicts else 0.0


def _proposed(verdicts: list[Verdict]) -> str:
    return _proposal(verdicts) if len(verdicts) >= ENOUGH_VERDICTS and _share(verdicts) >= TOO_NOISY else ""


def _proposal(verdicts: list[Verdict]) -> str:
    if verdicts.count(Verdict.WRONG_PERSON) >= verdicts.count(Verdict.NOT_USEFUL):
        return "Mostly the wrong person: add an identifier (state ID) or the date of birth to this watch."
    return "Mostly not useful: watch a narrower charge or place, give it a last day, or make it a digest."


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


def delivery_times(
    told: Iterable[tuple[Alert, Delivery]], zone: ZoneInfo, opened: Mapping[str, datetime] | None = None
) -> list[DeliveryTimes]:
    """By day, the newest first; `opened` says when each alert was first read. What waited for quiet hours or a digest
    was not late and does not count."""
    days: dict[date, list[tuple[Alert, Delivery]]] = defaultdict(list)
    for alert, delivery in told:
        if delivery.sent_at and not delivery.not_before and delivery.revision == alert.revision:
            days[delivery.sent_at.astimezone(zone).date()].append((alert, delivery))
    return [_times(day, days[day], opened or {}) for day in sorted(days, reverse=True)]


def _times(day: date, told: list[tuple[Alert, Delivery]], opened: Mapping[str, datetime]) -> DeliveryTimes:
    sent = [(alert.stages, delivery, delivery.sent_at) for alert, delivery in told if delivery.sent_at]
    total = [(at - stages.dropped_at).total_seconds() for stages, _, at in sent]
    confirmed = [(delivery.delivered_at - at).total_seconds() for _, delivery, at in sent if delivery.delivered_at]
    read = [(opened[delivery.alert_id] - at).total_seconds() for _, delivery, at in sent if delivery.alert_id in opened]
    return DeliveryTimes(
        day=day,
        deliveries=len(total),
        p50=quantile(total, 0.5),
        p95=quantile(total, 0.95),
        p99=quantile(total, 0.99),
        stored=quantile([(stages.stored_at - stages.dropped_at).total_seconds() for stages, _, _ in sent], 0.95),
        matched=quantile([(stages.matched_at - stages.stored_at).total_seconds() for stages, _, _ in sent], 0.95),
        sent=quantile([(at - stages.matched_at).total_seconds() for stages, _, at in sent], 0.95),
        delivered=quantile(confirmed, 0.95) if confirmed else None,
        opened=quantile(read, 0.5) if read else None,
    )


def quantile(seconds: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    ordered = sorted(seconds)
    return round(ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)], 3)
