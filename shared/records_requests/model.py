"""A records request, the steps that it has gone, and the rules of its kind."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from shared.arrests.retention.hold import HoldKind
from shared.disclosures.model import RecipientKind
from shared.offices.model import Slug
from shared.records_requests.business_days import Holidays
from shared.value import FrozenModel

RequestText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=150)]
REQUEST_ID = r"^\d{14}[0-9a-f]{18}$"  # begins with when it was entered in UTC, so that ids are in order of time
MOST_RECORDS = 50  # of one request: as many as one disclosure has
MOST_STEPS = 30
ERASED = "erased with its records"


class RequestKind(StrEnum):
    FOIL = "foil"
    DISCOVERY = "discovery"
    SUBPOENA = "subpoena"
    SUBJECT_ACCESS = "subject access"


class StepKind(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    EXTENDED = "extended"
    OWNER_ANSWERED = "owner answered"  # the agency that a subpoena's records came from
    FAVORABLE_RECEIVED = "favorable received"
    FAVORABLE_GIVEN = "favorable given"
    SUPPLEMENTED = "supplemented"
    ANSWERED = "answered"
    ANSWERED_IN_PART = "answered in part"
    DENIED = "denied"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal decided"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class RequestState(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    EXTENDED = "extended"
    ANSWERED = "answered"
    DENIED = "denied"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal decided"
    CLOSED = "closed"


class Anchor(StrEnum):
    """What a clock runs from, beside the kinds of steps."""

    RECEIVED = "received"
    ARRAIGNED = "arraigned"
    TRIAL = "trial"
    RETURN = "return"


class DayUnit(StrEnum):
    DAYS = "days"
    BUSINESS_DAYS = "business days"


class ExportContent(StrEnum):
    """What an export may hold about an arrest."""

    ARREST = "arrest"
    HISTORY = "history"
    ALERTS = "alerts"
    TELLINGS = "tellings"
    ANSWERS = "answers"
    REVIEWS = "reviews"
    DISCLOSURES = "disclosures"
    RECIPIENTS = "recipients"  # to whom outside of criminal justice it was passed on
    AUDIT = "audit"


class ClockRule(FrozenModel):
    """`days` after (or, below 0, before) its anchor, at the latest; None means no limit. A `promised` clock is due on
    the day that the step names, which is no later than the limit."""

    name: str
    after: Anchor | StepKind
    days: int | None = Field(default=None, ge=-366, le=366)
    unit: DayUnit = DayUnit.DAYS
    days_if_voluminous: int = Field(default=0, ge=0, le=366)
    in_custody: bool | None = None
    promised: bool = False
    met_by: tuple[StepKind, ...] = Field(min_length=1)
    source: str = Field(min_length=3)


class WithholdingGround(FrozenModel):
    """Why a part of an answer is withheld, as the law numbers it."""

    code: str
    title: str
    source: str


class KindRule(FrozenModel):
    """`appeal_days` is how long an answer may be appealed. With `includes_marked` a record that a seal leaves open to
    law enforcement may be given. `contents` is what an export may hold."""

    title: str
    source: str
    hold: HoldKind
    clocks: tuple[ClockRule, ...]
    grounds: tuple[WithholdingGround, ...]
    contents: tuple[ExportContent, ...]
    appeal_days: int | None = None
    includes_marked: bool = False
    needs_identity: bool = False

    def ground(self, code: str) -> WithholdingGround | None:
        return next((ground for ground in self.grounds if ground.code == code), None)


class RequestRules(FrozenModel):
    holidays: Holidays
    kinds: dict[RequestKind, KindRule]

    @model_validator(mode="after")
    def _check_kinds(self) -> Self:
        if missing := [kind.value for kind in RequestKind if kind not in self.kinds]:
            raise ValueError(f"has no rule for requests of the kind {', '.join(missing)}")
        return self


class WithheldPart(FrozenModel):
    """A part that is not given, and the ground on which. `what` names nobody."""

    what: ShortText
    code: str = Field(max_length=20)


class RequestStep(FrozenModel):
    """`promised_on` is the day by which the office will answer. `document` is the letter, order or mail of the step."""

    kind: StepKind
    by: str
    at: AwareDatetime
    day: date
    promised_on: date | None = None
    reason: str = Field(default="", max_length=300)
    document: str = Field(default="", max_length=100)
    agency: str = Field(default="", max_length=64)
    withheld: tuple[WithheldPart, ...] = Field(default=(), max_length=10)

    def without_texts(self) -> "RequestStep":
        withheld = tuple(part.model_copy(update={"what": ERASED}) for part in self.withheld)
        return self.model_copy(update={"reason": "", "document": "", "withheld": withheld})


class OwnerNotice(FrozenModel):
    """An agency that is told of a subpoena for what came from it, as its agreement asks. `liaison` is an address, or
    empty where the agreement names none: then somebody calls."""

    agency: Slug
    liaison: str
    notified_at: AwareDatetime


class RequestFacts(FrozenModel):
    """What whoever asks says. `about` is what is asked for, `requester` who asks; neither is copied anywhere else.

    `identity_document` is by what somebody who asks for their own record proved who they are."""

    kind: RequestKind
    received_on: date
    about: RequestText
    requester: RequestText
    requester_kind: RecipientKind
    reference: str = Field(default="", max_length=100)
    arraigned_on: date | None = None
    in_custody: bool = False
    is_voluminous: bool = False
    trial_on: date | None = None
    return_on: date | None = None
    identity_document: str = Field(default="", max_length=200)
    is_about_witness: bool = False


class RecordsRequest(FrozenModel):
    """`arrest_ids` is what it covers, `agencies` where that came from. `hold_id` keeps it from being purged.

    `notes_released` says whether private notes may be given; None until somebody has decided.
    """

    request_id: str = Field(pattern=REQUEST_ID)
    office_id: Slug
    facts: RequestFacts
    arrest_ids: tuple[str, ...] = Field(min_length=1, max_length=MOST_RECORDS)
    agencies: tuple[str, ...]
    hold_id: str
    entered_by: str
    entered_at: AwareDatetime
    steps: tuple[RequestStep, ...] = Field(default=(), max_length=MOST_STEPS)
    owner_notices: tuple[OwnerNotice, ...] = ()
    notes_released: bool | None = None
    notes_decided_by: str = ""
    revision: int = 1

    def without_texts(self) -> "RecordsRequest":
        """What is left when a record that it covers is purged: kind, days and codes, and no text that could name
        somebody."""
        facts = self.facts.model_copy(
            update={"about": ERASED, "requester": ERASED, "reference": "", "identity_document": ""}
        )
        steps = tuple(step.without_texts() for step in self.steps)
        return self.model_copy(update={"facts": facts, "steps": steps, "revision": self.revision + 1})

    @property
    def has_no_texts(self) -> bool:
        return self.facts.about == ERASED

    @property
    def kind(self) -> RequestKind:
        return self.facts.kind

    @property
    def state(self) -> RequestState:
        states = [_STATE_AFTER[step.kind] for step in self.steps if step.kind in _STATE_AFTER]
        return states[-1] if states else RequestState.RECEIVED

    @property
    def is_open(self) -> bool:
        return self.state is not RequestState.CLOSED

    def last(self, *kinds: StepKind) -> RequestStep | None:
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    @property
    def unanswered_owners(self) -> tuple[str, ...]:
        """The agencies that were told of a subpoena and have not answered."""
        answered = {step.agency for step in self.steps if step.kind is StepKind.OWNER_ANSWERED}
        return tuple(notice.agency for notice in self.owner_notices if notice.agency not in answered)


_STATE_AFTER = {
    StepKind.ACKNOWLEDGED: RequestState.ACKNOWLEDGED,
    StepKind.EXTENDED: RequestState.EXTENDED,
    StepKind.ANSWERED: RequestState.ANSWERED,
    StepKind.ANSWERED_IN_PART: RequestState.ANSWERED,
    StepKind.DENIED: RequestState.DENIED,
    StepKind.APPEALED: RequestState.APPEALED,
    StepKind.APPEAL_DECIDED: RequestState.APPEAL_DECIDED,
    StepKind.WITHDRAWN: RequestState.CLOSED,
    StepKind.CLOSED: RequestState.CLOSED,
}
DECISIONS = (StepKind.ANSWERED, StepKind.ANSWERED_IN_PART, StepKind.DENIED)
