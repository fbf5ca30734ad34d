"""Streams of the audit table and the alerts table -> chain_audit -> chained objects under Object Lock."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources, allow
from infra.blocks.queues import dead_letter
from infra.blocks.tables import Tables

LOCKED = Duration.days(400)
# Of what changes in the alerts table: tellings, and messages that have ended (`shared/alerts/disclosures/stream.py`).
_ENDS = ["sent", "delivered", "delayed", "unconfirmed", "complained", "suppressed", "failed", "bounced"]
TELLINGS = [
    {"dynamodb": {"NewImage": {"part": {"S": ["alert"]}}}},
    {"dynamodb": {"NewImage": {"state": {"S": _ENDS}}}},
]


class AuditTrail(Construct):
    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: SharedResources,
        tables: Tables,
        access_logs: s3.IBucket,
        final: bool,
    ) -> None:
        super().__init__(scope, id_)
        self.unchained = dead_letter(self, "Unchained", key=foundation.key, removal=foundation.removal)
        self.bucket = self._bucket(foundation.key, foundation.removal, access_logs, final=final)
        bare = self.bucket.node.default_child
        if not isinstance(bare, s3.CfnBucket):
            raise TypeError("the audit bucket belongs to this stack")
        self.bare_bucket = bare
        asked, told = tables.audit.table_stream_arn, tables.alerts.table_stream_arn
        if asked is None or told is None:
            raise TypeError("both tables have a stream")
        self.chain_audit = ProductFunction(
            self,
            "ChainAudit",
            name="chain_audit",
            foundation=foundation,
            timeout=Duration.seconds(60),
            memory=512,
            settings={"CHAINS_TABLE": tables.chains.table_name, "AUDIT_BUCKET": self.bucket.bucket_name},
            statements=[
                allow(["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], asked, told),
                allow(["dynamodb:ListStreams"], "*"),  # lists the account's streams: knows no resource
                allow(["dynamodb:GetItem", "dynamodb:PutItem"], tables.chains.table_arn),
                allow(["s3:PutObject"], self.bucket.arn_for_objects("*")),
                allow(["sqs:SendMessage"], self.unchained.queue_arn),
                use_of(foundation.key, through=("s3", "sqs", "dynamodb"), writes_tables=True),
            ],
        )
        self._read("Source", asked, batch=100, window=Duration.seconds(5))
        self._read("Told", told, batch=1_000, window=Duration.seconds(20), only=TELLINGS)

    def _read(
        self, id_: str, stream: str, *, batch: int, window: Duration, only: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """One object for many events: a batch is waited for."""
        lambda_.EventSourceMapping(
            self.chain_audit,
            id_,
            target=self.chain_audit.function,
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=batch,
            max_batching_window=window,
            bisect_batch_on_error=True,
            retry_attempts=10,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(self.unchained),
            filters=[lambda_.FilterCriteria.filter(dict(one)) for one in only] or None,
        )

    def _bucket(self, key: kms.IKey, removal: RemovalPolicy, access_logs: s3.IBucket, *, final: bool) -> s3.Bucket:
        """What is `final` nobody can take back before its time, not even the account's root."""
        retention = s3.ObjectLockRetention
        return s3.Bucket(
            self,
            "Chains",
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=retention.compliance(LOCKED) if final else retention.governance(LOCKED),
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=removal,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix="audit/",
        )
