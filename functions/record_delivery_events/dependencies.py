"""What record_delivery_events works with, made once at cold start."""

import boto3

from functions.record_delivery_events.settings import Settings
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.table import AlertsTable
from shared.aws.settings import load_settings
from shared.offices.table import OfficesTable

_settings = load_settings(Settings)

dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
queue_url = _settings.provider_events_queue
provider_events = ProviderEventDeps(
    AlertsTable(dynamodb, _settings.alerts_table),
    OfficesTable(dynamodb, _settings.offices_table),
)
