"""The purge in one process: tables of the template, buckets, and the queue of steps as a list."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import boto3
import pytest

from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.match_arrests import MatchDeps, match_versions
from shared.alerts.purge_table import AlertPurgeTable
from shared.arrests.juveniles.purge_table import JuvenilePurgeTable
from shared.arrests.model import Arrest, Provenance
from shared.arrests.purge_table import ArrestPurgeTable
from shared.arrests.retention.default_schedule import default_schedule
from shared.arrests.table import Version
from shared.disclosures.references_table import ReferencesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.follow_corrections import CorrectionDeps
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.purge_table import DropPurgeTable
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.case_entries_table import CaseEntriesTable
from shared.retention.certificate import Certificates, PurgeCertificate
from shared.retention.dependencies import PurgeDeps
from shared.retention.holds_table import HoldsTable
from shared.retention.model import PurgeStep, first_steps
from shared.retention.purge import run_step
from shared.subscriptions.purge_table import WatchPurgeTable
from tests.builders import NOW, PSEUDONYMS, a_subscription, an_office
from tests.conftest import Tables


class RecordsOffice:
    """An office with a watch for everybody of precinct 101, and the purge of what it holds."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.s3 = boto3.client("s3")
        for bucket in ("feeds", "copies", "audit"):
            self.s3.create_bucket(Bucket=bucket)
        self.steps: list[PurgeStep] = []
        self.holds = HoldsTable(tables.client, "Subscriptions")
        self.case_entries = CaseEntriesTable(tables.client, "Subscriptions")
        self.certificates = Certificates(self.s3, "audit")
        self.deps = PurgeDeps(
            schedule=default_schedule(),
            offices=tables.offices,
            holds=self.holds,
            case_entries=self.case_entries,
            arrests=ArrestPurgeTable(tables.client, "Arrests"),
            juveniles=JuvenilePurgeTable(tables.client, "Juveniles", "Arrests"),
            alerts=tables.alerts,
            alert_purge=AlertPurgeTable(tables.client, "Alerts"),
            drops=tables.drops,
            drop_purge=DropPurgeTable(tables.client, "Agencies"),
            copies=CopiesBucket(self.s3, "copies"),
            requests=RecordsRequestsTable(tables.client, "Subscriptions"),
            corrections=CorrectionDeps(
                tables.subscriptions.disputes,
                DisclosuresTable(tables.client, "Subscriptions"),
                ReferencesTable(tables.client, "Subscriptions"),
                tables.offices,
            ),
            watches=WatchPurgeTable(tables.client, "Subscriptions"),
            certificates=self.certificates,
            pseudonyms=lambda: PSEUDONYMS,
            enqueue=self.steps.append,
            feeds_bucket="feeds",
            purged_by="purge_records",
        )
        self._drops = 0

    def enrol(self, office_id: str = "kings", **facts: Any) -> None:
        self.tables.offices.enrol(an_office(office_id, **facts))

    def watch(self, office_id: str = "kings") -> None:
        email = f"{office_id}@da.example.gov"
        facts = {"office_id": office_id, "owner": email, "recipients": [{"email": email}]}
        criterion = {"watch": "place", "agency": "roster", "precinct": "101"}
        self.tables.watch_list.add(a_subscription(criterion, **facts))

    def report(self, *arrests: Arrest, now: datetime = NOW) -> dict[str, Any]:
        """Stores a drop of these arrests and alerts whoever watches. Returns what became of each."""
        self._drops += 1
        provenance = Provenance(drop_id=f"drop-{self._drops}", dropped_at=now, sequencer=f"{self._drops:x}")
        outcomes = self.tables.arrests.store(arrests, provenance, now)
        queue: list[DeliveryKey] = []
        deps = MatchDeps(
            self.tables.watch_list,
            self.tables.subscriptions,
            self.tables.offices,
            self.tables.alerts,
            PSEUDONYMS,
            queue.extend,
        )
        match_versions([Version(arrest, None, now, now + timedelta(seconds=1)) for arrest in arrests], deps, now)
        return dict(outcomes)

    def run(self, day: date, agencies: Iterable[str] = ("roster",)) -> int:
        """Runs the whole purge of a day."""
        self.steps += first_steps(day, agencies)
        purged = 0
        while self.steps:
            purged += run_step(self.steps.pop(), self.deps, datetime.combine(day, NOW.timetz()))
        return purged

    def breaks_off(self, day: date, at: bytes = b"") -> None:
        """A run of which the function is stopped before it deletes an item, the first whose request has these
        bytes."""

        def stop(params: dict[str, Any], **_: object) -> None:
            if at in params["body"]:
                raise ConnectionError("the function was stopped")

        events, name = self.tables.client.meta.events, "before-call.dynamodb.DeleteItem"
        events.register_first(name, stop)
        try:
            with pytest.raises(ConnectionError):
                self.run(day)
        finally:
            events.unregister(name, stop)
        self.steps.clear()

    def issued(self) -> list[PurgeCertificate]:
        return list(self.certificates.purged_since(date(2000, 1, 1)))

    def parts(self, table: str = "Alerts") -> list[str]:
        return sorted(item["part"]["S"].partition("#")[0] for item in self.tables.everything_in(table))


@pytest.fixture
def records(tables: Tables) -> RecordsOffice:
    return RecordsOffice(tables)
