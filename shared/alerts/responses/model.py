"""The response of a recipient to an alert: when it was opened and acknowledged, and the verdict on it."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime

from shared.alerts.model import Alert
from shared.value import FrozenModel


class Verdict(StrEnum):
    """What the reader found the alert to be: one answer to both questions. `verdict_of` makes one of two."""

    RIGHT_PERSON = "right person"
    WRONG_PERSON = "wrong person"
    USEFUL = "useful"
    NOT_USEFUL = "not useful"


class ReaderOutcome(StrEnum):
    """What the reader did because of the alert."""

    BAIL_ASKED = "bail asked"
    CASE_JOINED = "case joined"
    CASE_OPENED = "case opened"
    NOTHING = "nothing"
    OTHER = "other"


class TwoAnswers(NamedTuple):
    """The two questions about an alert. None is no answer."""

    right_person: bool | None = None
    useful: bool | None = None


ANSWERS_OF_VERDICT: Mapping[Verdict, TwoAnswers] = {
    Verdict.RIGHT_PERSON: TwoAnswers(right_person=True),
    Verdict.WRONG_PERSON: TwoAnswers(right_person=False),
    Verdict.USEFUL: TwoAnswers(useful=True),
    Verdict.NOT_USEFUL: TwoAnswers(useful=False),
}


def verdict_of(answers: TwoAnswers) -> Verdict | None:
    """The one verdict that counts of two answers: the worst, else that it was useful. None without an answer."""
    if answers.right_person is False:
        return Verdict.WRONG_PERSON
    if answers.useful is not None:
        return Verdict.USEFUL if answers.useful else Verdict.NOT_USEFUL
    return Verdict.RIGHT_PERSON if answers.right_person else None


class AlertResponse(FrozenModel):
    """Everything that readers answered to one alert. A field is none until somebody has done it. `verdict` is the one
    that counts of the two answers `right_person` and `useful`."""

    opened_at: AwareDatetime | None = None  # first read by its recipient, signed in
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: str | None = None
    verdict: Verdict | None = None
    verdict_by: str | None = None
    right_person: bool | None = None
    useful: bool | None = None
    outcome: ReaderOutcome | None = None
    outcome_by: str | None = None


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
