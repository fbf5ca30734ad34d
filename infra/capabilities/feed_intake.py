"""Drop in S3 -> queue -> receive_feed -> arrests table. The receipt and the rejects go back into the bucket."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.access import (
    BATCH_GET,
    CONSUME,
    DELETE_OBJECT,
    DELETE_VERSION,
    GET_ITEM,
    GET_OBJECT,
    GET_SECRET,
    GET_VERSION,
    LIST_BUCKET,
    PUT_ITEM,
    PUT_OBJECT,
    QUERY,
    SCAN,
    SEND,
    UPDATE_ITEM,
    allow,
    deny_others,
    environment_of,
    index_of,
)
from infra.blocks.key import use_of
from infra.blocks.l1 import l1_of
from infra.blocks.lambda_function import ProductFunction, SharedResources
from infra.blocks.queues import WorkQueue
from infra.blocks.secrets import Secrets
from infra.blocks.tables import DROPS_BY_TIME, Tables
from infra.capabilities.large_drops import LargeDrops, arn_of

TIMEOUT = Duration.minutes(5)
A_DAY = Duration.days(1)
EXPIRE_PARTS = s3.LifecycleRule(id="parts", expiration=A_DAY, noncurrent_version_expiration=A_DAY)
# Long enough to correct a profile and replay a drop; the arrests themselves live in their table.
EXPIRE_DROPS = s3.LifecycleRule(
    id="raw-drops",
    expiration=Duration.days(90),
    noncurrent_version_expiration=Duration.days(7),
    abort_incomplete_multipart_upload_after=A_DAY,
)
# The raw file is there for the agency's questions, and a file that could not be read for a corrected profile. S3 rounds
# up to the next midnight (UTC). The bucket keeps no older versions, so nothing of them stays longer.
A_WEEK = Duration.days(7)
EXPIRE_COPIES = [
    s3.LifecycleRule(id="raw", prefix="raw/", expiration=A_WEEK),
    s3.LifecycleRule(id="unread", prefix="unread/", expiration=A_WEEK),
    s3.LifecycleRule(id="cleaned", prefix="clean/", expiration=Duration.days(90)),
    s3.LifecycleRule(id="uploads", abort_incomplete_multipart_upload_after=A_DAY),
]
EXPIRE_ACCESS_LOGS = s3.LifecycleRule(
    id="a-year", expiration=Duration.days(365), noncurrent_version_expiration=Duration.days(1)
)


class FeedIntake(Construct):
    """`bucket` is where agencies drop and fetch, `work_bucket` where the tasks of a large drop leave what the next step
    reads. The second is a bucket of its own, because nobody is notified of its objects and they expire after a day. The
    copies of drops lie in `copies_bucket`, without older versions: what a seal erases must be gone."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        shared: SharedResources,
        tables: Tables,
        secrets: Secrets,
    ) -> None:
        super().__init__(scope, id_)
        self._shared, self._tables, self._secrets = shared, tables, secrets
        self.drop_work = self._work_queue("Feeds")
        self.access_logs = self._access_logs(shared.removal)
        self.bucket = self._bucket("Drops", logged_as="feeds", expire=[EXPIRE_DROPS])
        self.work_bucket = self._bucket("Bench", logged_as="bench", expire=[EXPIRE_PARTS])
        self.copies_bucket = self._bucket("Copies", logged_as="copies", expire=EXPIRE_COPIES, versioned=False)
        self.l1_bucket = l1_of(self.bucket, s3.CfnBucket)
        self.l1_work_bucket = l1_of(self.work_bucket, s3.CfnBucket)
        self.l1_copies_bucket = l1_of(self.copies_bucket, s3.CfnBucket)
        self._announce_drops()
        self.receive_feed = self._receive_feed()
        self.large_drops = LargeDrops(self, "LargeDrops", shared=shared, receive_feed=self.receive_feed)

    def reserve_entries(self, *writers: ProductFunction) -> None:
        """Lets these functions alone write below `entered/`, whatever any other policy grants: what lies there counts
        as entered by a person of the office, and is no drop of a feed."""
        deny_others([PUT_OBJECT], self.bucket, "*/entered/*", *(writer.role_arn for writer in writers))

    def lock_raw_drops(self, *readers: ProductFunction) -> None:
        """Lets the API and the console alone read raw files, for users with the right `seal`, and the intake alone
        write copies."""
        deny_others([GET_OBJECT], self.copies_bucket, "raw/*", *(reader.role_arn for reader in readers))
        deny_others([PUT_OBJECT], self.copies_bucket, "*", self.receive_feed.role_arn)

    def _receive_feed(self) -> ProductFunction:
        tables = self._tables
        function = ProductFunction(
            self,
            "ReceiveFeed",
            name="receive_feed",
            shared=self._shared,
            timeout=TIMEOUT,
            memory=1769,  # one whole vCPU
            layers=[self._shared.feeds],
            environment=environment_of(
                feeds_bucket=self.bucket,
                work_bucket=self.work_bucket,
                copies_bucket=self.copies_bucket,
                large_drops=arn_of(self),
                offices_table=tables.offices,
                agencies_table=tables.agencies,
                arrests_table=tables.arrests,
                pseudonym_secret=self._secrets.pseudonym,
                entries_secret=self._secrets.entries,
            ),
            grants=self._grants(),
        )
        function.consume(self.drop_work.queue, batch=1)
        return function

    def _grants(self) -> list[iam.PolicyStatement]:
        tables, drops = self._tables, self.bucket.arn_for_objects
        copies = self.copies_bucket.arn_for_objects
        return [
            allow(CONSUME, self.drop_work.queue),
            allow(["states:StartExecution"], arn_of(self)),
            allow([LIST_BUCKET], self.work_bucket, self.copies_bucket),
            allow([GET_OBJECT, PUT_OBJECT], self.work_bucket.arn_for_objects("*")),
            allow([GET_OBJECT, GET_VERSION, DELETE_VERSION], drops("*/in/*"), drops("*/entered/*")),
            # The raw file is moved there, and deleted with a seal; it is never read from there.
            allow([PUT_OBJECT, DELETE_OBJECT], copies("raw/*"), copies("unread/*")),
            allow([GET_OBJECT], copies("unread/*"), copies("clean/*"), copies("custody/*")),
            allow([PUT_OBJECT], copies("clean/*"), copies("custody/*")),
            allow([PUT_OBJECT], drops("*/receipts/*"), drops("*/rejects/*")),
            allow([GET_ITEM], tables.offices, tables.agencies),
            allow([UPDATE_ITEM], tables.agencies),  # the records of its drops
            allow([QUERY], index_of(tables.agencies, DROPS_BY_TIME)),
            # The last two are for seals: their keys are added, and the arrests that they name are searched.
            allow([BATCH_GET, PUT_ITEM, UPDATE_ITEM, SCAN], tables.arrests),
            allow([GET_SECRET], self._secrets.pseudonym, self._secrets.entries),
            use_of(self._shared.key, through=("s3", "sqs", "dynamodb", "secretsmanager"), writes_tables=True),
        ]

    def _work_queue(self, id_: str) -> WorkQueue:
        return WorkQueue(self, id_, key=self._shared.key, removal=self._shared.removal, consumer_timeout=TIMEOUT)

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
            lifecycle_rules=[EXPIRE_ACCESS_LOGS],
        )

    def _bucket(self, id_: str, *, logged_as: str, expire: list[s3.LifecycleRule], versioned: bool = True) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            versioned=versioned,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._shared.key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=self._shared.removal,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix=f"{logged_as}/",
            lifecycle_rules=expire,
        )

    def _announce_drops(self) -> None:
        """S3 puts a message into the queue for each new object. It is set on the bucket itself: the CDK's own way is a
        custom resource, a Lambda with rights over every bucket of the account."""
        queue = self.drop_work.queue
        permission = queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=[SEND],
                resources=[queue.queue_arn],
                # The bucket's ARN as condition would close a circle (bucket, queue policy, bucket).
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if permission.policy_dependable is None:
            raise TypeError("the feed queue's policy belongs to this stack")
        self.l1_bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(event="s3:ObjectCreated:*", queue=queue.queue_arn)
            ]
        )
        self.l1_bucket.node.add_dependency(permission.policy_dependable)
