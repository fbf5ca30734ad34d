"""What record_delivery_events works with, made once at cold start."""

import boto3

from functions.record_delivery_events.settings import Settings
from shared.alerts.follow_up.provider_events import ProviderEventDeps
from shared.alerts.table import AlertsTable
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.offices.table import OfficesTable

_settings = load_settings(Settings)

dynamodb, sqs = boto3.client("dynamodb", config=ANSWERS_WITHIN), boto3.client("sqs", config=ANSWERS_WITHIN)
queue_url = _settings.provider_events_queue
provider_events = ProviderEventDeps(
    AlertsTable(dynamodb, _settings.alerts_table),
    OfficesTable(dynamodb, _settings.offices_table),
)
