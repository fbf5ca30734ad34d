"""The sweep of drops: those without a receipt, because their S3 event was lost or their processing crashed."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.feeds.drops.model import ENTERED, Drop

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def drops_without_receipt(s3: "S3Client", bucket: str, before: datetime, after: datetime) -> list[Drop]:
    """Returns the drops that came between `after` and `before` and have no receipt as young as they are."""
    drops: list[Drop] = []
    last_receipts: dict[tuple[str, str], datetime] = {}  # agency and file name -> when its last receipt was written
    for version in _object_versions(s3, bucket):
        drop = Drop(
            key=version["Key"],
            size=version["Size"],
            dropped_at=version["LastModified"],
            version_id=version["VersionId"],
        )
        if drop.folder == "receipts":
            file_name = drop.key.split("/", 2)[2].rsplit(".", 2)[0]  # <file name>.<drop id>.json
            last = last_receipts.get((drop.agency, file_name), drop.dropped_at)
            last_receipts[drop.agency, file_name] = max(last, drop.dropped_at)
        elif drop.folder in ("in", ENTERED) and version["IsLatest"] and after < drop.dropped_at < before:
            drops.append(drop)
    return [drop for drop in drops if not (drop.is_own_object or _has_receipt(drop, last_receipts))]


def _object_versions(s3: "S3Client", bucket: str) -> Iterator[Any]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        yield from page.get("Versions", [])


def _has_receipt(drop: Drop, last_receipts: dict[tuple[str, str], datetime]) -> bool:
    receipt_at = last_receipts.get((drop.agency, drop.file))
    return receipt_at is not None and receipt_at >= drop.dropped_at
