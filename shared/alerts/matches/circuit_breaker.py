"""The circuit breaker: holds a drop that would notify far more people than its profile expects.

From the version that exceeds the limit on, everything of the drop is held until somebody decides. People notified
before that stay notified.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from shared.arrests.table import ArrestsTable, Version
from shared.feeds.drops.model import DropStatus
from shared.feeds.drops.table import DropsTable
from shared.pseudonyms import Pseudonyms


class Reach(NamedTuple):
    """A version, and the recipients whom it would notify as (office_id, recipient key)."""

    version: Version
    recipients: Collection[tuple[str, str]]


@dataclass(frozen=True)
class CircuitBreaker:
    drops: DropsTable
    arrests: ArrestsTable
    pseudonyms: Pseudonyms

    def hold_over_limit(self, reaches: Iterable[Reach]) -> set[str]:
        """Counts the recipients of each drop, as pseudonyms, and holds the arrests of drops over their limit.

        Returns the ids of the arrests of which nobody may be notified now. May run twice: a recipient counts once.
        """
        by_drop: defaultdict[tuple[str, str], list[Reach]] = defaultdict(list)
        for reach in reaches:
            if reach.recipients and reach.version.drop_id:
                by_drop[reach.version.arrest.agency, reach.version.drop_id].append(reach)
        held: set[str] = set()
        for (agency, drop_id), drop_reaches in by_drop.items():
            if self._is_over_limit(agency, drop_id, drop_reaches):
                self.arrests.hold(reach.version for reach in drop_reaches)
                held |= {reach.version.arrest.arrest_id for reach in drop_reaches}
        return held

    def _is_over_limit(self, agency: str, drop_id: str, reaches: Iterable[Reach]) -> bool:
        people = {
            self.pseudonyms.of("told of a drop", office_id, key)
            for reach in reaches
            for office_id, key in reach.recipients
        }
        status = self.drops.count_notified(agency, drop_id, people)
        return status not in (DropStatus.PASSED, DropStatus.RELEASED)
