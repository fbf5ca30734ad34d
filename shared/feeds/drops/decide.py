"""What somebody wants done with a drop: it is read once more, and its arrests are then told of or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.arrests.model import NotifyMode
from shared.feeds.drops.model import Drop, DropDecision, DropRecord, DropStatus
from shared.feeds.drops.table import DropsTable


class DropAction(StrEnum):
    RELEASE = "release"  # what is held is told of
    DISCARD = "discard"  # nobody is told of it, ever
    REPLAY = "replay"  # read anew, as its profile now says, and told of anew; nobody is told twice of the same
    REPLAY_SILENTLY = "replay silently"  # read anew; of what changes nobody is told


_DONE: Mapping[DropAction, tuple[DropStatus, NotifyMode]] = {
    DropAction.RELEASE: (DropStatus.RELEASED, NotifyMode.TOLD),
    DropAction.DISCARD: (DropStatus.DISCARDED, NotifyMode.HELD),
    DropAction.REPLAY: (DropStatus.RELEASED, NotifyMode.AGAIN),
    DropAction.REPLAY_SILENTLY: (DropStatus.RELEASED, NotifyMode.SILENT),
}
# from which standings; what was done may be said again, in case its message was lost
_FROM: Mapping[DropAction, tuple[DropStatus, ...]] = {
    DropAction.RELEASE: (DropStatus.HELD, DropStatus.RELEASED),
    DropAction.DISCARD: (DropStatus.HELD, DropStatus.DISCARDED),
    DropAction.REPLAY: (DropStatus.PASSED, DropStatus.RELEASED, DropStatus.DISCARDED),
    DropAction.REPLAY_SILENTLY: (DropStatus.PASSED, DropStatus.RELEASED, DropStatus.DISCARDED),
}


class InvalidTransitionError(ValueError):
    """What is wanted does not go with how the drop stands; says what does."""


@dataclass(frozen=True)
class DropDecisionDeps:
    """`announce` has the intake read a drop; `kept` says whether its file is there to be read."""

    drops: DropsTable
    announce: Callable[[Drop], object]
    file_exists: Callable[[Drop], bool]


def decide_drop(record: DropRecord, wish: DropAction, by: str, deps: DropDecisionDeps, now: datetime) -> DropRecord:
    """Raises InvalidTransitionError, or ConflictError when the drop stands otherwise by now."""
    if record.status not in _FROM[wish]:
        fits = ", ".join(drop_action for drop_action in DropAction if record.status in _FROM[drop_action])
        raise InvalidTransitionError(f"The drop is {record.status}; it can be: {fits}.")
    if record.receipt is None and wish in (DropAction.REPLAY, DropAction.REPLAY_SILENTLY):
        raise InvalidTransitionError("The drop is being read; wait for its receipt.")
    kept = deps.file_exists(record.drop)
    if not kept and wish is not DropAction.DISCARD:
        raise InvalidTransitionError("The file of the drop is kept no longer; let the agency send it again.")
    standing, manner = _DONE[wish]
    done = deps.drops.record_decision(
        record, DropDecision(status=standing, notify_mode=manner, decided_by=by, decided_at=now)
    )
    if kept:
        deps.announce(record.drop)
    return done
