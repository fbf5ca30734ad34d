"""The S3 client that signs links and upload forms, which leave the product as text and are used without any SDK.

boto3 signs what it sends itself with Signature Version 4 wherever S3 asks for it. A link is signed before anybody can
ask: in us-east-1 boto3 takes Version 2 for it, and S3 answers "Requests specifying Server Side Encryption with AWS KMS
managed keys require AWS Signature Version 4" (Amazon S3 User Guide, "Using presigned URLs" and "Specifying AWS KMS").
"""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from shared.aws.time_limits import ANSWERS_WITHIN

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The regional host: the global one, s3.amazonaws.com, redirects a bucket of another region, and the signature names
# the host.
_SIGNING = Config(
    signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
)


def signing_s3_client() -> "S3Client":
    """Returns a client whose links and forms S3 accepts in every region and for every bucket of ours."""
    return boto3.client("s3", config=_SIGNING.merge(ANSWERS_WITHIN))
