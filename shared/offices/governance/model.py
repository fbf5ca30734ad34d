"""Governance of an office or a feed: policy, agreement, contact and rule of training (National Governors Association,
justice information sharing). Without all four a new one does not go live. Pure."""

import hashlib
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from shared.offices.recipient import Email, Text
from shared.value import FrozenModel

YEAR = 365  # days
PolicyVersion = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Sha256 = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[0-9A-Fa-f]{64}$")]
PolicyText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60_000)]


class Requirement(StrEnum):
    """What must be on record. Its words are in the catalogue under `requirement.`."""

    POLICY = "policy"
    AGREEMENT = "agreement"
    CONTACT = "contact"
    TRAINING = "training"


class Policy(FrozenModel):
    """The rules of behaviour that hold: `sha256` is the hash of the text as it was adopted, in UTF-8."""

    version: PolicyVersion
    sha256: Sha256


class AdoptedPolicy(Policy):
    """A policy with its text. Raises ValidationError for a hash that is not that of the text."""

    text: PolicyText

    @model_validator(mode="after")
    def _check_hash(self) -> Self:
        if (right := hash_of_policy(self.text)) != self.sha256:
            raise ValueError(f"sha256 is not that of the text; if the text is what was adopted, write {right}")
        return self

    @property
    def policy(self) -> Policy:
        return Policy(version=self.version, sha256=self.sha256)


class TrainingRule(FrozenModel):
    """Who is to be trained in what: any of `kinds`, again every `every_days` (CJIS Security Policy 6.0, AT-2: yearly).
    People have until the day before `starts`; without it the rule holds at once."""

    kinds: tuple[Text, ...] = Field(min_length=1, max_length=20)
    every_days: int = Field(default=YEAR, ge=1, le=YEAR)
    starts: date | None = None


class Governance(FrozenModel):
    """`agreement` is the reference of the one with which the office or feed went live; that it has ended since closes
    what it shared, and not the office. `contact` answers for the policy, to the public too."""

    policy: Policy | None = None
    agreement: str = Field(default="", max_length=200)
    contact: Email | None = None
    training: TrainingRule | None = None

    @property
    def missing(self) -> tuple[Requirement, ...]:
        recorded = {
            Requirement.POLICY: self.policy,
            Requirement.AGREEMENT: self.agreement,
            Requirement.CONTACT: self.contact,
            Requirement.TRAINING: self.training,
        }
        return tuple(requirement for requirement, fact in recorded.items() if not fact)


def hash_of_policy(text: str) -> str:
    """SHA-256 of the text in UTF-8, without blanks around it: an editor's last line break changes no policy."""
    return hashlib.sha256(text.strip().encode()).hexdigest()
