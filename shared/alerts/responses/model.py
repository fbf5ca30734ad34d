"""The response of a recipient to an alert: when it was opened and acknowledged, and the verdict on it."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from pydantic import AwareDatetime

from shared.alerts.model import Alert
from shared.value import FrozenModel


class Verdict(StrEnum):
    """What the reader found the alert to be."""

    RIGHT_PERSON = "right person"
    WRONG_PERSON = "wrong person"
    USEFUL = "useful"
    NOT_USEFUL = "not useful"


class AlertResponse(FrozenModel):
    """Everything that readers answered to one alert. A field is none until somebody has done it."""

    opened_at: AwareDatetime | None = None  # first read by its recipient, signed in
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: str | None = None
    verdict: Verdict | None = None
    verdict_by: str | None = None


def acknowledged_subscriptions(alerts: Iterable[Alert], responses: Mapping[str, AlertResponse]) -> frozenset[str]:
    """The subscriptions whose reason somebody acknowledged. `alerts` are all of one arrest and office: whoever
    acknowledges does so for everybody who was told for the same subscription."""
    return frozenset(
        reason.subscription_id
        for alert in alerts
        if alert.alert_id in responses and responses[alert.alert_id].acknowledged_at
        for reason in alert.because
    )


def with_open_reasons(alert: Alert, acknowledged: Collection[str]) -> Alert:
    """The alert with the reasons that must be acknowledged and are not."""
    reasons = (reason for reason in alert.because if reason.must_be_acknowledged)
    return alert.model_copy(
        update={"because": tuple(reason for reason in reasons if reason.subscription_id not in acknowledged)}
    )
