"""Whether the file of a drop is still in the feeds bucket."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.feeds.drops.model import Drop

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def file_check(s3: "S3Client", bucket: str) -> Callable[[Drop], bool]:
    """Returns a function that says whether the intake can read a drop again.

    It looks for the drop's own version of the object, which a newer version or a delete marker may hide.
    """

    def file_exists(drop: Drop) -> bool:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=drop.key):
            for version in page.get("Versions", ()):
                if version["Key"] == drop.key and drop.version_id in ("", version["VersionId"]):
                    return True
        return False

    return file_exists
