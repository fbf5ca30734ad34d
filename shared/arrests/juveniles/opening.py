"""Opening a juvenile's record: by a written order of the family court (Family Court Act 381.3).

A person with the right `juvenile` asks for it, another one approves it, and it is open for a limited time, for the
people that are named in it. Pure.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from shared.arrests.model import arrest_id
from shared.arrests.numbers import normal_number
from shared.arrests.placeholders import is_placeholder
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel

OPENING_ID = r"^\d{14}[0-9a-f]{18}$"  # begins with when it was asked for in UTC, so that ids are in order of time
MOST_READERS = 10
MOST_DAYS = 30
APPROVED_WITHIN = timedelta(days=30)


def _no_placeholder(text: str) -> str:
    if is_placeholder(text) or not any(letter.isalnum() for letter in text):
        raise ValueError("is a placeholder; write what the order itself says")
    return text


def _with_a_figure(text: str) -> str:
    if not any(letter in "123456789" for letter in text):
        raise ValueError("has no number; write the docket or order number as the court wrote it")
    return text


def _distinct(emails: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(email.casefold() for email in emails))


OrderText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), AfterValidator(_no_placeholder)
]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,189}$", max_length=254)]
Readers = Annotated[tuple[Email, ...], AfterValidator(_distinct)]


class CourtOrder(FrozenModel):
    """The written order that opens a record, as the court wrote it."""

    number: Annotated[OrderText, AfterValidator(_with_a_figure)] = Field(description="The docket or order number.")
    court: OrderText = Field(description="The family court that made it, with its county.")
    ordered_on: date


class OpeningRequest(FrozenModel):
    """The record is named by the agency and its arrest number, which the order says. `readers` see it beside whoever
    asks; nobody else does, the one who approves neither."""

    agency: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    order: CourtOrder
    reason: OrderText = Field(description="What the record is needed for, as the order says; name nobody.")
    days: int = Field(default=7, ge=1, le=MOST_DAYS, description="For how many days it is open, once approved.")
    readers: Readers = Field(default=(), max_length=MOST_READERS, description="Colleagues who may read it as well.")


class OpeningState(StrEnum):
    """As it is now: `expired` and `lapsed` follow from the time alone."""

    WAITING = "waiting"
    OPEN = "open"
    REFUSED = "refused"
    CLOSED = "closed"  # by somebody, before its time
    EXPIRED = "expired"
    LAPSED = "lapsed"  # nobody decided in time


class OpeningDecision(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    CLOSE = "close"


class OpeningDecisionError(Exception):
    """The decision cannot be taken, or not by this person."""


class Opening(FrozenModel):
    """`purpose` is that of the request. `decided_by` is another person than `requested_by`. `ends_at` is there once it
    is approved."""

    opening_id: str = Field(pattern=OPENING_ID)
    office_id: str
    request: OpeningRequest
    purpose: str
    requested_by: str
    requested_at: AwareDatetime
    decision: OpeningDecision | None = None
    decided_by: str = ""
    decided_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    closed_by: str = ""
    revision: int = 1

    def state(self, now: datetime) -> OpeningState:
        if self.decision is None:
            return OpeningState.LAPSED if now >= self.requested_at + APPROVED_WITHIN else OpeningState.WAITING
        if self.decision is OpeningDecision.REFUSE:
            return OpeningState.REFUSED
        if self.closed_by:
            return OpeningState.CLOSED
        return OpeningState.OPEN if self.ends_at and now < self.ends_at else OpeningState.EXPIRED

    def is_open_for(self, email: str, now: datetime) -> bool:
        people = {self.requested_by.casefold(), *self.request.readers}
        return self.state(now) is OpeningState.OPEN and email.casefold() in people


def new_opening(request: OpeningRequest, office_id: str, by: str, purpose: str, now: datetime, token: str) -> Opening:
    """`token` are 18 hexadecimal digits. Raises OpeningDecisionError for an order of a day that has not come."""
    if request.order.ordered_on > now.astimezone(UTC).date() + timedelta(days=1):
        raise OpeningDecisionError("The order is dated in the future. Write the day on which the court made it.")
    return Opening(
        opening_id=f"{now.astimezone(UTC):%Y%m%d%H%M%S}{token}",
        office_id=office_id,
        request=request,
        purpose=purpose,
        requested_by=by.casefold(),
        requested_at=now,
    )


def decided(opening: Opening, decision: OpeningDecision, by: str, now: datetime) -> Opening:
    """The opening after a decision. Raises OpeningDecisionError if it cannot be taken, or not by this person."""
    state, next_revision = opening.state(now), {"revision": opening.revision + 1}
    if decision is OpeningDecision.CLOSE:
        if state is not OpeningState.OPEN:
            raise OpeningDecisionError(f"This is {state.value}. Only what is open can be closed.")
        return opening.model_copy(update=next_revision | {"closed_by": by.casefold(), "ends_at": now})
    if by.casefold() in {opening.requested_by, *opening.request.readers}:
        raise OpeningDecisionError(
            "You asked for this or would read it. Another person with the right `juvenile` decides."
        )
    if state is not OpeningState.WAITING:
        raise OpeningDecisionError(f"This is {state.value}. Ask for it anew if it is needed.")
    ends_at = now + timedelta(days=opening.request.days) if decision is OpeningDecision.APPROVE else None
    changes = {"decision": decision, "decided_by": by.casefold(), "decided_at": now, "ends_at": ends_at}
    return opening.model_copy(update=next_revision | changes)


def record_id(opening: Opening, pseudonyms: Pseudonyms) -> str:
    return arrest_id(pseudonyms, opening.request.agency, normal_number(opening.request.number))
