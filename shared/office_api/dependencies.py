"""Dependencies of the routes: tables at cold start, the rest when a request first needs it."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from shared.alerts.backtest import BacktestDeps
from shared.alerts.decide_review import ReviewDeps
from shared.alerts.delivery.model import Enqueue
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.look_back import LookBackDeps
from shared.alerts.match_arrests import MatchDeps
from shared.alerts.place_history import PlaceDeps
from shared.alerts.responses.link_rate_table import LinkRates
from shared.alerts.responses.respond import ResponseDeps
from shared.alerts.responses.table import ResponsesTable
from shared.alerts.table import AlertsTable
from shared.alerts.wanted_in_custody import RosterDeps
from shared.alerts.withdraw import WithdrawDeps
from shared.arrests.juveniles.ask import Ask, asker
from shared.arrests.place_index import PlaceKeys
from shared.arrests.seals.certificates_table import CertifiedSealsTable
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.table import SealsTable
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import ArrestsTable
from shared.audit.table import AuditTable
from shared.aws.idempotency_table import IdempotencyTable
from shared.aws.presigning import signing_s3_client
from shared.aws.secrets import RotatingKeys, load_pseudonyms
from shared.aws.settings import load_settings
from shared.aws.signing_keys import KeyPurpose
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.disclosures.table import DisclosuresTable
from shared.feeds.copies.bucket import CopiesBucket, file_check
from shared.feeds.drops.decide import DropDecisionDeps
from shared.feeds.drops.queue import drop_announcer
from shared.feeds.drops.table import DropsTable
from shared.feeds.profiles.table import AgenciesTable
from shared.feeds.snapshots.bucket import CustodyBucket
from shared.feeds.snapshots.compare import custody_id
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.office_api.settings import Settings
from shared.offices.accounts import Accounts
from shared.offices.governance.policies_table import PoliciesTable
from shared.offices.preferences_table import PreferencesTable
from shared.offices.table import OfficesTable
from shared.offices.users_table import UsersTable
from shared.pseudonyms import Pseudonyms
from shared.records_requests.exports.exports_table import ExportsTable
from shared.records_requests.exports.model import ExportTask
from shared.records_requests.exports.queue import export_enqueuer
from shared.records_requests.table import RecordsRequestsTable
from shared.retention.case_entries_table import CaseEntriesTable
from shared.retention.holds_table import HoldsTable
from shared.subscriptions.beliefs_table import BeliefsTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.subscribe import SubscribeDeps
from shared.subscriptions.table import SubscriptionsTable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

settings = load_settings(Settings)
_dynamodb = boto3.client("dynamodb", config=ANSWERS_WITHIN)

offices = OfficesTable(_dynamodb, settings.offices_table)
policies = PoliciesTable(_dynamodb, settings.offices_table)
holds = HoldsTable(_dynamodb, settings.subscriptions_table)
case_entries = CaseEntriesTable(_dynamodb, settings.subscriptions_table)
seals = SealsTable(_dynamodb, settings.arrests_table)
locks = LocksTable(_dynamodb, settings.agencies_table)
certified_seals = CertifiedSealsTable(_dynamodb, settings.agencies_table)
unsealings = UnsealingsTable(_dynamodb, settings.agencies_table)
users = UsersTable(_dynamodb, settings.subscriptions_table)
subscriptions = SubscriptionsTable(_dynamodb, settings.subscriptions_table)
alerts = AlertsTable(_dynamodb, settings.alerts_table)
responses = ResponsesTable(_dynamodb, settings.alerts_table)
preferences = PreferencesTable(_dynamodb, settings.subscriptions_table)
arrests = ArrestsTable(_dynamodb, settings.arrests_table)
digests = alerts.digests
response_deps = ResponseDeps(alerts, responses, preferences, arrests, offices, subscriptions)
link_rates = LinkRates(_dynamodb, settings.alerts_table)
breaches = subscriptions.breaches
beliefs = BeliefsTable(_dynamodb, settings.subscriptions_table)
disclosures = DisclosuresTable(_dynamodb, settings.subscriptions_table)
records_requests = RecordsRequestsTable(_dynamodb, settings.subscriptions_table)
exports = ExportsTable(_dynamodb, settings.subscriptions_table)
agencies = AgenciesTable(_dynamodb, settings.agencies_table)
drops = DropsTable(_dynamodb, settings.agencies_table)
audit = AuditTable(_dynamodb, settings.audit_table)
idempotency_table = IdempotencyTable(_dynamodb, settings.subscriptions_table)
agency_reference = AgencyReferenceTable(_dynamodb, settings.offices_table)
name_frequencies = agency_reference.frequencies_of
link_keys = RotatingKeys(settings.links_secret, KeyPurpose.LINKS)
cursor_keys = RotatingKeys(settings.cursors_secret, KeyPurpose.CURSORS)
entry_keys = RotatingKeys(settings.entries_secret, KeyPurpose.ENTRIES)
backtest_deps = BacktestDeps(arrests, name_frequencies)


@cache
def pseudonyms() -> Pseudonyms:
    """Reading the key takes 60 ms, and most calls need none."""
    return load_pseudonyms(settings.pseudonym_secret)


@cache
def s3() -> "S3Client":
    """Used for the files of agencies only. It signs the links and forms that the answers hold."""
    return signing_s3_client()


@cache
def subscribe_deps() -> SubscribeDeps:
    return SubscribeDeps(subscriptions, subscription_index(), agencies.is_enrolled)


@cache
def place_deps() -> PlaceDeps:
    return PlaceDeps(arrests, PlaceKeys(pseudonyms()))


@cache
def roster_deps() -> RosterDeps:
    custody = CustodyBucket(s3(), settings.copies_bucket)

    def in_custody(agency: str) -> list[str] | None:
        present = custody.get(agency)[0]
        return [custody_id(*each, pseudonyms()) for each in present.present.items()] if present else None

    return RosterDeps(arrests, name_frequencies, in_custody)


@cache
def review_deps() -> ReviewDeps:
    return ReviewDeps(_match_deps(), arrests)


@cache
def look_back_deps() -> LookBackDeps:
    return LookBackDeps(backtest_deps, _match_deps())


@cache
def _match_deps() -> MatchDeps:
    """Made when somebody first has arrests matched: most calls never queue anything."""
    return MatchDeps(
        subscription_index(),
        subscriptions,
        offices,
        alerts,
        pseudonyms(),
        enqueue(),
        frequencies_of=name_frequencies,
        arrests=arrests,
    )


@cache
def drop_decision_deps() -> DropDecisionDeps:
    bucket = settings.feeds_bucket
    announce = drop_announcer(boto3.client("sqs", config=ANSWERS_WITHIN), settings.feed_queue, bucket)
    return DropDecisionDeps(drops, announce, file_check(s3(), bucket, copies()), agencies.missing_before_live)


@cache
def ask_about_juveniles() -> Ask:
    return asker(boto3.client("lambda", config=ANSWERS_WITHIN), settings.open_juvenile_records)


@cache
def copies() -> CopiesBucket:
    return CopiesBucket(s3(), settings.copies_bucket)


@cache
def accounts() -> Accounts:
    """The user pool. Timeouts are short because the user's own record, which decides, is changed first."""
    short_timeouts = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 2})
    return Accounts(boto3.client("cognito-idp", config=short_timeouts), settings.user_pool)


@cache
def withdraw_deps() -> WithdrawDeps:
    return WithdrawDeps(alerts, enqueue())


@cache
def enqueue() -> Enqueue:
    return delivery_enqueuer(boto3.client("sqs", config=ANSWERS_WITHIN), settings.alerts_queue)


@cache
def enqueue_export() -> Callable[[ExportTask], None]:
    return export_enqueuer(boto3.client("sqs", config=ANSWERS_WITHIN), settings.exports_queue)


@cache
def subscription_index() -> SubscriptionIndex:
    return SubscriptionIndex(_dynamodb, settings.subscriptions_table, pseudonyms())
