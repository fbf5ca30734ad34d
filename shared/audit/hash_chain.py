"""Audit events in links, each of which names the hash of the one before it: nothing can be taken out, changed, moved or
cut off at the end without leaving a gap that anybody can compute."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import AwareDatetime, Field, ValidationError

from shared.audit.event import AuditEvent
from shared.value import FrozenModel

BEFORE_THE_FIRST = "0" * 64


class ChainLink(FrozenModel):
    """One object of an office's chain, numbered from 1."""

    office_id: str
    sequence: int = Field(ge=1)
    previous: str = Field(pattern=r"^[0-9a-f]{64}$")
    linked_at: AwareDatetime
    events: tuple[AuditEvent, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        return f"{self.office_id}/{self.linked_at.astimezone(UTC):%Y-%m-%d}/{self.sequence:012d}.json"


class ChainHead(NamedTuple):
    """How far a chain goes: its last link, and that link's text."""

    office_id: str
    sequence: int = 0
    sha256: str = BEFORE_THE_FIRST
    key: str = ""
    text: str = ""


def sha256_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def append_link(head: ChainHead, events: Sequence[AuditEvent], now: datetime) -> ChainHead:
    """The chain with one link more."""
    link = ChainLink(
        office_id=head.office_id, sequence=head.sequence + 1, previous=head.sha256, linked_at=now, events=tuple(events)
    )
    text = link.model_dump_json()
    return ChainHead(link.office_id, link.sequence, sha256_of(text.encode()), link.key, text)


def event_ids_of(head: ChainHead) -> set[str]:
    """The ids of the events in the last link: a batch that comes again is not linked again."""
    return {event.event_id for event in ChainLink.model_validate_json(head.text).events} if head.text else set()


def find_faults(head: ChainHead, versions: Mapping[str, int], read: Callable[[str], bytes]) -> Iterator[str]:
    """What is wrong with a chain, in plain words; nothing when it is whole.

    `versions` says how often each key was written or deleted, `read` gives its first version.
    """
    yield from (f"{key} is no link of this chain" for key in versions if not _sequence(key))
    by_sequence = {sequence: key for key in sorted(versions) if (sequence := _sequence(key))}
    previous = BEFORE_THE_FIRST
    for sequence in range(1, max([head.sequence, *by_sequence]) + 1):
        key = by_sequence.get(sequence)
        if key is None:
            yield f"link {sequence} is missing"
            previous = ""
            continue
        if versions[key] > 1:
            yield f"link {sequence} was overwritten or deleted: there are {versions[key]} versions of it"
        text = read(key)
        yield from _wrong(head.office_id, sequence, key, text, previous)
        previous = sha256_of(text)
        if sequence == head.sequence and previous != head.sha256:
            yield f"link {sequence} is not the one that the head names: one of the two was altered"
    if by_sequence and max(by_sequence) > head.sequence:
        yield f"the head names link {head.sequence} as the last and there are more: it was set back"


def _wrong(office_id: str, sequence: int, key: str, text: bytes, previous: str) -> Iterator[str]:
    try:
        link = ChainLink.model_validate_json(text)
    except ValidationError:
        yield f"link {sequence} cannot be read"
        return
    if (link.office_id, link.sequence, link.key) != (office_id, sequence, key):
        yield f"link {sequence} lies in another's place: it says that it is link {link.sequence} of {link.office_id}"
    if previous and link.previous != previous:
        yield f"link {sequence} does not follow on link {sequence - 1}: one of the two was altered or moved"


def _sequence(key: str) -> int:
    number = key.rpartition("/")[2].removesuffix(".json")
    return int(number) if number.isdigit() else 0


def events_of(objects: Iterable[bytes]) -> Iterator[AuditEvent]:
    for text in objects:
        yield from ChainLink.model_validate_json(text).events
