"""Audit table's stream -> chain_audit -> chained objects under Object Lock."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.key import use_of
from infra.lambda_function import Foundation, ProductFunction, allow
from infra.queues import dead_letter
from infra.tables import Tables

LOCKED = Duration.days(400)


class AuditTrail(Construct):
    def __init__(
        self, scope: Construct, id_: str, *, foundation: Foundation, tables: Tables, access_logs: s3.IBucket,
        final: bool,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        self.unchained = dead_letter(self, "Unchained", key=foundation.key, removal=foundation.removal)
        self.bucket = self._bucket(foundation.key, foundation.removal, access_logs, final=final)
        bare = self.bucket.node.default_child
        if not isinstance(bare, s3.CfnBucket):
            raise TypeError("the audit bucket belongs to this stack")
        self.bare_bucket = bare
        stream = tables.audit.table_stream_arn
        if stream is None:
            raise TypeError("the audit table has a stream")
        self.chain_audit = ProductFunction(
            self,
            "ChainAudit",
            name="chain_audit",
            foundation=foundation,
            timeout=Duration.seconds(60),
            memory=512,
            settings={"CHAINS_TABLE": tables.chains.table_name, "AUDIT_BUCKET": self.bucket.bucket_name},
            statements=[
                allow(["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"], stream),
                allow(["dynamodb:ListStreams"], "*"),  # lists the account's streams: knows no resource
                allow(["dynamodb:GetItem", "dynamodb:PutItem"], tables.chains.table_arn),
                allow(["s3:PutObject"], self.bucket.arn_for_objects("*")),
                allow(["sqs:SendMessage"], self.unchained.queue_arn),
                use_of(foundation.key, through=("s3", "sqs", "dynamodb"), writes_tables=True),
            ],
        )
        lambda_.EventSourceMapping(
            self.chain_audit,
            "Source",
            target=self.chain_audit.function,
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            max_batching_window=Duration.seconds(5),  # one object for many events
            bisect_batch_on_error=True,
            retry_attempts=10,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(self.unchained),
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
