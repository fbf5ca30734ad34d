"""Late notices of releases (New York Correction Law 149): late is the notice that first named the day, or an earlier
one than was named before. A row that repeats a day in the last 48 hours is not late, and one that brings it forward is.

The normaliser flags by the row alone (`Flag.SHORT_NOTICE`). Here what is stored decides which flag stays and which
notice the receipt counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from shared.arrests.diff import Difference
from shared.arrests.history import Revision
from shared.arrests.items import WriteOutcome
from shared.arrests.model import Arrest, ArrestChange, Flag
from shared.arrests.release import ReleaseMoment, is_brought_forward
from shared.arrests.table import ArrestsTable
from shared.feeds.normalise.read_drop import ParsedDrop


def with_first_notices(parsed: ParsedDrop, arrests: ArrestsTable) -> ParsedDrop:
    """The drop without the flag of those releases whose day was announced before, in time. Reads those that are
    flagged, in one batch; most drops have none."""
    flagged = _late(parsed)
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
    was_in_time = stored is not None and Flag.SHORT_NOTICE not in stored.flags and not _is_sooner(stored, arrest)
    if Flag.SHORT_NOTICE not in arrest.flags or not was_in_time:
        return arrest
    return arrest.model_copy(update={"flags": tuple(flag for flag in arrest.flags if flag is not Flag.SHORT_NOTICE)})


def late_notices(
    parsed: ParsedDrop, outcomes: Mapping[str, WriteOutcome], arrests: ArrestsTable, dropped_at: datetime
) -> int:
    """How many releases this drop announced late: new ones, and those that it brought forward. The same however often
    the drop is read, because the history says which drop moved a release. `dropped_at` is this drop's."""
    changed = [id_ for id_ in _late(parsed) if outcomes[id_] is WriteOutcome.UPDATED]
    brought_forward = sum(_is_brought_forward_by(arrests.history(id_), dropped_at) for id_ in changed)
    return len(new_late_notices(parsed, outcomes)) + brought_forward


def new_late_notices(parsed: ParsedDrop, outcomes: Mapping[str, WriteOutcome]) -> list[str]:
    """The arrests that nobody had heard of, whose release this drop announces late."""
    return [id_ for id_ in _late(parsed) if outcomes[id_] is WriteOutcome.ACCEPTED]


def _late(parsed: ParsedDrop) -> list[str]:
    return [each.arrest.arrest_id for each in parsed.arrests if Flag.SHORT_NOTICE in each.arrest.flags]


def _is_brought_forward_by(revisions: Iterable[Revision], dropped_at: datetime) -> bool:
    """Whether the drop that came then moved the release to an earlier moment."""
    own = (revision for revision in revisions if revision.reported_at == dropped_at)
    return any(_tells_of_sooner(difference) for revision in own for difference in revision.differences)


def _is_sooner(stored: Arrest, arrest: Arrest) -> bool:
    before, after = (ReleaseMoment(each.event_on, each.event_at) for each in (stored, arrest))
    return is_brought_forward(before, after)


def _tells_of_sooner(difference: Difference) -> bool:
    if difference.change is not ArrestChange.EVENT_MOVED or not (difference.before and difference.after):
        return False
    return is_brought_forward(_moment_of(difference.before), _moment_of(difference.after))


def _moment_of(text: str) -> ReleaseMoment:
    """Of what a difference says: a day, or an instant."""
    if len(text) == len("2026-12-01"):
        return ReleaseMoment(date.fromisoformat(text))
    instant = datetime.fromisoformat(text)
    return ReleaseMoment(instant.date(), instant)
