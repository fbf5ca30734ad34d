"""What somebody wants done with a drop: it is read once more, and its arrests are then told of or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.arrests import Manner
from shared.domain.drops import Decided, Drop, DropRecord, Standing
from shared.tables.drops import DropsTable


class Wish(StrEnum):
    RELEASE = "release"  # what is held is told of
    DISCARD = "discard"  # nobody is told of it, ever
    REPLAY = "replay"  # read anew, as its profile now says, and told of anew; nobody is told twice of the same
    REPLAY_SILENTLY = "replay silently"  # read anew; of what changes nobody is told


_DONE: Mapping[Wish, tuple[Standing, Manner]] = {
    Wish.RELEASE: (Standing.RELEASED, Manner.TOLD),
    Wish.DISCARD: (Standing.DISCARDED, Manner.HELD),
    Wish.REPLAY: (Standing.RELEASED, Manner.AGAIN),
    Wish.REPLAY_SILENTLY: (Standing.RELEASED, Manner.SILENT),
}
# from which standings; what was done may be said again, in case its message was lost
_FROM: Mapping[Wish, tuple[Standing, ...]] = {
    Wish.RELEASE: (Standing.HELD, Standing.RELEASED),
    Wish.DISCARD: (Standing.HELD, Standing.DISCARDED),
    Wish.REPLAY: (Standing.PASSED, Standing.RELEASED, Standing.DISCARDED),
    Wish.REPLAY_SILENTLY: (Standing.PASSED, Standing.RELEASED, Standing.DISCARDED),
}


class CannotBe(ValueError):  # noqa: N818
    """What is wanted does not go with how the drop stands; says what does."""


@dataclass(frozen=True)
class Deciding:
    """`announce` has the intake read a drop; `kept` says whether its file is there to be read."""

    drops: DropsTable
    announce: Callable[[Drop], object]
    kept: Callable[[Drop], bool]


def decide(record: DropRecord, wish: Wish, by: str, at: Deciding, now: datetime) -> DropRecord:
    """Raises CannotBe, or Overtaken when the drop stands otherwise by now."""
    if record.standing not in _FROM[wish]:
        fits = ", ".join(one for one in Wish if record.standing in _FROM[one])
        raise CannotBe(f"The drop is {record.standing}; it can be: {fits}.")
    if record.receipt is None and wish in (Wish.REPLAY, Wish.REPLAY_SILENTLY):
        raise CannotBe("The drop is being read; wait for its receipt.")
    kept = at.kept(record.drop)
    if not kept and wish is not Wish.DISCARD:
        raise CannotBe("The file of the drop is kept no longer; let the agency send it again.")
    standing, manner = _DONE[wish]
    done = at.drops.decide(record, Decided(standing=standing, manner=manner, by=by, at=now))
    if kept:
        at.announce(record.drop)
    return done
