"""Late notices of releases (New York Correction Law 149): late is the notice that first named the day, or an earlier
one than was named before. A row that repeats a day in the last 48 hours is not late, and one that moves it forward is.

The normaliser flags by the row alone (`Flag.SHORT_NOTICE`). Here what is stored decides which flag stays and which
notice the receipt counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from shared.arrests.diff import Difference
from shared.arrests.history import Revision
from shared.arrests.items import WriteOutcome
from shared.arrests.model import Arrest, ArrestChange, Flag
from shared.arrests.table import ArrestsTable
from shared.feeds.normalise.read_drop import ParsedDrop

_DAY = len("2026-12-01")


def with_first_notices(parsed: ParsedDrop, arrests: ArrestsTable) -> ParsedDrop:
    """The drop without the flag of those releases whose day was announced before, in time. Reads those that are
    flagged, in one batch; most drops have none."""
    flagged = [each.arrest.arrest_id for each in parsed.arrests if Flag.SHORT_NOTICE in each.arrest.flags]
    if not flagged:
        return parsed
    stored = {version.arrest.arrest_id: version.arrest for version in arrests.versions(flagged)}
    settled = [
        each._replace(arrest=as_first_noticed(each.arrest, stored.get(each.arrest.arrest_id)))
        for each in parsed.arrests
    ]
    return replace(parsed, arrests=settled)


def as_first_noticed(arrest: Arrest, stored: Arrest | None) -> Arrest:
    """Pure. `stored` is what was announced before."""
    was_in_time = stored is not None and Flag.SHORT_NOTICE not in stored.flags and not _is_sooner(arrest, stored)
    if Flag.SHORT_NOTICE not in arrest.flags or not was_in_time:
        return arrest
    return arrest.model_copy(update={"flags": tuple(flag for flag in arrest.flags if flag is not Flag.SHORT_NOTICE)})


def late_notices(
    parsed: ParsedDrop, outcomes: Mapping[str, WriteOutcome], arrests: ArrestsTable, dropped_at: datetime
) -> int:
    """How many releases this drop announced late: new ones, and those that it moved forward. The same however often the
    drop is read, because the history says which drop moved a release. `dropped_at` is this drop's."""
    late = [each.arrest.arrest_id for each in parsed.arrests if Flag.SHORT_NOTICE in each.arrest.flags]
    new = [id_ for id_ in late if outcomes[id_] is WriteOutcome.ACCEPTED]
    changed = [id_ for id_ in late if outcomes[id_] is WriteOutcome.UPDATED]
    return len(new) + sum(is_brought_forward(arrests.history(id_), dropped_at) for id_ in changed)


def is_brought_forward(revisions: Iterable[Revision], dropped_at: datetime) -> bool:
    """Whether the drop that came then moved the event to an earlier moment. Pure."""
    own = (revision for revision in revisions if revision.reported_at == dropped_at)
    return any(_is_forward(difference) for revision in own for difference in revision.differences)


def _is_sooner(arrest: Arrest, stored: Arrest) -> bool:
    if arrest.event_at and stored.event_at:
        return arrest.event_at < stored.event_at
    return arrest.event_on is not None and stored.event_on is not None and arrest.event_on < stored.event_on


def _is_forward(difference: Difference) -> bool:
    """A day and an instant are compared as days."""
    if difference.change is not ArrestChange.EVENT_MOVED or not difference.before:
        return False
    length = None if len(difference.after) == len(difference.before) else _DAY
    return difference.after[:length] < difference.before[:length]
