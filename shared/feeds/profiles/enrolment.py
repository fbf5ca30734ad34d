"""What an agency itself must permit before its feed may do it. Pure; `table.py` stores it beside the profile."""

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, Field

from shared.errors import Rejected
from shared.offices.governance.model import Governance
from shared.value import FrozenModel

if TYPE_CHECKING:  # the model of a profile loads everything that reads files
    from shared.feeds.profiles.model import Profile

SEAL_WORDS = frozenset(
    {"seal", "expungement", "identity expunged", "seal lifted", "unsealed", "removed to family court"}
)
"""Words of `event` and `codes.event` by which a record takes something away for good."""
NOT_PERMITTED = "seal-permission"
"""The code of a record that is rejected for want of this permission."""


class AgencyEnrolment(FrozenModel):
    """`document` is the letter or agreement in which the agency gave or withdrew the permission."""

    agency: str
    seals_by_feed: bool = False
    document: str = Field(default="", max_length=200)
    recorded_by: str = ""
    recorded_at: AwareDatetime


class FeedGovernance(FrozenModel):
    """What is on record of an agency's own governance. A feed that `waits` is not live until that is complete; those
    that were enrolled before that was the rule do not wait."""

    agency: str
    governance: Governance = Governance()
    waits: bool = True


class SealPermission(StrEnum):
    """What is on record about seals by feed."""

    GRANTED = "granted"
    NOT_GRANTED = "not granted"
    AS_BEFORE = "as before"  # nothing is recorded, and the operator stored the live profile before there was a record


def seals_not_permitted() -> Rejected:
    return Rejected(
        NOT_PERMITTED,
        "The agency has not permitted its feed to seal or expunge.",
        "Ask the operator to record the agency's permission (`arrest-alert enrol-agency --seals-by-feed DOCUMENT`) and "
        "send the record again; or let a user with the right `seal` enter it on the agency's page of the console.",
    )


def permits_seals(permission: SealPermission, profile: "Profile") -> bool:
    """Whether records of the agency's feed may seal or expunge.

    A profile that the operator stored before permissions were recorded keeps what it names itself, until it is
    replaced: an order to seal must not fail because of an upgrade.
    """
    if permission is SealPermission.AS_BEFORE:
        return names_seals(profile)
    return permission is SealPermission.GRANTED


def names_seals(profile: "Profile") -> bool:
    """Whether the profile itself makes seals of records. A column `event` may still hold the word."""
    words = {word for reading in profile.readings for word in (reading.event, *reading.codes.event.values())}
    return not SEAL_WORDS.isdisjoint(words)
