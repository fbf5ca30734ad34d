"""Breaches as values."""

from datetime import timedelta
from typing import Any

from shared.breaches.decide import BreachRecorder, record_breach
from shared.breaches.model import Breach, BreachRequest, StepRequest
from tests.builders import NOW


def a_breach_request(**facts: Any) -> BreachRequest:
    usual: dict[str, Any] = {
        "summary": "A printed list of alerts was left in a court room.",
        "discovered_at": NOW - timedelta(minutes=30),
    }
    return BreachRequest.model_validate(usual | facts)


def a_breach(by: str = "ada.example@da.example.gov", new_id: str = "b" * 32, **facts: Any) -> Breach:
    return record_breach(a_breach_request(**facts), BreachRecorder("kings", by), new_id, NOW)


def a_step(step: str = "inside", **facts: Any) -> StepRequest:
    usual: dict[str, Any] = {"step": step, "how": "Call to the security desk", "done_at": NOW}
    return StepRequest.model_validate(usual | facts)
