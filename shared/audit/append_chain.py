"""Appends audit events to the hash chains of their offices, and verifies and exports a chain.

A link becomes an object under S3 Object Lock, which nobody can change or delete. The chain head moves first and holds
the whole text of its link; then the object is put. If a worker dies between the two, the next one finds a head without
an object and puts it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.audit.chain_heads_table import ChainHeadsTable
from shared.audit.event import AuditEvent
from shared.audit.hash_chain import ChainHead, append_link, events_of, find_faults, record_keys_of, sequence_of
from shared.aws.throttling import back_off
from shared.errors import TryLater

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ATTEMPTS = 10
_CHARACTERS_A_LINK = 200_000  # a link's text is stored in the chain head, and a DynamoDB item holds 400 KB


@dataclass(frozen=True)
class ChainDeps:
    heads: ChainHeadsTable
    s3: "S3Client"
    bucket: str


def append_events(events: Sequence[AuditEvent], deps: ChainDeps, now: datetime) -> int:
    """Appends each event to its office's chain and returns the number of new links.

    May run twice for the same events; then some events may be in two links. Raises TryLater when other workers keep
    appending to the same chain.
    """
    events_by_office: dict[str, list[AuditEvent]] = defaultdict(list)
    for event in events:
        events_by_office[event.office_id].append(event)
    links = 0
    for office_id, office_events in events_by_office.items():
        for link_events in _split_by_size(office_events):
            links += _append_one_link(office_id, link_events, deps, now)
    return links


def _append_one_link(office_id: str, events: Sequence[AuditEvent], deps: ChainDeps, now: datetime) -> bool:
    """Returns False when the newest link already holds all of the events."""
    for attempt in range(_ATTEMPTS):
        head = deps.heads.head(office_id)
        _put_object(head, deps)
        linked_keys = record_keys_of(head)
        new_events = [event for event in events if event.record_key not in linked_keys]
        if not new_events:
            return False
        after = append_link(head, new_events, now)
        if deps.heads.advance(head, after):
            _put_object(after, deps)
            return True
        back_off(attempt)
    raise TryLater("others went on linking events of the same office")


def _put_object(head: ChainHead, deps: ChainDeps) -> None:
    """Puts the object of the newest link, unless it exists already."""
    if not head.sequence:
        return
    try:
        deps.s3.put_object(
            Bucket=deps.bucket, Key=head.key, Body=head.text.encode(), ContentType="application/json", IfNoneMatch="*"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise


def _split_by_size(events: Iterable[AuditEvent]) -> Iterator[list[AuditEvent]]:
    """Yields lists of events, each small enough for one link. An event that is too large is alone in its list."""
    link_events: list[AuditEvent] = []
    characters = 0
    for event in events:
        size = len(event.model_dump_json())
        if link_events and characters + size > _CHARACTERS_A_LINK:
            yield link_events
            link_events, characters = [], 0
        link_events.append(event)
        characters += size
    if link_events:
        yield link_events


def verify_chain(office_id: str, deps: ChainDeps) -> list[str]:
    """Returns what is wrong with an office's chain, in plain words; nothing when it is whole.

    What is appended meanwhile is left out. The newest link may be on its way: ask again if it alone is missing.
    """
    head = deps.heads.head(office_id)
    objects = _list_objects(office_id, deps)
    meanwhile = range(head.sequence + 1, deps.heads.head(office_id).sequence + 1)
    writes = {
        key: len(stored.version_ids) + stored.delete_markers
        for key, stored in objects.items()
        if stored.version_ids and sequence_of(key) not in meanwhile
    }
    return list(find_faults(head, writes, lambda key: _read(key, objects[key].version_ids[0], deps)))


def export_chain(office_id: str, deps: ChainDeps) -> Iterator[AuditEvent]:
    """Yields every event of an office's chain, each once and with its outcome, in the order of the outcomes.

    Requests whose outcome the chain does not hold come last, as intents.
    """
    intents: dict[str, AuditEvent] = {}
    for event in chain_records(office_id, deps):
        if event.is_intent:
            intents[event.event_id] = event
        else:
            intents.pop(event.event_id, None)
            yield event
    yield from intents.values()


def chain_records(office_id: str, deps: ChainDeps) -> Iterator[AuditEvent]:
    """Yields every record of an office's chain in its order: intents, outcomes and disclosures. Equal ones come once;
    if two with one key differ, which only a forger can bring about, both come."""
    first_versions = {
        key: stored.version_ids[0] for key, stored in _list_objects(office_id, deps).items() if stored.version_ids
    }
    keys = sorted(first_versions, key=lambda key: key.rpartition("/")[2])  # by sequence, across days
    digests: set[bytes] = set()
    for event in events_of(_read(key, first_versions[key], deps) for key in keys):
        digest = sha256(event.model_dump_json().encode()).digest()
        if digest not in digests:
            digests.add(digest)
            yield event


@dataclass
class StoredLinkObject:
    """What the audit bucket holds under one key. Only the first version can be the link."""

    version_ids: list[str] = field(default_factory=list)  # the oldest first
    delete_markers: int = 0


def _list_objects(office_id: str, deps: ChainDeps) -> dict[str, StoredLinkObject]:
    objects: dict[str, StoredLinkObject] = defaultdict(StoredLinkObject)
    for page in deps.s3.get_paginator("list_object_versions").paginate(Bucket=deps.bucket, Prefix=f"{office_id}/"):
        for version in page.get("Versions", []):  # S3 lists the newest first
            objects[version["Key"]].version_ids.insert(0, version["VersionId"])
        for marker in page.get("DeleteMarkers", []):
            objects[marker["Key"]].delete_markers += 1
    return objects


def _read(key: str, version_id: str, deps: ChainDeps) -> bytes:
    return deps.s3.get_object(Bucket=deps.bucket, Key=key, VersionId=version_id)["Body"].read()
