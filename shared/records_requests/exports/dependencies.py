"""What the worker that makes exports reads and writes, given by its handler."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.audit.table import AuditTable
from shared.disclosures.table import DisclosuresTable
from shared.feeds.copies.bucket import CopiesBucket
from shared.offices.table import OfficesTable
from shared.pseudonyms import Pseudonyms
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.model import RequestRules
from shared.records_requests.table import RecordsRequestsTable
from shared.subscriptions.table import SubscriptionsTable


@dataclass(frozen=True)
class ExportDeps:
    rules: RequestRules
    offices: OfficesTable
    requests: RecordsRequestsTable
    exports: ExportsTable
    disclosures: DisclosuresTable
    arrests: ArrestsTable
    alerts: AlertsTable
    responses: ResponsesTable
    subscriptions: SubscriptionsTable
    audit: AuditTable
    copies: CopiesBucket
    pseudonyms: Callable[[], Pseudonyms]
