"""Unsealing: an arrest that is locked or marked is opened again by a court's order, which one person enters and another
approves. Pure.

Source: CPL 160.50(1)(d) as restated in bill A3197; Matter of Katherine B. v Cataldo (nycourts.gov 2005_05749): once a
case is begun the prosecutor has subparagraph (i) alone. Who may open what is data, in `statutes.toml`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AwareDatetime, Field, StringConstraints

from shared.arrests.placeholders import is_no_number, is_placeholder
from shared.arrests.seals.effect import AccessFact, AccessNeed, AccessRule, SealRule, rule_for
from shared.value import FrozenModel

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_LEFT_OUT = re.compile(r"[\s.,§-]+|\bCPL\b|\bFCA\b", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"[\[<{].*[\]>}]|_{3,}|\bx{3,}\b|\bnumber\b", re.IGNORECASE
)  # what a form has before it is filled
FACT_WORDS: Mapping[AccessFact, str] = {
    AccessFact.CASE_BEGUN: "whether a criminal action is begun against the person",
    AccessFact.MARIJUANA_ADJOURNMENT: "whether the accused asks for an adjournment under CPL 170.56",
    AccessFact.FAMILY_HARASSMENT: "whether it was harassment 2 (PL 240.26) against family or household",
}


class SealState(StrEnum):
    """How an arrest stands that somebody wants to open."""

    READABLE = "readable"
    LOCKED = "locked"
    MARKED = "marked"
    ERASED = "erased"
    UNKNOWN = "unknown"


class UnsealingState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class UnsealingRequest(FrozenModel):
    """What the order says. `number` is the agency's of the arrest. `applicant` is who applied for the order, in a word
    of the rules, such as `prosecutor`. `facts` says what the subparagraph depends on."""

    number: Line
    order_number: Line
    court: Line
    ordered_on: date
    subparagraph: Line = Field(description="such as 160.50(1)(d)(ii); of a marked arrest its statute")
    applicant: Line
    facts: Mapping[AccessFact, bool] = {}


class Unsealing(FrozenModel):
    """A request and its decision. It stays, whatever is decided. `opened_at` is when it was carried out: an order opens
    once, and what is sealed afterwards needs another one."""

    unsealing_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    agency: str
    request: UnsealingRequest
    statute: str
    state: UnsealingState = UnsealingState.WAITING
    requested_by: str
    requested_at: AwareDatetime
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    decision_reason: str = ""
    opened_at: AwareDatetime | None = None


class UnsealingFault(NamedTuple):
    """What is wrong with a field of the request, and what to do about it."""

    field: str
    fix: str


class UnsealingRefusedError(Exception):
    """The order opens nothing as it is entered."""

    def __init__(self, reason: str, faults: tuple[UnsealingFault, ...]) -> None:
        super().__init__(reason)
        self.reason, self.faults = reason, faults


class UnsealingDecisionError(Exception):
    """The decision cannot be taken, or not by this person."""


_NOT_OPENED: Mapping[SealState, str] = {
    SealState.ERASED: "It is erased, so there is nothing to open. Ask the agency to send the arrest again as a new "
    "one, with a new tracking number: the old one is never used again",
    SealState.READABLE: "It is not sealed. Check the number",
    SealState.UNKNOWN: "No arrest of this number is known. Check the number",
}


def check_unsealing(request: UnsealingRequest, state: SealState, mark: str, today: date) -> SealRule:
    """Returns the rule by which the order opens. `mark` is the statute of a marked arrest.

    Raises UnsealingRefusedError with every fault at once.
    """
    if state in _NOT_OPENED:
        raise UnsealingRefusedError("This arrest cannot be opened.", (UnsealingFault("number", _NOT_OPENED[state]),))
    rule = rule_for(request.subparagraph)
    faults = (*_faults_of_order(request, today), *_faults_of_rule(request, rule, mark))
    if faults or rule is None:
        raise UnsealingRefusedError("The order opens nothing as it is entered.", faults)
    return rule


def decided(unsealing: Unsealing, state: UnsealingState, by: str, reason: str, now: datetime) -> Unsealing:
    """The record after its decision. Nobody decides about his own request, and it is decided once; whoever approved may
    say so again until it is carried out. Raises UnsealingDecisionError otherwise."""
    if by.casefold() == unsealing.requested_by.casefold():
        raise UnsealingDecisionError("You entered this order yourself. Another person with the right `seal` decides.")
    if unsealing.opened_at:
        raise UnsealingDecisionError("This order was carried out already. What was sealed since needs another order.")
    if (unsealing.state, unsealing.decided_by) == (state, by):
        return unsealing
    if unsealing.state is not UnsealingState.WAITING:
        raise UnsealingDecisionError(f"This is {unsealing.state.value} already. Enter the order anew if it is needed.")
    changes = {"state": state, "decided_by": by, "decided_at": now.astimezone(UTC), "decision_reason": reason}
    return unsealing.model_copy(update=changes)


def _faults_of_order(request: UnsealingRequest, today: date) -> Iterator[UnsealingFault]:
    for field in ("order_number", "court", "applicant"):
        text = getattr(request, field)
        if is_placeholder(text) or _TEMPLATE.search(text) or (field == "order_number" and is_no_number(text)):
            yield UnsealingFault(field, "says nothing; copy it from the court's order")
    if request.ordered_on > today:
        yield UnsealingFault("ordered_on", "lies in the future; write the day of the order")


def _faults_of_rule(request: UnsealingRequest, rule: SealRule | None, mark: str) -> Iterator[UnsealingFault]:
    if rule is None:
        yield UnsealingFault("subparagraph", "is of no statute that we know; write it like 160.50(1)(d)(ii)")
        return
    if mark and rule.statute != mark:
        yield UnsealingFault("subparagraph", f"is of another statute; the arrest is sealed under {mark}")
        return
    by_order = [access for access in rule.access if access.needs is AccessNeed.ORDER]
    if not by_order:
        return  # the statute says nothing of who may apply: the court's order is enough
    fitting = [access for access in by_order if _same(access.subparagraph, request.subparagraph)]
    own = [access for access in fitting if access.who == request.applicant.casefold()]
    if not fitting:
        known = ", ".join(dict.fromkeys(access.subparagraph for access in by_order))
        yield UnsealingFault("subparagraph", f"opens nothing by an order; choose one of: {known}")
    elif not own:
        known = ", ".join(dict.fromkeys(access.who for access in fitting))
        yield UnsealingFault("applicant", f"may not apply under this subparagraph; it is for: {known}")
    else:
        yield from _faults_of_facts(request, own[0])


def _faults_of_facts(request: UnsealingRequest, access: AccessRule) -> Iterator[UnsealingFault]:
    """What is not known is asked, and never guessed."""
    for fact, needed in access.facts.items():
        known = request.facts.get(fact)
        if known is None:
            yield UnsealingFault(f"facts.{fact}", f"is missing; say {FACT_WORDS[fact]}")
        elif known is not needed:
            yield UnsealingFault(
                "subparagraph", f"does not open it for the {access.who}: it depends on {FACT_WORDS[fact]}"
            )


def _same(subparagraph: str, text: str) -> bool:
    return _LEFT_OUT.sub("", subparagraph).casefold() == _LEFT_OUT.sub("", text).casefold()
