"""A dispute about a fact of an arrest, and the notices that its correction sends to recipients outside of the
office."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from shared.arrests.disputed import ArrestFact, DisputedFact
from shared.disclosures.model import ArrestId, DisclosureMeans
from shared.offices.model import Slug
from shared.value import FrozenModel

DisputeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
DISPUTE_ID = r"^[0-9a-f]{32}$"
NOTICE_ID = r"^[0-9a-f]{32}$"
MOST_DISPUTES = 25  # of one arrest in one office: each may hold 12 KB, and an item 400


class Claimant(StrEnum):
    """Who says that a fact is wrong."""

    PERSON = "the person"
    COUNSEL = "counsel"
    AGENCY = "the agency"
    PROSECUTOR = "a prosecutor"


class DisputeState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"  # the agency is asked to correct its record
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"  # the agency changed the fact
    GONE = "gone"  # the arrest was erased by a seal, purged, or is a juvenile's

    @property
    def marks_the_fact(self) -> bool:
        """Whether readers of the arrest are told that the fact is disputed."""
        return self in (DisputeState.OPEN, DisputeState.UPHELD)


class DisputeRequest(FrozenModel):
    arrest_id: ArrestId
    fact: ArrestFact
    claim: DisputeText = Field(description="What is right instead, in the words of whoever disputes it.")
    claimant: Claimant
    claimant_name: DisputeText = Field(description="Name, and how to reach them.")
    identity_proof: DisputeText = Field(description="How they showed who they are, such as `state ID seen in person`.")
    received_on: date = Field(description="The day on which it reached the office; the clock runs from it.")


class DisputeDecision(StrEnum):
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DisputeDecisionRequest(FrozenModel):
    """`agency_asked` says how and when the agency was asked to correct; it is needed to uphold a dispute."""

    decision: DisputeDecision
    reason: DisputeText
    agency_asked: DisputeText | None = None


class Dispute(FrozenModel):
    """One claim about one fact. `due` is the last day to decide. `appeal` says how to appeal a refusal. Once the state
    is `gone` every text and name in it is empty."""

    dispute_id: str = Field(pattern=DISPUTE_ID)
    office_id: Slug
    arrest_id: ArrestId
    agency: str
    fact: ArrestFact
    claim: str
    claimant: Claimant
    claimant_name: str
    identity_proof: str
    received_on: date
    due: date
    recorded_by: str
    recorded_at: AwareDatetime
    state: DisputeState = DisputeState.OPEN
    decided_by: str = ""
    decided_at: AwareDatetime | None = None
    reason: str = ""
    agency_asked: str = ""
    appeal: str = ""
    ended_at: AwareDatetime | None = None

    @property
    def disputed_fact(self) -> DisputedFact:
        return DisputedFact(fact=self.fact, upheld=self.state is DisputeState.UPHELD)


class ArrestDisputes(FrozenModel):
    """All disputes about one arrest in one office, in the order in which they came: one document, so that two about one
    fact cannot be recorded at the same time. `hidden` while a seal locks the arrest: nobody decides them, and nobody is
    reminded of them."""

    office_id: Slug
    arrest_id: ArrestId
    disputes: tuple[Dispute, ...] = Field(default=(), max_length=MOST_DISPUTES)
    hidden: bool = Field(default=False, exclude_if=lambda hidden: not hidden)
    revision: int = 0

    def find(self, dispute_id: str) -> Dispute | None:
        return next((dispute for dispute in self.disputes if dispute.dispute_id == dispute_id), None)

    @property
    def disputed_facts(self) -> tuple[DisputedFact, ...]:
        return tuple(dispute.disputed_fact for dispute in self.disputes if dispute.state.marks_the_fact)

    def with_dispute(self, changed: Dispute) -> "ArrestDisputes":
        """With it in place of the one of the same id, or at the end."""
        others = [changed if dispute.dispute_id == changed.dispute_id else dispute for dispute in self.disputes]
        disputes = others if changed in others else [*others, changed]
        return self.model_copy(update={"disputes": tuple(disputes), "revision": self.revision + 1})


class LegalClock(FrozenModel):
    days: int = Field(ge=1, le=365)
    source: str = Field(min_length=3, max_length=300)


class DisputeRules(FrozenModel):
    """`decide_within` runs from the day on which a dispute reached the office, `tell_within` from the agency's
    correction."""

    decide_within: LegalClock
    tell_within: LegalClock
    appeal: DisputeText


class ShippedRules(FrozenModel):
    states: dict[str, DisputeRules]
    otherwise: DisputeRules


class CorrectionNotice(FrozenModel):
    """A recipient of a disclosure must be told that the agency corrected these facts of an arrest. It names nobody and
    holds no value: whoever tells reads both in the disclosure and the arrest."""

    notice_id: str = Field(pattern=NOTICE_ID)
    office_id: Slug
    disclosure_id: str
    arrest_id: ArrestId
    facts: tuple[ArrestFact, ...]
    corrected_at: AwareDatetime
    tell_by: date
    told_on: date | None = None
    told_by: str = ""
    means: DisclosureMeans | None = None
    revision: int = 1
