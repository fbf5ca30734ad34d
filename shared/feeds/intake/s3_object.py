"""The bytes of a drop, and what is said of them wherever they are stored."""

from typing import Any

from shared.arrests.model import NotifyMode, Provenance
from shared.feeds.drops.model import Drop
from shared.feeds.formats.streams.zipped import Readable
from shared.feeds.intake.dependencies import IntakeDeps


def provenance_of(drop: Drop, manner: NotifyMode, deps: IntakeDeps) -> Provenance:
    drop_id = drop.id(deps.pseudonyms)
    return Provenance(drop_id=drop_id, dropped_at=drop.dropped_at, sequencer=drop.sequencer, manner=manner)


def open_drop(drop: Drop, deps: IntakeDeps, first: int = 0, last: int | None = None) -> Readable:
    """The whole drop, or its bytes from the first to the last one, both included."""
    asked: dict[str, Any] = {"VersionId": drop.version_id} if drop.version_id else {}
    if last is not None:
        asked["Range"] = f"bytes={first}-{last}"
    answer = deps.s3.get_object(Bucket=deps.feeds_bucket, Key=drop.key, **asked)
    if last is not None and answer["ContentLength"] != last - first + 1:
        raise ValueError("S3 gave other bytes than were asked for: rows would be read twice or never")
    return answer["Body"]
