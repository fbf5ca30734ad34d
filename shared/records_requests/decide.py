"""Which step a request may go, and what each must say. Pure: the clock is passed in.

Steps are dated by the clock, never by whoever enters them: a day of the past could end a hold early.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from pydantic import Field

from shared.records_requests.clocks import last_day_to_appeal, limit_of, running_clocks
from shared.records_requests.model import (
    DECISIONS,
    MOST_STEPS,
    Anchor,
    RecordsRequest,
    RequestFacts,
    RequestKind,
    RequestRules,
    RequestState,
    RequestStep,
    StepKind,
    WithheldPart,
)
from shared.value import FrozenModel


class RequestFault(NamedTuple):
    """What is wrong with a field, and what to do about it."""

    field: str
    fix: str


class RequestRefusedError(Exception):
    def __init__(self, reason: str, faults: Collection[RequestFault]) -> None:
        super().__init__(reason)
        self.reason, self.faults = reason, tuple(faults)


class NextStep(FrozenModel):
    """What somebody says of a step. `reason` says why, `document` names the letter, mail or order."""

    kind: StepKind
    promised_on: date | None = None
    reason: str = Field(default="", max_length=300)
    document: str = Field(default="", max_length=100)
    agency: str = Field(default="", max_length=64)
    withheld: tuple[WithheldPart, ...] = Field(default=(), max_length=10)


_S, _K = RequestState, StepKind
_ANSWERS = frozenset(DECISIONS)
_ALWAYS = frozenset({_K.WITHDRAWN})
_OF_FOIL: Mapping[RequestState, frozenset[StepKind]] = {
    _S.RECEIVED: _ANSWERS | {_K.ACKNOWLEDGED, _K.APPEALED},
    _S.ACKNOWLEDGED: _ANSWERS | {_K.EXTENDED, _K.APPEALED},
    _S.EXTENDED: _ANSWERS | {_K.EXTENDED, _K.APPEALED},
    _S.ANSWERED: frozenset({_K.APPEALED, _K.CLOSED}),
    _S.DENIED: frozenset({_K.APPEALED, _K.CLOSED}),
    _S.APPEALED: frozenset({_K.APPEAL_DECIDED}),
    _S.APPEAL_DECIDED: frozenset({_K.CLOSED}),
}
_FAVORABLE = frozenset({_K.FAVORABLE_RECEIVED, _K.FAVORABLE_GIVEN, _K.SUPPLEMENTED})
_OF_DISCOVERY: Mapping[RequestState, frozenset[StepKind]] = {
    _S.RECEIVED: frozenset({_K.ANSWERED, _K.ANSWERED_IN_PART}) | _FAVORABLE,
    _S.ANSWERED: frozenset({_K.ANSWERED, _K.ANSWERED_IN_PART, _K.CLOSED}) | _FAVORABLE,
}
_OF_SUBPOENA: Mapping[RequestState, frozenset[StepKind]] = {
    _S.RECEIVED: _ANSWERS | {_K.OWNER_ANSWERED},
    _S.ANSWERED: frozenset({_K.CLOSED, _K.OWNER_ANSWERED}),  # records that are added later may be another agency's
    _S.DENIED: frozenset({_K.CLOSED}),
}
_OF_SUBJECT: Mapping[RequestState, frozenset[StepKind]] = {
    _S.RECEIVED: _ANSWERS | {_K.ACKNOWLEDGED},
    _S.ACKNOWLEDGED: _ANSWERS,
    _S.ANSWERED: frozenset({_K.CLOSED}),
    _S.DENIED: frozenset({_K.CLOSED}),
}
_STEPS = {
    RequestKind.FOIL: _OF_FOIL,
    RequestKind.DISCOVERY: _OF_DISCOVERY,
    RequestKind.SUBPOENA: _OF_SUBPOENA,
    RequestKind.SUBJECT_ACCESS: _OF_SUBJECT,
}
_NEEDS_REASON = {_K.EXTENDED, _K.DENIED, _K.WITHDRAWN, _K.APPEAL_DECIDED, _K.APPEALED}
_NEEDS_DOCUMENT = {_K.DENIED: "the letter", _K.OWNER_ANSWERED: "the agency's letter or mail"}


def next_steps(request: RecordsRequest) -> frozenset[StepKind]:
    """The steps that a request of this kind may go from where it is."""
    if not request.is_open:
        return frozenset()
    return _STEPS[request.kind].get(request.state, frozenset()) | _ALWAYS


def check_facts(facts: RequestFacts, rules: RequestRules, today: date) -> None:
    """Raises RequestRefusedError with every fault at once."""
    if faults := list(_fact_faults(facts, rules, today)):
        raise RequestRefusedError("The request cannot be entered like this.", faults)


def take_step(
    request: RecordsRequest, step: NextStep, rules: RequestRules, by: str, now: datetime, today: date
) -> RecordsRequest:
    """The request after the step. `today` is the office's day.

    Raises RequestRefusedError with every fault at once.
    """
    if step.kind not in next_steps(request):
        possible = ", ".join(sorted(kind.value for kind in next_steps(request))) or "nothing: it is closed"
        fault = RequestFault("kind", f"does not follow on `{request.state.value}`; possible are: {possible}")
        raise RequestRefusedError("This step cannot be taken now.", [fault])
    if faults := list(_step_faults(request, step, rules, today)):
        raise RequestRefusedError("The step cannot be taken like this.", faults)
    taken = RequestStep(**step.model_dump(), by=by, at=now, day=today)
    return request.model_copy(update={"steps": (*request.steps, taken), "revision": request.revision + 1})


def _fact_faults(facts: RequestFacts, rules: RequestRules, today: date) -> Iterator[RequestFault]:
    if facts.received_on > today:
        yield RequestFault("received_on", "lies in the future; write the day on which it came")
    if rules.kinds[facts.kind].needs_identity and not facts.identity_document:
        yield RequestFault("identity_document", "name the document that proves who asks")
    is_discovery = facts.kind is RequestKind.DISCOVERY
    if is_discovery and facts.arraigned_on is None:
        yield RequestFault("arraigned_on", "write the day of the arraignment, from which the days count")
    if facts.kind is RequestKind.SUBPOENA and facts.return_on is None:
        yield RequestFault("return_on", "write the day that the subpoena names")
    if is_discovery and facts.arraigned_on and facts.trial_on and facts.trial_on < facts.arraigned_on:
        yield RequestFault("trial_on", "lies before the arraignment; write a later day")


def _step_faults(request: RecordsRequest, step: NextStep, rules: RequestRules, today: date) -> Iterator[RequestFault]:
    if len(request.steps) >= MOST_STEPS:
        yield RequestFault("kind", "the request has as many steps as fit; close it and enter it anew")
    if step.kind in _NEEDS_REASON and len(step.reason.strip()) < 3:
        yield RequestFault("reason", "write why")
    if step.kind in _NEEDS_DOCUMENT and len(step.document.strip()) < 3:
        yield RequestFault("document", f"name {_NEEDS_DOCUMENT[step.kind]}")
    yield from _promise_faults(request, step, rules, today)
    yield from _withholding_faults(request, step, rules)
    yield from _foil_faults(request, step, rules, today)
    yield from _owner_faults(request, step)


def _promise_faults(
    request: RecordsRequest, step: NextStep, rules: RequestRules, today: date
) -> Iterator[RequestFault]:
    rule = next((rule for rule in rules.kinds[request.kind].clocks if rule.after == step.kind and rule.promised), None)
    if rule is None:
        return
    if step.promised_on is None:
        yield RequestFault("promised_on", "write the day by which you will answer")
        return
    latest = limit_of(rule, today, rules.holidays)
    if step.promised_on <= today:
        yield RequestFault("promised_on", "is not to come; write a later day")
    elif latest and step.promised_on > latest:
        yield RequestFault(
            "promised_on", f"is later than {latest}, the last day allowed; extend it then, with a reason"
        )
    before = request.last(StepKind.EXTENDED)
    if step.kind is StepKind.EXTENDED and before and before.promised_on and step.promised_on <= before.promised_on:
        yield RequestFault("promised_on", "is no later than the day that was promised before")


def _withholding_faults(request: RecordsRequest, step: NextStep, rules: RequestRules) -> Iterator[RequestFault]:
    rule = rules.kinds[request.kind]
    if step.kind in (StepKind.ANSWERED_IN_PART, StepKind.DENIED) and not step.withheld:
        yield RequestFault("withheld", "name each part that is withheld, with its ground")
    for place, part in enumerate(step.withheld):
        if rule.ground(part.code) is None:
            codes = ", ".join(ground.code for ground in rule.grounds)
            yield RequestFault(f"withheld.{place}.code", f"is no ground of {rule.source}; choose one of: {codes}")


def _foil_faults(request: RecordsRequest, step: NextStep, rules: RequestRules, today: date) -> Iterator[RequestFault]:
    if request.kind is not RequestKind.FOIL:
        return
    first = next(rule for rule in rules.kinds[RequestKind.FOIL].clocks if rule.after is Anchor.RECEIVED)
    due_on = limit_of(first, request.facts.received_on, rules.holidays)
    if step.kind in _ANSWERS and request.state is RequestState.RECEIVED and due_on and today > due_on:
        yield RequestFault("kind", f"the first answer was due on {due_on}; acknowledge it first, so that this is seen")
    appeal_until = last_day_to_appeal(request, rules)
    if step.kind is StepKind.APPEALED:
        if appeal_until and today > appeal_until:
            yield RequestFault("kind", f"an appeal could be made until {appeal_until}")
        is_silent = appeal_until is None and not _is_late(request, rules, today)
        if is_silent:
            yield RequestFault("kind", "nothing is denied and nothing is late, so there is nothing to appeal")
    if step.kind is StepKind.APPEAL_DECIDED and len(step.document.strip()) < 3:
        yield RequestFault("document", "name the decision whose copy went to the Committee on Open Government")
    may_be_appealed = request.state is not RequestState.APPEAL_DECIDED and appeal_until and today <= appeal_until
    if step.kind is StepKind.CLOSED and may_be_appealed:
        yield RequestFault("kind", f"the answer may be appealed until {appeal_until}; close it after that day")


def _is_late(request: RecordsRequest, rules: RequestRules, today: date) -> bool:
    """Silence is a denial: POL 89(4)(a)."""
    return any(clock.is_overdue(today) for clock in running_clocks(request, rules))


def _owner_faults(request: RecordsRequest, step: NextStep) -> Iterator[RequestFault]:
    if step.kind is StepKind.OWNER_ANSWERED:
        if step.agency not in request.unanswered_owners:
            waits = ", ".join(request.unanswered_owners) or "none"
            yield RequestFault("agency", f"is none whose answer waits; those are: {waits}")
    elif step.kind in (StepKind.ANSWERED, StepKind.ANSWERED_IN_PART) and request.unanswered_owners:
        waits = ", ".join(request.unanswered_owners)
        yield RequestFault("kind", f"{waits} was told of the subpoena and has not answered; note its answer first")
