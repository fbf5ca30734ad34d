"""Drop in S3 -> queue -> receive_feed -> arrests table; the receipt and the rejects go back into the bucket."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.blocks.key import use_of
from infra.blocks.lambda_function import ProductFunction, SharedResources, allow, consume
from infra.blocks.queues import WorkQueue
from infra.blocks.tables import DROPS_BY_TIME, Tables

TIMEOUT = Duration.minutes(5)
A_DAY = Duration.days(1)
PARTS_KEPT = s3.LifecycleRule(id="parts", expiration=A_DAY, noncurrent_version_expiration=A_DAY)
# Long enough to correct and replay; the arrests themselves live in the table.
DROPS_KEPT = s3.LifecycleRule(
    id="raw-drops",
    expiration=Duration.days(90),
    noncurrent_version_expiration=Duration.days(7),
    abort_incomplete_multipart_upload_after=A_DAY,
)


class FeedIntake(Construct):
    def __init__(
        self, scope: Construct, id_: str, *, foundation: SharedResources, tables: Tables, secret: secretsmanager.ISecret
    ) -> None:
        super().__init__(scope, id_)
        self.work = WorkQueue(self, "Feeds", key=foundation.key, removal=foundation.removal, consumer_timeout=TIMEOUT)
        self.parts = WorkQueue(self, "Parts", key=foundation.key, removal=foundation.removal, consumer_timeout=TIMEOUT)
        self.access_logs = self._access_logs(foundation.removal)
        self.bucket = self._bucket("Drops", foundation, logged_as="feeds", kept=DROPS_KEPT)
        # Where the workers on a large drop hand on what they read. A bucket of its own: nobody is notified of what
        # they write, and it is gone in two days.
        self.bench = self._bucket("Bench", foundation, logged_as="bench", kept=PARTS_KEPT)
        self.bare_bucket, self.bare_bench = self._bare(self.bucket), self._bare(self.bench)
        self._notify()
        self.receive_feed = ProductFunction(
            self,
            "ReceiveFeed",
            name="receive_feed",
            foundation=foundation,
            timeout=TIMEOUT,
            memory=1769,  # one whole vCPU
            layers=[foundation.feeds],
            settings={
                "FEEDS_BUCKET": self.bucket.bucket_name,
                "WORK_BUCKET": self.bench.bucket_name,
                "PARTS_QUEUE": self.parts.queue.queue_url,
                "OFFICES_TABLE": tables.offices.table_name,
                "AGENCIES_TABLE": tables.agencies.table_name,
                "ARRESTS_TABLE": tables.arrests.table_name,
                "PSEUDONYM_SECRET": secret.secret_arn,
            },
            statements=[
                consume(self.work.queue),
                consume(self.parts.queue),
                allow(["sqs:SendMessage"], self.parts.queue.queue_arn),
                allow(["s3:ListBucket"], self.bench.bucket_arn),
                allow(["s3:GetObject", "s3:PutObject"], self.bench.arn_for_objects("*")),
                allow(["s3:GetObject", "s3:GetObjectVersion"], self.bucket.arn_for_objects("*/in/*")),
                allow(
                    ["s3:PutObject"],
                    self.bucket.arn_for_objects("*/receipts/*"),
                    self.bucket.arn_for_objects("*/rejects/*"),
                ),
                allow(["dynamodb:GetItem"], tables.offices.table_arn, tables.agencies.table_arn),
                allow(["dynamodb:UpdateItem"], tables.agencies.table_arn),  # its drops
                allow(["dynamodb:Query"], f"{tables.agencies.table_arn}/index/{DROPS_BY_TIME}"),
                allow(
                    # the last two for seals: their keys are added, and the arrests that they mean are searched
                    ["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Scan"],
                    tables.arrests.table_arn,
                ),
                allow(["secretsmanager:GetSecretValue"], secret.secret_arn),
                use_of(foundation.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
            ],
        )
        self.receive_feed.take_from(self.work.queue, batch=1)
        self.receive_feed.take_from(self.parts.queue, batch=1, id_="Parts")

    def _access_logs(self, removal: RemovalPolicy) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=removal,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="a-year", expiration=Duration.days(365), noncurrent_version_expiration=Duration.days(1)
                )
            ],
        )

    def _bucket(self, id_: str, foundation: SharedResources, *, logged_as: str, kept: s3.LifecycleRule) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            versioned=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=foundation.key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=foundation.removal,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix=f"{logged_as}/",
            lifecycle_rules=[kept],
        )

    @staticmethod
    def _bare(bucket: s3.Bucket) -> s3.CfnBucket:
        bare = bucket.node.default_child
        if not isinstance(bare, s3.CfnBucket):
            raise TypeError("the bucket belongs to this stack")
        return bare

    def _notify(self) -> None:
        """Said in the bucket itself, not by CDK's custom resource: no extra Lambda with rights over every bucket."""
        queue = self.work.queue
        granted = queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[queue.queue_arn],
                # The bucket's ARN would close a circle (bucket, queue policy, bucket): the account is the condition.
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if granted.policy_dependable is None:
            raise TypeError("the feed queue's policy belongs to this stack")
        self.bare_bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(event="s3:ObjectCreated:*", queue=queue.queue_arn)
            ]
        )
        self.bare_bucket.node.add_dependency(granted.policy_dependable)
