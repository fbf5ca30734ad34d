"""The policy and rule of training of an office, and a person who was trained. Everybody here is invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.offices.governance.model import AdoptedPolicy, Governance, TrainingRule, hash_of_policy
from shared.offices.governance.personnel import Acknowledgement, Personnel, RecordedTraining
from shared.offices.users import User
from tests.builders import a_user

TEXT = "Use an alert for the purpose that you state, and for nothing else."
POLICY = AdoptedPolicy(version="2026-1", sha256=hash_of_policy(TEXT), text=TEXT)
VERSION = {"version": POLICY.version, "sha256": POLICY.sha256}
KIND = "CJIS security awareness"
GOVERNANCE = Governance(
    policy=POLICY.policy, agreement="MOU-1", contact="privacy@da.example.gov", training=TrainingRule(kinds=(KIND,))
)


def trained(now: datetime) -> Personnel:
    training = RecordedTraining(
        kind=KIND, completed_on=now.date() - timedelta(days=1), recorded_by="set-up", recorded_at=now
    )
    return Personnel(trainings=(training,))


def nothing_to_see_to(now: datetime) -> dict[str, Any]:
    """What the record of a person says who may go on: the policy is accepted, the training is on record."""
    return {"acknowledged": Acknowledgement(**VERSION, at=now), "personnel": trained(now)}


def a_user_let_in(email: str, now: datetime, **facts: Any) -> User:
    """Somebody of an office with `GOVERNANCE` to whom every page opens that their rights allow."""
    return a_user(email, **nothing_to_see_to(now) | facts)
