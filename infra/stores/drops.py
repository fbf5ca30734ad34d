"""Where agencies drop their files and fetch receipts, the copies of what was read, and the queue of what is to be read.

The queue is a store, too: the bucket writes to it, and S3 takes a notification only for a queue that exists.
"""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.access import GET_OBJECT, PUT_OBJECT, SEND, deny_others, role_arn
from infra.blocks.l1 import l1_of
from infra.blocks.queues import WorkQueue

READING = Duration.minutes(5)  # what receive_feed has for one message
A_DAY = Duration.days(1)
EXPIRE_PARTS = s3.LifecycleRule(id="parts", expiration=A_DAY, noncurrent_version_expiration=A_DAY)
# Long enough to correct a profile and replay a drop; the arrests themselves live in their table.
EXPIRE_DROPS = s3.LifecycleRule(
    id="raw-drops",
    expiration=Duration.days(90),
    noncurrent_version_expiration=Duration.days(7),
    abort_incomplete_multipart_upload_after=A_DAY,
)
EXPIRE_CANARY = s3.LifecycleRule(id="canary", prefix="canary/", expiration=A_DAY, noncurrent_version_expiration=A_DAY)
# The raw file is there for the agency's questions, and a file that could not be read for a corrected profile. S3 rounds
# up to the next midnight (UTC). The bucket keeps no older versions, so nothing of them stays longer.
A_WEEK = Duration.days(7)
EXPIRE_COPIES = [
    s3.LifecycleRule(id="canary", prefix="clean/canary/", expiration=A_DAY),
    s3.LifecycleRule(id="raw", prefix="raw/", expiration=A_WEEK),
    s3.LifecycleRule(id="unread", prefix="unread/", expiration=A_WEEK),
    s3.LifecycleRule(id="exports", prefix="exports/", expiration=A_WEEK),
    s3.LifecycleRule(id="cleaned", prefix="clean/", expiration=Duration.days(90)),
    s3.LifecycleRule(id="uploads", abort_incomplete_multipart_upload_after=A_DAY),
]
EXPIRE_ACCESS_LOGS = s3.LifecycleRule(
    id="a-year", expiration=Duration.days(365), noncurrent_version_expiration=Duration.days(1)
)


class Drops(Construct):
    """`bucket` is where agencies drop and fetch, `work_bucket` where the tasks of a large drop leave what the next step
    reads. The second is a bucket of its own, because nobody is notified of its objects and they expire after a day. The
    copies of drops lie in `copies_bucket`, without older versions: what a seal erases must be gone.

    `service` is the name of the stack of services: its functions' roles are named after it.
    """

    def __init__(self, scope: Construct, id_: str, *, key: kms.IKey, removal: RemovalPolicy, service: str) -> None:
        super().__init__(scope, id_)
        self._key, self._removal, self._service = key, removal, service
        self.work = WorkQueue(self, "Feeds", key=key, removal=removal, consumer_timeout=READING)
        self.access_logs = self._access_logs()
        self.bucket = self._bucket("Drops", logged_as="feeds", expire=[EXPIRE_DROPS, EXPIRE_CANARY])
        self.work_bucket = self._bucket("Bench", logged_as="bench", expire=[EXPIRE_PARTS])
        self.copies_bucket = self._bucket("Copies", logged_as="copies", expire=EXPIRE_COPIES, versioned=False)
        self._announce_drops()
        self._reserve_entries()
        self._lock_raw_drops()

    def _reserve_entries(self) -> None:
        """Lets the API and the console alone write below `entered/`, whatever any other policy grants: what lies there
        counts as entered by a person of the office, and is no drop of a feed."""
        deny_others([PUT_OBJECT], self.bucket, "*/entered/*", *self._roles("office_api", "console"))

    def _lock_raw_drops(self) -> None:
        """Lets the API and the console alone read raw files, for users with the right `seal`, and the intake
        alone write copies, out of which the purge takes rows. An export leaves through a link of the API or the console
        alone."""
        deny_others([GET_OBJECT], self.copies_bucket, "raw/*", *self._roles("office_api", "console"))
        deny_others([GET_OBJECT], self.copies_bucket, "exports/*.zip", *self._roles("office_api", "console"))
        writers = self._roles("receive_feed", "purge_records", "export_records")
        deny_others([PUT_OBJECT], self.copies_bucket, "*", *writers)

    def _roles(self, *functions: str) -> list[str]:
        return [role_arn(self, self._service, function) for function in functions]

    def _access_logs(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=self._removal,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[EXPIRE_ACCESS_LOGS],
        )

    def _bucket(self, id_: str, *, logged_as: str, expire: list[s3.LifecycleRule], versioned: bool = True) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            versioned=versioned,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=self._removal,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix=f"{logged_as}/",
            lifecycle_rules=expire,
        )

    def _announce_drops(self) -> None:
        """S3 puts a message into the queue for each new object. It is set on the bucket itself: the CDK's own way is a
        custom resource, a Lambda with rights over every bucket of the account."""
        queue = self.work.queue
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
        bucket = l1_of(self.bucket, s3.CfnBucket)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(event="s3:ObjectCreated:*", queue=queue.queue_arn)
            ]
        )
        bucket.node.add_dependency(permission.policy_dependable)
