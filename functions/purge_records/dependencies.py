"""What purge_records works with, made once at cold start."""

from functools import cache

import boto3

from functions.purge_records.settings import Settings
from shared.alerts.purge_table import AlertPurgeTable
from shared.alerts.table import AlertsTable
from shared.arrests.juveniles.purge_table import JuvenilePurgeTable
from shared.arrests.purge_table import ArrestPurgeTable
from shared.arrests.retention.default_schedule import default_schedule
from shared.aws.secrets import load_pseudonyms
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.disclosures.references_table import ReferencesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.follow_corrections import CorrectionDeps
from shared.disputes.table import DisputesTable
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.purge_table import DropPurgeTable
from shared.feeds.drops.table import DropsTable
from shared.offices.table import OfficesTable
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.case_entries_table import CaseEntriesTable
from shared.retention.certificate import Certificates
from shared.retention.dependencies import PurgeDeps
from shared.retention.holds_table import HoldsTable
from shared.retention.queue import step_enqueuer
from shared.subscriptions.purge_table import WatchPurgeTable

_settings = load_settings(Settings)
_dynamodb, _s3 = boto3.client("dynamodb", config=ANSWERS_WITHIN), boto3.client("s3", config=ANSWERS_WITHIN)
sqs = cache(lambda: boto3.client("sqs", config=ANSWERS_WITHIN))
_enqueue = step_enqueuer(sqs(), _settings.purges_queue)
purge = PurgeDeps(
    schedule=default_schedule(),
    offices=OfficesTable(_dynamodb, _settings.offices_table),
    holds=HoldsTable(_dynamodb, _settings.subscriptions_table),
    case_entries=CaseEntriesTable(_dynamodb, _settings.subscriptions_table),
    arrests=ArrestPurgeTable(_dynamodb, _settings.arrests_table),
    juveniles=JuvenilePurgeTable(_dynamodb, _settings.juveniles_table, _settings.arrests_table),
    alerts=AlertsTable(_dynamodb, _settings.alerts_table),
    alert_purge=AlertPurgeTable(_dynamodb, _settings.alerts_table),
    drops=DropsTable(_dynamodb, _settings.agencies_table),
    drop_purge=DropPurgeTable(_dynamodb, _settings.agencies_table),
    copies=CopiesBucket(_s3, _settings.copies_bucket, _settings.juveniles_key),
    requests=RecordsRequestsTable(_dynamodb, _settings.subscriptions_table),
    corrections=CorrectionDeps(
        DisputesTable(_dynamodb, _settings.subscriptions_table),
        DisclosuresTable(_dynamodb, _settings.subscriptions_table),
        ReferencesTable(_dynamodb, _settings.subscriptions_table),
        OfficesTable(_dynamodb, _settings.offices_table),
    ),
    watches=WatchPurgeTable(_dynamodb, _settings.subscriptions_table),
    certificates=Certificates(_s3, _settings.audit_bucket),
    pseudonyms=cache(lambda: load_pseudonyms(_settings.pseudonym_secret)),
    enqueue=lambda step: _enqueue([step]),
    feeds_bucket=_settings.feeds_bucket,
    purged_by="purge_records",
)
