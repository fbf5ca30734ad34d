"""What an office wants to know of its alerts: how many were noise, and how long they took."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from shared.domain.alerts import Alert, Verdict
from shared.domain.deliveries import Delivery
from shared.domain.value import Value

ENOUGH_VERDICTS, TOO_NOISY = 5, 0.5


class Noise(Value):
    """Of one subscription. `proposal` is empty while it does well, or while too few readers have said."""

    subscription_id: str
    owner: str
    case_number: str
    alerts: int
    verdicts: dict[str, int]
    noise: float
    proposal: str


def noise(alerts: Iterable[Alert], verdicts: Mapping[str, Verdict]) -> list[Noise]:
    """The noisiest first. An alert counts for every subscription that was a reason for it."""
    counted: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        for one in alert.because:
            counted[one.subscription_id].append(alert)
    found = [_noise(subscription_id, some, verdicts) for subscription_id, some in counted.items()]
    return sorted(found, key=lambda one: (-one.noise, -one.alerts, one.subscription_id))


def _noise(subscription_id: str, alerts: list[Alert], verdicts: Mapping[str, Verdict]) -> Noise:
    said = [verdicts[alert.alert_id] for alert in alerts if alert.alert_id in verdicts]
    bad = sum(one in {Verdict.WRONG_PERSON, Verdict.NOT_USEFUL} for one in said)
    because = next(one for one in alerts[-1].because if one.subscription_id == subscription_id)
    share = round(bad / len(said), 2) if said else 0.0
    return Noise(
        subscription_id=subscription_id, owner=because.owner, case_number=because.case_number, alerts=len(alerts),
        verdicts={verdict.value: said.count(verdict) for verdict in Verdict if verdict in said}, noise=share,
        proposal=_proposal(said) if len(said) >= ENOUGH_VERDICTS and share >= TOO_NOISY else "",
    )  # fmt: skip


def _proposal(said: list[Verdict]) -> str:
    if said.count(Verdict.WRONG_PERSON) >= said.count(Verdict.NOT_USEFUL):
        return "Mostly the wrong person: add an identifier (state ID) or the date of birth to this watch."
    return "Mostly not useful: watch a narrower charge or place, give it a last day, or make it a digest."


class Times(Value):
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


def delivery_times(told: Iterable[tuple[Alert, Delivery]], zone: ZoneInfo) -> list[Times]:
    """By day, the newest first. What waited for quiet hours or a digest was not late and does not count."""
    days: dict[date, list[tuple[Alert, Delivery]]] = defaultdict(list)
    for alert, delivery in told:
        if delivery.sent_at and not delivery.not_before and delivery.revision == alert.revision:
            days[delivery.sent_at.astimezone(zone).date()].append((alert, delivery))
    return [_times(day, days[day]) for day in sorted(days, reverse=True)]


def _times(day: date, told: list[tuple[Alert, Delivery]]) -> Times:
    sent = [(alert.stages, delivery, delivery.sent_at) for alert, delivery in told if delivery.sent_at]
    total = [(at - stages.dropped_at).total_seconds() for stages, _, at in sent]
    confirmed = [(one.delivered_at - at).total_seconds() for _, one, at in sent if one.delivered_at]
    return Times(
        day=day, deliveries=len(total), p50=quantile(total, 0.5), p95=quantile(total, 0.95), p99=quantile(total, 0.99),
        stored=quantile([(stages.stored_at - stages.dropped_at).total_seconds() for stages, _, _ in sent], 0.95),
        matched=quantile([(stages.matched_at - stages.stored_at).total_seconds() for stages, _, _ in sent], 0.95),
        sent=quantile([(at - stages.matched_at).total_seconds() for stages, _, at in sent], 0.95),
        delivered=quantile(confirmed, 0.95) if confirmed else None,
    )  # fmt: skip


def quantile(seconds: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank)."""
    ordered = sorted(seconds)
    return round(ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)], 3)
