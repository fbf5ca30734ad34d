"""What the routes work with, made once at cold start."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from functions.office_api.settings import Settings
from shared.alerts.backtest import BacktestDeps
from shared.alerts.decide_review import ReviewDeps
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.match_arrests import Enqueue, MatchDeps
from shared.alerts.responses.respond import ResponseDeps
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.alerts.withdraw import WithdrawDeps
from shared.arrests.table import ArrestsTable
from shared.audit.table import AuditTable
from shared.aws.idempotency_table import IdempotencyTable
from shared.aws.secrets import load_secret_key
from shared.aws.settings import load_settings
from shared.feeds.drops.decide import DropDecisionDeps
from shared.feeds.drops.queue import drop_announcer
from shared.feeds.drops.stored_file import file_check
from shared.feeds.drops.table import DropsTable
from shared.feeds.profiles.table import AgenciesTable
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.offices.accounts import Accounts
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users_table import UsersTable
from shared.pseudonyms import Pseudonyms
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.subscribe import SubscribeDeps
from shared.subscriptions.table import SubscriptionsTable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

settings = load_settings(Settings)
_dynamodb = boto3.client("dynamodb")

offices = OfficesTable(_dynamodb, settings.offices_table)
users = UsersTable(_dynamodb, settings.subscriptions_table)
subscriptions = SubscriptionsTable(_dynamodb, settings.subscriptions_table)
alerts = AlertsTable(_dynamodb, settings.alerts_table)
answers = ResponsesTable(_dynamodb, settings.alerts_table)
people = PreferencesTable(_dynamodb, settings.subscriptions_table)
arrests = ArrestsTable(_dynamodb, settings.arrests_table)
digests = alerts.digests
answering = ResponseDeps(alerts, answers, people)
agencies = AgenciesTable(_dynamodb, settings.agencies_table)
drops = DropsTable(_dynamodb, settings.agencies_table)
audit = AuditTable(_dynamodb, settings.audit_table)
repeats = IdempotencyTable(_dynamodb, settings.subscriptions_table)
names_of = AgencyReferenceTable(_dynamodb, settings.offices_table).frequencies_of
backtesting = BacktestDeps(arrests, names_of)


@cache
def secret() -> bytes:
    return load_secret_key(settings.pseudonym_secret)


@cache
def keyed() -> Pseudonyms:
    """Its key is read when something is first watched: most calls only read, and start 60 ms sooner without it."""
    return Pseudonyms(secret())


@cache
def s3() -> "S3Client":
    """For an agency's files alone."""
    return boto3.client("s3")


@cache
def enrolling() -> SubscribeDeps:
    return SubscribeDeps(subscriptions=subscriptions, index=_watch_list())


@cache
def reviewing() -> ReviewDeps:
    """Made when somebody first decides a review: most calls never queue anything."""
    alerting = MatchDeps(_watch_list(), subscriptions, offices, alerts, keyed(), _enqueue(), names_of=names_of)
    return ReviewDeps(alerting, arrests)


@cache
def deciding() -> DropDecisionDeps:
    bucket = settings.feeds_bucket
    return DropDecisionDeps(
        drops, drop_announcer(boto3.client("sqs"), settings.feed_queue, bucket), file_check(s3(), bucket)
    )


@cache
def accounts() -> Accounts:
    """Made when somebody is first removed. It is not waited for long: the user's row was changed before."""
    soon = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
    return Accounts(boto3.client("cognito-idp", config=soon), settings.user_pool)


@cache
def recalling() -> WithdrawDeps:
    return WithdrawDeps(alerts, _enqueue())


@cache
def _enqueue() -> Enqueue:
    return delivery_enqueuer(boto3.client("sqs"), settings.alerts_queue)


@cache
def _watch_list() -> SubscriptionIndex:
    return SubscriptionIndex(_dynamodb, settings.subscriptions_table, keyed())
