"""The objects of a drop in the feeds bucket: its bytes, its receipt and its reject file."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from shared.feeds.drops.model import Drop
from shared.feeds.drops.receipt import Receipt
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.intake.dependencies import IntakeDeps
from shared.feeds.intake.receipt import receipt_key, rejects_file
from shared.feeds.record import Reject

REJECTS_TYPE = "text/csv; charset=utf-8"


def open_drop(drop: Drop, deps: IntakeDeps, first: int = 0, last: int | None = None) -> Readable:
    """Returns a stream of the drop's bytes from `first` to `last`, both included; to the end when `last` is None.

    A file of which nothing could be read has been moved among the copies. Raises ValueError when S3 returns a different
    number of bytes, because rows would then be read twice or never.
    """
    options: dict[str, Any] = {"VersionId": drop.version_id} if drop.version_id else {}
    if last is not None:
        options["Range"] = f"bytes={first}-{last}"
    answer = _get(drop, deps, options)
    if last is not None and answer["ContentLength"] != last - first + 1:
        raise ValueError("S3 returned other bytes than were asked for: rows would be read twice or never")
    body: Readable = answer["Body"]
    return body


def _get(drop: Drop, deps: IntakeDeps, options: dict[str, Any]) -> Any:
    try:
        return deps.s3.get_object(Bucket=deps.feeds_bucket, Key=drop.key, **options)
    except ClientError as error:
        if deps.copies is None or error.response["Error"]["Code"] not in ("NoSuchVersion", "NoSuchKey"):
            raise
        unread = deps.copies.get_unread(drop.agency, drop.id(deps.pseudonyms), options.get("Range"))
        if unread is None:
            raise
        return unread


def put_receipt(receipt: Receipt, deps: IntakeDeps, *, only_if_new: bool = False) -> bool:
    """Puts the receipt. With `only_if_new`, returns False and changes nothing when the drop has one already."""
    condition: Any = {"IfNoneMatch": "*"} if only_if_new else {}
    try:
        deps.s3.put_object(
            Bucket=deps.feeds_bucket,
            Key=receipt_key(receipt),
            Body=receipt.model_dump_json(indent=2).encode(),
            ContentType="application/json",
            **condition,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
        return False
    return True


def put_results(receipt: Receipt, rejects: Sequence[Reject], deps: IntakeDeps) -> Receipt:
    """Writes the reject file before the receipt, so that whoever sees the receipt finds the file. Returns the
    receipt."""
    if receipt.rejects_key and rejects:
        put_rejects(rejects_file(rejects), receipt.rejects_key, deps)
    put_receipt(receipt, deps)
    deps.drops.record_receipt(receipt)
    return receipt


def put_rejects(content: bytes, key: str, deps: IntakeDeps) -> None:
    deps.s3.put_object(Bucket=deps.feeds_bucket, Key=key, Body=content, ContentType=REJECTS_TYPE)
