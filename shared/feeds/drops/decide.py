"""Decides about a drop: releases or discards what is held, or replays it.

The drop is read once more, and its status then says whether its arrests may be notified of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.arrests.model import NotifyMode
from shared.feeds.drops.model import Drop, DropDecision, DropRecord, DropStatus
from shared.feeds.drops.receipt import ReceiptState
from shared.feeds.drops.table import DropsTable
from shared.offices.governance.model import Requirement
from shared.words import words


class DropAction(StrEnum):
    RELEASE = "release"  # notify of a held drop
    DISCARD = "discard"  # never notify of it
    REPLAY = "replay"  # read again with the present profile and notify again; nobody is notified twice of the same
    REPLAY_SILENTLY = "replay silently"  # read again; notify nobody of what changes


_RESULT: Mapping[DropAction, tuple[DropStatus, NotifyMode]] = {
    DropAction.RELEASE: (DropStatus.RELEASED, NotifyMode.NOTIFY),
    DropAction.DISCARD: (DropStatus.DISCARDED, NotifyMode.HELD),
    DropAction.REPLAY: (DropStatus.RELEASED, NotifyMode.REMATCH),
    DropAction.REPLAY_SILENTLY: (DropStatus.RELEASED, NotifyMode.SILENT),
}
# Each action may be repeated from the status that it leads to, in case its queue message was lost.
_ALLOWED_FROM: Mapping[DropAction, tuple[DropStatus, ...]] = {
    DropAction.RELEASE: (DropStatus.HELD, DropStatus.RELEASED),
    DropAction.DISCARD: (DropStatus.HELD, DropStatus.DISCARDED),
    DropAction.REPLAY: (DropStatus.PASSED, DropStatus.RELEASED, DropStatus.DISCARDED),
    DropAction.REPLAY_SILENTLY: (DropStatus.PASSED, DropStatus.RELEASED, DropStatus.DISCARDED),
}


_NOTIFYING = (DropAction.RELEASE, DropAction.REPLAY)

# No reading takes longer, and what the tasks of a large drop hand on is kept no longer.
LONGEST_READING = timedelta(days=1)


class InvalidTransitionError(ValueError):
    """The action is not possible in the drop's present state. The message says what is possible."""


@dataclass(frozen=True)
class DropDecisionDeps:
    """`announce` queues a drop for the intake. `file_exists` says whether it can still be read, `missing_before_live`
    what must be on record before anybody is notified of the agency's arrests."""

    drops: DropsTable
    announce: Callable[[Drop], object]
    file_exists: Callable[[DropRecord], bool]
    missing_before_live: Callable[[str], tuple[Requirement, ...]] = lambda _agency: ()


def decide_drop(
    record: DropRecord, action: DropAction, decided_by: str, deps: DropDecisionDeps, now: datetime
) -> DropRecord:
    """Stores the decision, queues the drop to be read again, and returns its new record.

    Raises InvalidTransitionError, and ConflictError when the drop's status changed since `record` was read.
    """
    if action in _NOTIFYING and (missing := deps.missing_before_live(record.drop.agency)):
        requirements = "; ".join(words(f"requirement.{requirement}") for requirement in missing)
        raise InvalidTransitionError(f"The feed is not live. Have recorded of the agency first: {requirements}.")
    file_exists = deps.file_exists(record)
    decision = decision_for(record, action, decided_by, now, file_exists=file_exists)
    decided = deps.drops.record_decision(record, decision)
    if file_exists:
        deps.announce(record.drop)
    return decided


def decision_for(
    record: DropRecord, action: DropAction, decided_by: str, now: datetime, *, file_exists: bool
) -> DropDecision:
    """Returns the decision to store. Raises InvalidTransitionError when the action is not possible."""
    if record.status not in _ALLOWED_FROM[action]:
        possible = ", ".join(other for other in DropAction if record.status in _ALLOWED_FROM[other])
        raise InvalidTransitionError(f"The drop is {record.status}; it can be: {possible}.")
    if action in (DropAction.REPLAY, DropAction.REPLAY_SILENTLY):
        _check_replay(record, now)
    if not file_exists and action is not DropAction.DISCARD:
        raise InvalidTransitionError("The drop's file has been deleted; let the agency send it again.")
    status, notify_mode = _RESULT[action]
    return DropDecision(status=status, notify_mode=notify_mode, decided_by=decided_by, decided_at=now)


def _check_replay(record: DropRecord, now: datetime) -> None:
    """Raises InvalidTransitionError for a drop that cannot be read again by itself, or not yet."""
    receipt = record.receipt
    if receipt is None:
        if now - record.drop.dropped_at < LONGEST_READING:
            raise InvalidTransitionError(
                "The drop is being read; wait for its receipt. If there is none a day after it was dropped, replay it."
            )
        return
    if receipt.state is ReceiptState.WAITING:
        raise InvalidTransitionError("The drop waits for other files; it is read when they have come.")
    if receipt.joined_to:
        raise InvalidTransitionError(f"The file was read with the drop {receipt.joined_to}; replay that one.")
