"""What the purge reads and writes, given by its handler."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.alerts.purge_table import AlertPurgeTable
from shared.alerts.table import AlertsTable
from shared.arrests.juveniles.purge_table import JuvenilePurgeTable
from shared.arrests.purge_table import ArrestPurgeTable
from shared.arrests.retention.model import RetentionSchedule
from shared.disputes.follow_corrections import CorrectionDeps
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.purge_table import DropPurgeTable
from shared.feeds.drops.table import DropsTable
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.case_entries_table import CaseEntriesTable
from shared.retention.certificate import Certificates
from shared.retention.holds_table import HoldsTable
from shared.retention.model import PurgeArea, PurgeStep
from shared.subscriptions.purge_table import WatchPurgeTable


@dataclass(frozen=True)
class PurgeDeps:
    """`purged_by` stands in the certificates; `enqueue` queues the next step; `feeds_bucket` is where drops came."""

    schedule: RetentionSchedule
    offices: OfficesTable
    holds: HoldsTable
    case_entries: CaseEntriesTable
    arrests: ArrestPurgeTable
    juveniles: JuvenilePurgeTable
    alerts: AlertsTable
    alert_purge: AlertPurgeTable
    drops: DropsTable
    drop_purge: DropPurgeTable
    copies: CopiesBucket
    certificates: Certificates
    requests: RecordsRequestsTable
    corrections: CorrectionDeps
    watches: WatchPurgeTable
    pseudonyms: Callable[[], Pseudonyms]
    enqueue: Callable[[PurgeStep], None]
    feeds_bucket: str
    purged_by: str

    def table_of(self, area: PurgeArea) -> ArrestPurgeTable:
        return self.juveniles if area is PurgeArea.JUVENILES else self.arrests
