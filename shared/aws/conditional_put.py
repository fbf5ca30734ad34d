"""Putting an object of S3 on a condition: that there is none, or that it is still the one that was read (Amazon S3 User
Guide, "How to prevent object overwrites with conditional writes")."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONDITIONS = {"IfNoneMatch", "IfMatch"}
_FAILED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


def put_object(s3: "S3Client", bucket: str, key: str, content: bytes, **options: Any) -> bool:
    """Puts the object if a condition among `options` holds: `IfNoneMatch="*"` or `IfMatch=etag`; without one, always.
    Returns False when it does not hold."""
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=content, **options)
    except s3.exceptions.ClientError as error:
        if not _CONDITIONS & options.keys() or error.response["Error"]["Code"] not in _FAILED:
            raise
        return False
    return True
