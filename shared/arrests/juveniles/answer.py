"""What may be asked of the function that alone opens juveniles' records, and its answer.

The office API has no grant on the table or its key: it says who asks, whom its gate has let through, and this decides
anew by what is stored whether there is an order, a second person's approval, and time left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.arrests.juveniles.opening import (
    Opening,
    OpeningDecision,
    OpeningDecisionError,
    OpeningRequest,
    decided,
    new_opening,
    record_id,
)
from shared.arrests.juveniles.table import JuvenilesTable
from shared.arrests.model import Arrest
from shared.aws.optimistic_lock import ConflictError
from shared.pseudonyms import Pseudonyms
from shared.value import FrozenModel


class QuestionKind(StrEnum):
    REQUEST = "request"
    DECIDE = "decide"
    LIST = "list"
    FIND = "find"
    READ = "read"  # the record


class JuvenileQuestion(FrozenModel):
    """`by` is the user who asks, of the office. The other fields are there as the kind needs them."""

    kind: QuestionKind
    office_id: str
    by: str
    opening_id: str = ""
    request: OpeningRequest | None = None
    purpose: str = ""
    decision: OpeningDecision | None = None
    limit: int = 50
    after: str = ""


class JuvenileAnswer(FrozenModel):
    """`problem` says why nothing was done; `is_conflict` that somebody else was quicker. Without a record it is not
    said whether there is one, or why it is not open."""

    opening: Opening | None = None
    openings: tuple[Opening, ...] = ()
    following: str | None = None
    record: Arrest | None = None
    problem: str = ""
    is_conflict: bool = False


@dataclass(frozen=True)
class OpeningDeps:
    juveniles: JuvenilesTable
    pseudonyms: Callable[[], Pseudonyms]
    token: Callable[[], str]


def answer(question: JuvenileQuestion, deps: OpeningDeps, now: datetime) -> JuvenileAnswer:
    try:
        return _ANSWERS[question.kind](question, deps, now)
    except OpeningDecisionError as refused:
        return JuvenileAnswer(problem=str(refused))
    except ConflictError:
        return JuvenileAnswer(is_conflict=True)


def _request(question: JuvenileQuestion, deps: OpeningDeps, now: datetime) -> JuvenileAnswer:
    """Nothing is looked up: that a request is taken says nothing about a record."""
    if question.request is None:
        raise ValueError("a request to open a record says which")
    opening = new_opening(question.request, question.office_id, question.by, question.purpose, now, deps.token())
    deps.juveniles.save(opening)
    return JuvenileAnswer(opening=opening)


def _decide(question: JuvenileQuestion, deps: OpeningDeps, now: datetime) -> JuvenileAnswer:
    opening = deps.juveniles.opening(question.office_id, question.opening_id)
    if opening is None or question.decision is None:
        return JuvenileAnswer()
    after = decided(opening, question.decision, question.by, now)
    deps.juveniles.save(after)
    return JuvenileAnswer(opening=after)


def _list(question: JuvenileQuestion, deps: OpeningDeps, _now: datetime) -> JuvenileAnswer:
    openings, following = deps.juveniles.openings(question.office_id, question.limit, question.after)
    return JuvenileAnswer(openings=tuple(openings), following=following)


def _find(question: JuvenileQuestion, deps: OpeningDeps, _now: datetime) -> JuvenileAnswer:
    return JuvenileAnswer(opening=deps.juveniles.opening(question.office_id, question.opening_id))


def _read(question: JuvenileQuestion, deps: OpeningDeps, now: datetime) -> JuvenileAnswer:
    """The record is read only where it is open for this person."""
    opening = deps.juveniles.opening(question.office_id, question.opening_id)
    if opening is None or not opening.is_open_for(question.by, now):
        return JuvenileAnswer()
    return JuvenileAnswer(opening=opening, record=deps.juveniles.record(record_id(opening, deps.pseudonyms())))


_ANSWERS: dict[QuestionKind, Callable[[JuvenileQuestion, OpeningDeps, datetime], JuvenileAnswer]] = {
    QuestionKind.REQUEST: _request,
    QuestionKind.DECIDE: _decide,
    QuestionKind.LIST: _list,
    QuestionKind.FIND: _find,
    QuestionKind.READ: _read,
}
