"""What export_records works with, made once at cold start."""

from functools import cache

import boto3

from functions.export_records.settings import Settings
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.arrests.table import ArrestsTable
from shared.audit.table import AuditTable
from shared.aws.secrets import load_pseudonyms
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.disclosures.table import DisclosuresTable
from shared.feeds.copies.bucket import CopiesBucket
from shared.offices.table import OfficesTable
from shared.records_requests.default_rules import default_rules
from shared.records_requests.exports.dependencies import ExportDeps
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.table import RecordsRequestsTable
from shared.subscriptions.table import SubscriptionsTable

_settings = load_settings(Settings)
_dynamodb, _s3 = boto3.client("dynamodb", config=ANSWERS_WITHIN), boto3.client("s3", config=ANSWERS_WITHIN)
sqs = cache(lambda: boto3.client("sqs", config=ANSWERS_WITHIN))
exports = ExportDeps(
    rules=default_rules(),
    offices=OfficesTable(_dynamodb, _settings.offices_table),
    requests=RecordsRequestsTable(_dynamodb, _settings.subscriptions_table),
    exports=ExportsTable(_dynamodb, _settings.subscriptions_table),
    disclosures=DisclosuresTable(_dynamodb, _settings.subscriptions_table),
    arrests=ArrestsTable(_dynamodb, _settings.arrests_table),
    alerts=AlertsTable(_dynamodb, _settings.alerts_table),
    responses=ResponsesTable(_dynamodb, _settings.alerts_table),
    subscriptions=SubscriptionsTable(_dynamodb, _settings.subscriptions_table),
    audit=AuditTable(_dynamodb, _settings.audit_table),
    copies=CopiesBucket(_s3, _settings.copies_bucket),
    pseudonyms=cache(lambda: load_pseudonyms(_settings.pseudonym_secret)),
)
