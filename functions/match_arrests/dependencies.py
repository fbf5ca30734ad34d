"""What match_arrests works with, made once at cold start."""

import boto3

from functions.match_arrests.settings import Settings
from shared.alerts.announce_releases import ReleaseDeps
from shared.alerts.delivery.queue import delivery_enqueuer
from shared.alerts.follow_identity_events import FollowDeps
from shared.alerts.match_arrests import MatchDeps
from shared.alerts.matches.circuit_breaker import CircuitBreaker
from shared.alerts.table import AlertsTable
from shared.alerts.withdraw import WithdrawDeps
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.place_index import PlaceKeys
from shared.arrests.seals.certificate import SealCertificates
from shared.arrests.seals.certificates_table import CertifiedSealsTable
from shared.arrests.table import ArrestsTable
from shared.audit.table import AuditTable
from shared.aws.secrets import load_pseudonyms
from shared.aws.settings import load_settings
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.disclosures.references_table import ReferencesTable
from shared.disclosures.table import DisclosuresTable
from shared.disputes.follow_corrections import CorrectionDeps
from shared.disputes.table import DisputesTable
from shared.feeds.drops.table import DropsTable
from shared.matching.agency_reference_table import AgencyReferenceTable
from shared.offices.table import OfficesTable
from shared.subscriptions.index.known_terms_table import KnownTermsTable
from shared.subscriptions.index.table import SubscriptionIndex
from shared.subscriptions.table import SubscriptionsTable

_settings = load_settings(Settings)
_dynamodb = boto3.client("dynamodb", config=ANSWERS_WITHIN)
_pseudonyms = load_pseudonyms(_settings.pseudonym_secret)
_alerts = AlertsTable(_dynamodb, _settings.alerts_table)
_enqueue = delivery_enqueuer(boto3.client("sqs", config=ANSWERS_WITHIN), _settings.alerts_queue)

_arrests = ArrestsTable(_dynamodb, _settings.arrests_table, PlaceKeys(_pseudonyms))

match = MatchDeps(
    index=SubscriptionIndex(
        _dynamodb,
        _settings.subscriptions_table,
        _pseudonyms,
        known=KnownTermsTable(_dynamodb, _settings.subscriptions_table),
    ),
    subscriptions=SubscriptionsTable(_dynamodb, _settings.subscriptions_table),
    offices=OfficesTable(_dynamodb, _settings.offices_table),
    alerts=_alerts,
    pseudonyms=_pseudonyms,
    enqueue=_enqueue,
    audit=AuditTable(_dynamodb, _settings.audit_table),
    circuit_breaker=CircuitBreaker(DropsTable(_dynamodb, _settings.agencies_table), _arrests, _pseudonyms),
    frequencies_of=AgencyReferenceTable(_dynamodb, _settings.offices_table).frequencies_of,
    arrests=_arrests,
)
follow = FollowDeps(
    index=match.index,
    subscriptions=match.subscriptions,
    offices=match.offices,
    alerts=_alerts,
    pseudonyms=_pseudonyms,
    enqueue=_enqueue,
    events=IdentityEventsTable(_dynamodb, _settings.arrests_table, _settings.agencies_table),
)
withdraw = WithdrawDeps(_alerts, _enqueue)
releases = ReleaseDeps(match.offices, match.subscriptions, _alerts, _enqueue)
seal_certificates = SealCertificates(
    boto3.client("s3", config=ANSWERS_WITHIN),
    _settings.audit_bucket,
    CertifiedSealsTable(_dynamodb, _settings.agencies_table),
)
corrections = CorrectionDeps(
    DisputesTable(_dynamodb, _settings.subscriptions_table),
    DisclosuresTable(_dynamodb, _settings.subscriptions_table),
    ReferencesTable(_dynamodb, _settings.subscriptions_table),
    match.offices,
)
