"""What the routes work with, made once at cold start."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from functions.office_api.settings import Settings
from shared.accounts import Accounts
from shared.alerting import Alerting, Enqueue
from shared.alerts_queue import enqueuing
from shared.answering import Answering
from shared.backtest import Backtesting
from shared.deciding import Deciding
from shared.domain.pseudonyms import Pseudonyms
from shared.enrolment import Enrolling
from shared.feeds_queue import announcing, keeping
from shared.recall import Recalling
from shared.reviewing import Reviewing
from shared.secret import secret_key
from shared.settings import load
from shared.tables.agencies import AgenciesTable
from shared.tables.alerts import AlertsTable
from shared.tables.answers import AnswersTable
from shared.tables.arrests import ArrestsTable
from shared.tables.audit import AuditTable
from shared.tables.digests import DigestsTable
from shared.tables.drops import DropsTable
from shared.tables.local_tables import LocalTables
from shared.tables.offices import OfficesTable
from shared.tables.people import PeopleTable
from shared.tables.repeats import RepeatsTable
from shared.tables.subscriptions import SubscriptionsTable
from shared.tables.users import UsersTable
from shared.tables.watch_list import WatchList

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

settings = load(Settings)
_dynamodb = boto3.client("dynamodb")

offices = OfficesTable(_dynamodb, settings.offices_table)
users = UsersTable(_dynamodb, settings.subscriptions_table)
subscriptions = SubscriptionsTable(_dynamodb, settings.subscriptions_table)
alerts = AlertsTable(_dynamodb, settings.alerts_table)
answers = AnswersTable(_dynamodb, settings.alerts_table)
people = PeopleTable(_dynamodb, settings.subscriptions_table)
arrests = ArrestsTable(_dynamodb, settings.arrests_table)
digests = DigestsTable(_dynamodb, settings.alerts_table)
answering = Answering(alerts, answers, people)
agencies = AgenciesTable(_dynamodb, settings.agencies_table)
drops = DropsTable(_dynamodb, settings.agencies_table)
audit = AuditTable(_dynamodb, settings.audit_table)
repeats = RepeatsTable(_dynamodb, settings.subscriptions_table)
names_of = LocalTables(_dynamodb, settings.offices_table).names_of
backtesting = Backtesting(arrests, names_of)


@cache
def secret() -> bytes:
    return secret_key(settings.pseudonym_secret)


@cache
def keyed() -> Pseudonyms:
    """Its key is read when something is first watched: most calls only read, and start 60 ms sooner without it."""
    return Pseudonyms(secret())


@cache
def s3() -> "S3Client":
    """For an agency's files alone."""
    return boto3.client("s3")


@cache
def enrolling() -> Enrolling:
    return Enrolling(subscriptions=subscriptions, watch_list=_watch_list())


@cache
def reviewing() -> Reviewing:
    """Made when somebody first decides a review: most calls never queue anything."""
    alerting = Alerting(_watch_list(), subscriptions, offices, alerts, keyed(), _enqueue(), names_of=names_of)
    return Reviewing(alerting, arrests)


@cache
def deciding() -> Deciding:
    bucket = settings.feeds_bucket
    return Deciding(drops, announcing(boto3.client("sqs"), settings.feed_queue, bucket), keeping(s3(), bucket))


@cache
def accounts() -> Accounts:
    """Made when somebody is first removed. It is not waited for long: the user's row was changed before."""
    soon = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
    return Accounts(boto3.client("cognito-idp", config=soon), settings.user_pool)


@cache
def recalling() -> Recalling:
    return Recalling(alerts, _enqueue())


@cache
def _enqueue() -> Enqueue:
    return enqueuing(boto3.client("sqs"), settings.alerts_queue)


@cache
def _watch_list() -> WatchList:
    return WatchList(_dynamodb, settings.subscriptions_table, keyed())
