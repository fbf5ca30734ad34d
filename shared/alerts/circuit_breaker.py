"""A drop that would tell too many people is held from there on; those who were told before then were told."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shared.arrests.table import ArrestsTable, Version
from shared.feeds.drops.model import DropStatus
from shared.feeds.drops.table import DropsTable
from shared.pseudonyms import Pseudonyms

Hit = tuple[Version, Collection[tuple[str, ...]]]
"""A version and whom it is to be told to: office and address."""


@dataclass(frozen=True)
class Breaker:
    drops: DropsTable
    arrests: ArrestsTable
    pseudonyms: Pseudonyms

    def held(self, hits: Iterable[Hit]) -> set[str]:
        """The arrests of which nobody may be told now. People are counted as hashes."""
        by_drop: defaultdict[tuple[str, str], list[Hit]] = defaultdict(list)
        for version, people in hits:
            if people and version.drop_id:
                by_drop[version.arrest.agency, version.drop_id].append((version, people))
        return {
            arrest_id for (agency, drop_id), some in by_drop.items() for arrest_id in self._of(agency, drop_id, some)
        }

    def _of(self, agency: str, drop_id: str, hits: list[Hit]) -> list[str]:
        people = {self.pseudonyms.of("told of a drop", *one) for _, some in hits for one in some}
        if self.drops.count_notified(agency, drop_id, people) in (DropStatus.PASSED, DropStatus.RELEASED):
            return []
        self.arrests.hold(version for version, _ in hits)
        return [version.arrest.arrest_id for version, _ in hits]
