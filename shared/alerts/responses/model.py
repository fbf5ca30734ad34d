"""The response of a recipient to an alert: when it was opened and acknowledged, and the verdict on it."""

from enum import StrEnum

from pydantic import AwareDatetime

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
