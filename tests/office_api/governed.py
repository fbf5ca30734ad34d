"""The policy and rule of training of an office, and a person who was trained. Everybody here is invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.offices.governance.model import AdoptedPolicy, Governance, TrainingRule, hash_of_policy
from shared.offices.governance.personnel import Personnel, RecordedTraining

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
