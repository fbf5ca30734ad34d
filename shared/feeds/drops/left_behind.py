"""The sweep of drops: those without a receipt, because their S3 event was lost or their reading crashed.

A drop that was read is moved away, and only its receipt stays. So the sweep asks which agencies have a folder, what
lies in `in/` and `entered/` of each, and whether that has a receipt, as a file that waits for others has. It takes as
long as there are agencies, however many receipts the bucket holds.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from shared.feeds.drops.model import ENTERED, Drop

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LISTED_AT_ONCE = 8  # botocore has ten connections


def drops_left_behind(s3: "S3Client", bucket: str, before: datetime, after: datetime) -> list[Drop]:
    """Returns the drops that came between `after` and `before` and have no receipt as young as they are."""
    prefixes = [f"{agency}{folder}/" for agency in _agency_folders(s3, bucket) for folder in (ENTERED, "in")]
    with ThreadPoolExecutor(_LISTED_AT_ONCE) as pool:
        listed = chain.from_iterable(pool.map(lambda prefix: list(_drops_below(s3, bucket, prefix)), prefixes))
        drops = [drop for drop in listed if after < drop.dropped_at < before and not drop.is_own_object]
        have_receipts = pool.map(lambda drop: _has_receipt(s3, bucket, drop), drops)
        return [drop for drop, has_receipt in zip(drops, have_receipts, strict=True) if not has_receipt]


def _agency_folders(s3: "S3Client", bucket: str) -> Iterator[str]:
    """Yields `<agency>/` for each agency that has a folder, enrolled or not."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Delimiter="/"):
        yield from (prefix["Prefix"] for prefix in page.get("CommonPrefixes", []))


def _drops_below(s3: "S3Client", bucket: str, prefix: str) -> Iterator[Drop]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for version in page.get("Versions", []):
            if version["IsLatest"]:
                yield Drop(
                    key=version["Key"],
                    size=version["Size"],
                    dropped_at=version["LastModified"],
                    version_id=version["VersionId"],
                )


def _has_receipt(s3: "S3Client", bucket: str, drop: Drop) -> bool:
    """A receipt is named `<file name>.<drop id>.json`; the id of a drop takes a key that the sweep does not have."""
    prefix = f"{drop.agency}/receipts/{drop.name_in_answers}."
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
    return any(version["LastModified"] >= drop.dropped_at for page in pages for version in page.get("Versions", []))
