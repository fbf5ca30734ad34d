"""What scheduled_jobs works with, made once at cold start."""

import boto3

from functions.scheduled_jobs.settings import Settings
from shared.alerts.announce_reviews import AnnounceDeps
from shared.alerts.delivery.messages.notices_table import NoticesTable
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.expiry_reminders import ExpiryDeps
from shared.alerts.follow_up.escalate import EscalationDeps
from shared.alerts.incidents.agency_conditions import AgencyReads
from shared.alerts.incidents.sweep import IncidentDeps
from shared.alerts.incidents.unreached_table import UnreachedTable
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.arrests.seals.locks_table import LocksTable
from shared.audit.table import AuditTable
from shared.aws.rounds import RoundsTable
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.feeds.drops.queue import drop_announcer
from shared.feeds.drops.table import DropsTable
from shared.feeds.profiles.table import AgenciesTable
from shared.offices.accounts import Accounts
from shared.offices.governance.lock_account import LockDeps
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.records_requests.reminders import ReminderDeps
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.queue import step_enqueuer
from shared.subscriptions.table import SubscriptionsTable

_settings = load_settings(Settings)
_dynamodb, _sqs = boto3.client("dynamodb", config=ANSWERS_WITHIN), boto3.client("sqs", config=ANSWERS_WITHIN)

s3 = boto3.client("s3", config=ANSWERS_WITHIN)
feeds_bucket = _settings.feeds_bucket
alerts = AlertsTable(_dynamodb, _settings.alerts_table)
audit = AuditTable(_dynamodb, _settings.audit_table)
drops = DropsTable(_dynamodb, _settings.agencies_table)
enqueue = delivery_enqueuer(_sqs, _settings.alerts_queue)
announce = drop_announcer(_sqs, _settings.feed_queue, feeds_bucket)
enqueue_purges = step_enqueuer(_sqs, _settings.purges_queue)
offices = OfficesTable(_dynamodb, _settings.offices_table)
_subscriptions = SubscriptionsTable(_dynamodb, _settings.subscriptions_table)
_rounds = RoundsTable(_dynamodb, _settings.subscriptions_table)
_preferences = PreferencesTable(_dynamodb, _settings.subscriptions_table)
agreements = _subscriptions.agreements
agencies = AgenciesTable(_dynamodb, _settings.agencies_table)
_reads = AgencyReads(drops, agencies, LocksTable(_dynamodb, _settings.agencies_table))
expiry = ExpiryDeps(
    offices,
    _subscriptions,
    NoticesTable(_dynamodb, _settings.alerts_table),
    enqueue,
    _rounds,
)
logs = boto3.client("logs", config=ANSWERS_WITHIN)
sign_in_log = _settings.sign_in_log
accounts = Accounts(boto3.client("cognito-idp", config=ANSWERS_WITHIN), _settings.user_pool)
locking = LockDeps(_subscriptions.users, accounts)
escalation = EscalationDeps(alerts, ResponsesTable(_dynamodb, _settings.alerts_table), _preferences, enqueue)
announcement = AnnounceDeps(offices, _subscriptions, _preferences, alerts, enqueue, _rounds)
request_reminders = ReminderDeps(
    offices,
    _subscriptions,
    RecordsRequestsTable(_dynamodb, _settings.subscriptions_table),
    alerts,
    enqueue,
)
incidents = IncidentDeps(
    offices,
    _subscriptions,
    _preferences,
    alerts,
    enqueue,
    _reads.conditions,
    _reads.contacts_of,
    drops.sending_agencies,
    UnreachedTable(_dynamodb, _settings.subscriptions_table),
    _rounds,
    agencies.missing_of_governance,
    lambda office_id: [sign_off.week for sign_off in audit.sign_offs(office_id, 12, None)[0]],
)
