"""What a breach asks for now, and what people may say of it. Pure; the clock is passed in."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.breaches.model import (
    Breach,
    BreachClosing,
    BreachConfirmation,
    BreachRequest,
    BreachState,
    BreachStep,
    StepRequest,
    StepStatus,
    StepTaken,
)

_SKEW = timedelta(minutes=5)  # between a person's clock and ours


class BreachFault(NamedTuple):
    """What is wrong with a field of the request, and what to do about it."""

    field: str
    fix: str


class BreachRefusedError(Exception):
    def __init__(self, reason: str, faults: Collection[BreachFault]) -> None:
        super().__init__(reason)
        self.reason, self.faults = reason, tuple(faults)


class BreachStateError(Exception):
    """The breach is in a state in which this cannot be said of it."""


class BreachRecorder(NamedTuple):
    office_id: str
    email: str


def record_breach(request: BreachRequest, recorder: BreachRecorder, new_id: str, now: datetime) -> Breach:
    """Raises BreachRefusedError for a discovery that lies in the future."""
    if request.discovered_at > now + _SKEW:
        fault = BreachFault("discovered_at", "lies in the future; write when it was noticed")
        raise BreachRefusedError("The breach cannot be recorded as it is written.", [fault])
    return Breach(
        breach_id=new_id,
        office_id=recorder.office_id,
        summary=request.summary,
        discovered_at=request.discovered_at,
        recorded_by=recorder.email,
        recorded_at=now,
    )


def statuses(breach: Breach, steps: Iterable[BreachStep], now: datetime) -> list[StepStatus]:
    """The steps that the breach asks for: late ones first, then by their day, then those that are taken."""
    asked_for = [_status(breach, step, now) for step in steps if _is_asked_for(breach, step)]
    return sorted(asked_for, key=lambda status: (status.taken is not None, not status.late, status.due is None))


def _is_asked_for(breach: Breach, step: BreachStep) -> bool:
    if step.begins is BreachState.SUSPECTED:
        return True
    if breach.confirmed_at is None:
        return False
    return (breach.risk or not step.risk) and (breach.people or 0) >= step.people


def _status(breach: Breach, step: BreachStep, now: datetime) -> StepStatus:
    start = breach.discovered_at if step.begins is BreachState.SUSPECTED else breach.confirmed_at
    due = start + timedelta(hours=step.hours) if start and step.hours else None
    taken = next((taken for taken in breach.taken if taken.step == step.name), None)
    is_late = taken is None and due is not None and due < now and breach.state is not BreachState.CLOSED
    return StepStatus(step, due, taken, is_late)


def open_steps(breach: Breach, steps: Iterable[BreachStep], now: datetime) -> list[StepStatus]:
    if breach.state is BreachState.CLOSED:
        return []
    return [status for status in statuses(breach, steps, now) if status.taken is None]


def confirm_breach(breach: Breach, confirmation: BreachConfirmation, by: str, now: datetime) -> Breach:
    """May be said again, when more is known; the clock runs from the first time. Raises BreachStateError."""
    _check_open(breach)
    return _next(
        breach,
        state=BreachState.CONFIRMED,
        people=confirmation.people,
        risk=confirmation.risk,
        confirmed_by=breach.confirmed_by or by,
        confirmed_at=breach.confirmed_at or now,
    )


def take_step(breach: Breach, request: StepRequest, steps: Iterable[BreachStep], by: str, now: datetime) -> Breach:
    """Raises BreachStateError when it is taken already or the breach is closed, BreachRefusedError otherwise."""
    _check_open(breach)
    if faults := list(_step_faults(breach, request, steps, now)):
        raise BreachRefusedError("The step cannot be ticked off as it is written.", faults)
    if any(taken.step == request.step for taken in breach.taken):
        raise BreachStateError("This step is ticked off already.")
    taken = StepTaken(step=request.step, how=request.how, done_at=request.done_at, recorded_by=by)
    return _next(breach, taken=(*breach.taken, taken))


def _step_faults(
    breach: Breach, request: StepRequest, steps: Iterable[BreachStep], now: datetime
) -> Iterator[BreachFault]:
    names = [status.step.name for status in statuses(breach, steps, now)]
    if request.step not in names:
        yield BreachFault("step", f"is none that this breach asks for; choose one of: {', '.join(names)}")
    if not breach.discovered_at <= request.done_at <= now + _SKEW:
        yield BreachFault("done_at", "lies before the discovery or in the future; write when it was done")


def close_breach(breach: Breach, closing: BreachClosing, steps: Iterable[BreachStep], by: str, now: datetime) -> Breach:
    """Every step is done, or has a reason why it is not. Raises BreachStateError, and BreachRefusedError that names
    each step which is left."""
    _check_open(breach)
    explained = {left_out.step for left_out in closing.left_out}
    missing = [status.step.name for status in open_steps(breach, steps, now) if status.step.name not in explained]
    if missing:
        fault = BreachFault("left_out", f"do these steps, or say why they are left out: {', '.join(missing)}")
        raise BreachRefusedError("Steps are neither done nor explained.", [fault])
    return _next(
        breach,
        state=BreachState.CLOSED,
        finding=closing.finding,
        left_out=closing.left_out,
        closed_by=by,
        closed_at=now,
    )


def _check_open(breach: Breach) -> None:
    if breach.state is BreachState.CLOSED:
        raise BreachStateError("This breach is closed. Record what is new as another one.")


def _next(breach: Breach, **changes: object) -> Breach:
    return breach.model_copy(update=changes | {"revision": breach.revision + 1})
