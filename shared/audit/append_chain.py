"""Audit events into the chained objects that cannot be taken back, and the proof that nothing is missing there.

The head moves first and holds the whole text of its link, then the object is put. Who finds a head whose object is not
there yet puts it: its writer died between the two.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.event import AuditEvent
from shared.audit.hash_chain import ChainHead, append_link, event_ids_of, events_of, find_faults
from shared.aws.dynamodb import back_off
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ATTEMPTS = 10
_LETTERS_A_LINK = 200_000  # its text stands in the head, where DynamoDB takes 400 KB


@dataclass(frozen=True)
class ChainDeps:
    heads: ChainHeadsTable
    s3: "S3Client"
    bucket: str


def append_events(events: Sequence[AuditEvent], deps: ChainDeps, now: datetime) -> int:
    """How many links were made. May run twice for the same events; then some of them may stand in two links."""
    by_office: dict[str, list[AuditEvent]] = defaultdict(list)
    for event in events:
        by_office[event.office_id].append(event)
    return sum(_append(office_id, some, deps, now) for office_id, all_ in by_office.items() for some in _pieces(all_))


def _append(office_id: str, events: Sequence[AuditEvent], deps: ChainDeps, now: datetime) -> bool:
    for attempt in range(_ATTEMPTS):
        head = deps.heads.head(office_id)
        _put(head, deps)
        known = event_ids_of(head)
        new = [event for event in events if event.event_id not in known]
        if not new:
            return False
        after = append_link(head, new, now)
        if deps.heads.advance(head, after):
            _put(after, deps)
            return True
        back_off(attempt)
    raise TryLater("others went on linking events of the same office")


def _put(head: ChainHead, deps: ChainDeps) -> None:
    """The object of this head, unless it is there already."""
    if not head.sequence:
        return
    try:
        deps.s3.put_object(
            Bucket=deps.bucket, Key=head.key, Body=head.text.encode(), ContentType="application/json", IfNoneMatch="*"
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "PreconditionFailed":
            raise


def _pieces(events: Iterable[AuditEvent]) -> Iterator[list[AuditEvent]]:
    piece: list[AuditEvent] = []
    letters = 0
    for event in events:
        size = len(event.model_dump_json())
        if piece and letters + size > _LETTERS_A_LINK:
            yield piece
            piece, letters = [], 0
        piece.append(event)
        letters += size
    if piece:
        yield piece


def verify_chain(office_id: str, deps: ChainDeps) -> list[str]:
    """What is wrong with an office's chain; nothing when it is whole."""
    lie = _lying(office_id, deps)
    counts = {key: len(lying.versions) + lying.marks for key, lying in lie.items() if lying.versions}
    return list(find_faults(deps.heads.head(office_id), counts, lambda key: _read(key, lie[key].versions[0], deps)))


def export_chain(office_id: str, deps: ChainDeps) -> Iterator[AuditEvent]:
    """Every event of the chain in its order, each once."""
    lie = {key: lying.versions[0] for key, lying in _lying(office_id, deps).items() if lying.versions}
    seen: set[str] = set()
    for event in events_of(_read(key, lie[key], deps) for key in sorted(lie, key=_number)):
        if event.event_id not in seen:
            seen.add(event.event_id)
            yield event


@dataclass
class _Lying:
    versions: list[str] = field(default_factory=list)  # ids, the oldest first
    marks: int = 0  # of deletion


def _lying(office_id: str, deps: ChainDeps) -> dict[str, _Lying]:
    lyings: dict[str, _Lying] = defaultdict(_Lying)
    for page in deps.s3.get_paginator("list_object_versions").paginate(Bucket=deps.bucket, Prefix=f"{office_id}/"):
        for one in page.get("Versions", []):  # the newest first
            lyings[one["Key"]].versions.insert(0, one["VersionId"])
        for mark in page.get("DeleteMarkers", []):
            lyings[mark["Key"]].marks += 1
    return lyings


def _number(key: str) -> str:
    return key.rpartition("/")[2]


def _read(key: str, version: str, deps: ChainDeps) -> bytes:
    return deps.s3.get_object(Bucket=deps.bucket, Key=key, VersionId=version)["Body"].read()
