"""The bucket of the hash-chained audit objects, under Object Lock."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

LOCKED = Duration.days(400)


def audit_bucket(
    scope: Construct, id_: str, *, key: kms.IKey, removal: RemovalPolicy, access_logs: s3.Bucket, final: bool
) -> s3.Bucket:
    """With `final`, nobody can delete an object before its 400 days are over, not even the account's root."""
    retention = s3.ObjectLockRetention
    return s3.Bucket(
        scope,
        id_,
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
