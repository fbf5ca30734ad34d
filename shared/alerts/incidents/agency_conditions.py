"""Reads how agencies stand: overdue, with held or refused files, rejected rows, or seals that name no statute. What is
settled leaves the list of what to see to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.incidents.agencies import AgencyCondition
from shared.arrests.seals.locks_table import LocksTable
from shared.feeds.drops.attention_table import NotedDrops
from shared.feeds.drops.model import DropRecord, DropStatus
from shared.feeds.drops.receipt import Receipt
from shared.feeds.drops.table import DropsTable
from shared.feeds.profiles.table import AgenciesTable

_NONE_NOTED = NotedDrops()


@dataclass(frozen=True)
class AgencyReads:
    drops: DropsTable
    agencies: AgenciesTable
    locks: LocksTable

    def contacts_of(self, agency: str) -> tuple[str, ...]:
        """From the agency's live profile. Empty for an agency that is not enrolled."""
        profile = self.agencies.profile(agency)
        return profile.contacts if profile else ()

    def conditions(self, now: datetime) -> list[AgencyCondition]:
        """Agencies with something wrong, in order."""
        overdue, noted, locked = self.drops.overdue(now), self.drops.attention.all(), self.locks.open_ids()
        agencies = sorted({*overdue, *noted, *locked})
        conditions = (
            self._condition(agency, overdue, noted.get(agency, _NONE_NOTED), agency in locked, now)
            for agency in agencies
        )
        return [condition for condition in conditions if condition]

    def _condition(
        self, agency: str, overdue: Mapping[str, datetime], noted: NotedDrops, has_locks: bool, now: datetime
    ) -> AgencyCondition | None:
        held = [record for record in self._records(agency, noted.held) if record.status is DropStatus.HELD]
        newest = self._newest_taken(agency, now) if noted.refused or noted.partly or noted.late else None
        refused = self._not_sent_again(agency, noted.refused, newest, lambda receipt: receipt.state.is_unread)
        partly = self._not_sent_again(agency, noted.partly, newest, lambda receipt: receipt.rows.rejected > 0)
        late = self._not_sent_again(agency, noted.late, newest, lambda receipt: receipt.late_releases > 0)
        unsettled = {record.drop_id for record in (*held, *refused, *partly, *late)}
        self.drops.attention.remove(agency, (noted.held | noted.refused | noted.partly | noted.late) - unsettled)
        locks = [lock for lock in self.locks.of_agency(agency) if lock.is_open] if has_locks else []
        if not (unsettled or locks or agency in overdue):
            return None
        return AgencyCondition(
            agency,
            is_enrolled=self.agencies.profile(agency) is not None,
            overdue_since=overdue.get(agency),
            held=_when_dropped(held),
            refused=_when_dropped(refused),
            partly=_when_dropped(partly),
            late=_when_dropped(late),
            locked={lock.lock_id: lock.locked_at for lock in locks},
            refused_codes=tuple(sorted({record.receipt.code for record in refused if record.receipt} - {""})),
            contacts=self.contacts_of(agency),
        )

    def _records(self, agency: str, drop_ids: Iterable[str]) -> list[DropRecord]:
        records = (self.drops.find(agency, drop_id) for drop_id in sorted(drop_ids))
        return [record for record in records if record]

    def _newest_taken(self, agency: str, now: datetime) -> datetime | None:
        """When the newest file came that was taken."""
        return max((past.dropped_at for past in self.drops.past_drops(agency, now)), default=None)

    def _not_sent_again(
        self, agency: str, drop_ids: frozenset[str], newest_taken: datetime | None, is_wrong: Callable[[Receipt], bool]
    ) -> list[DropRecord]:
        """Those whose receipt is still wrong, unless the agency has sent a file since that was taken."""
        return [
            record
            for record in self._records(agency, drop_ids)
            if record.receipt is None  # it is being read again
            or (is_wrong(record.receipt) and not (newest_taken and newest_taken > record.drop.dropped_at))
        ]


def _when_dropped(records: Iterable[DropRecord]) -> dict[str, datetime]:
    return {record.drop_id: record.drop.dropped_at for record in records}
