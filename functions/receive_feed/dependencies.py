"""What receive_feed works with, made once at cold start."""

import boto3
from botocore.config import Config

from functions.receive_feed.settings import WRITERS, Settings
from shared.arrests.identity_events.table import IdentityEventsTable
from shared.arrests.place_index import PlaceKeys
from shared.arrests.seals.certificate import SealCertificates
from shared.arrests.seals.certificates_table import CertifiedSealsTable
from shared.arrests.seals.locks_table import LocksTable
from shared.arrests.seals.table import SealsTable
from shared.arrests.seals.unsealings_table import UnsealingsTable
from shared.arrests.table import ArrestsTable
from shared.aws.secrets import RotatingKeys, load_pseudonyms
from shared.aws.settings import load_settings
from shared.aws.signing_keys import KeyPurpose
from shared.aws.time_limits import ANSWERS_WITHIN
from shared.feeds.copies.bucket import CopiesBucket
from shared.feeds.drops.table import DropsTable
from shared.feeds.intake.dependencies import IntakeDeps, SplitDeps
from shared.feeds.intake.executions import LargeDropExecutions
from shared.feeds.layouts.table import BatchesTable
from shared.feeds.profiles.table import AgenciesTable
from shared.feeds.snapshots.bucket import CustodyBucket
from shared.matching.agency_reference_table import AgencyReferenceTable

_settings = load_settings(Settings)
# Our own code makes what is stored, and DynamoDB checks it. To check it in boto3 too takes a fifth of the storing time.
_dynamodb = boto3.client("dynamodb", config=ANSWERS_WITHIN.merge(Config(parameter_validation=False)))

sqs = boto3.client("sqs", config=ANSWERS_WITHIN)
_executions = LargeDropExecutions(boto3.client("stepfunctions", config=ANSWERS_WITHIN), _settings.large_drops)
split = SplitDeps(_settings.work_bucket, _executions.start)
_pseudonyms = load_pseudonyms(_settings.pseudonym_secret)
_agencies = AgenciesTable(_dynamodb, _settings.agencies_table)
# It copies files of gigabytes, for which S3 takes longer than for an answer.
_s3 = boto3.client("s3")
intake = IntakeDeps(
    s3=_s3,
    feeds_bucket=_settings.feeds_bucket,
    profile_of=_agencies.text,
    seal_permission_of=_agencies.seal_permission,
    sharing_ended_on=_agencies.sharing_ended_on,
    missing_before_live=_agencies.missing_before_live,
    reference_of=AgencyReferenceTable(_dynamodb, _settings.offices_table).reference,
    arrests=ArrestsTable(
        _dynamodb,
        _settings.arrests_table,
        PlaceKeys(_pseudonyms),
        juveniles=_settings.juveniles_table,
        writers=WRITERS,
    ),
    seals=SealsTable(_dynamodb, _settings.arrests_table, _settings.juveniles_table),
    locks=LocksTable(_dynamodb, _settings.agencies_table),
    unsealings=UnsealingsTable(_dynamodb, _settings.agencies_table),
    identity_events=IdentityEventsTable(_dynamodb, _settings.arrests_table, _settings.agencies_table),
    pseudonyms=_pseudonyms,
    drops=DropsTable(_dynamodb, _settings.agencies_table),
    entry_keys=RotatingKeys(_settings.entries_secret, KeyPurpose.ENTRIES),
    split=split,
    copies=CopiesBucket(_s3, _settings.copies_bucket, _settings.juveniles_key),
    custody=CustodyBucket(_s3, _settings.copies_bucket),
    seal_certificates=SealCertificates(
        _s3, _settings.audit_bucket, CertifiedSealsTable(_dynamodb, _settings.agencies_table)
    ),
    batches=BatchesTable(_dynamodb, _settings.agencies_table),
)
