"""The hash chain of an office: links of audit events, each of which carries the hash of the link before it.

No link can be removed, changed or moved without a gap that anybody can compute. The chain head names the newest link,
so the end cannot be cut off either.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import AwareDatetime, Field, ValidationError

from shared.audit.event import AuditEvent
from shared.value import FrozenModel

BEFORE_THE_FIRST = "0" * 64  # the "previous" hash of the first link


class ChainLink(FrozenModel):
    """One link: a numbered object in the audit bucket, counted from 1. `previous` is a SHA-256 in hexadecimal."""

    office_id: str
    sequence: int = Field(ge=1)
    previous: str = Field(pattern=r"^[0-9a-f]{64}$")
    linked_at: AwareDatetime
    events: tuple[AuditEvent, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """The key of the link's object: office, UTC day, sequence."""
        return f"{self.office_id}/{self.linked_at.astimezone(UTC):%Y-%m-%d}/{self.sequence:012d}.json"


class ChainHead(NamedTuple):
    """The newest link of a chain, with its JSON text. Sequence 0 is an empty chain."""

    office_id: str
    sequence: int = 0
    sha256: str = BEFORE_THE_FIRST
    key: str = ""
    text: str = ""


def sha256_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def append_link(head: ChainHead, events: Sequence[AuditEvent], now: datetime) -> ChainHead:
    """Returns the chain head after one more link with these events. Stores nothing."""
    link = ChainLink(
        office_id=head.office_id, sequence=head.sequence + 1, previous=head.sha256, linked_at=now, events=tuple(events)
    )
    text = link.model_dump_json()
    return ChainHead(link.office_id, link.sequence, sha256_of(text.encode()), link.key, text)


def record_keys_of(head: ChainHead) -> set[tuple[str, bool]]:
    """Returns the keys of the records in the newest link, so that a repeated batch is not linked again."""
    return {event.record_key for event in ChainLink.model_validate_json(head.text).events} if head.text else set()


def find_faults(head: ChainHead, versions: Mapping[str, int], read: Callable[[str], bytes]) -> Iterator[str]:
    """Yields what is wrong with a chain, in plain words; nothing when it is whole.

    `versions` maps each object key to how often it was written or deleted. `read` returns an object's first version.
    """
    yield from (f"{key} is no link of this chain" for key in versions if not sequence_of(key))
    key_by_sequence = {sequence: key for key in sorted(versions) if (sequence := sequence_of(key))}
    previous = BEFORE_THE_FIRST
    for sequence in range(1, max([head.sequence, *key_by_sequence]) + 1):
        key = key_by_sequence.get(sequence)
        if key is None:
            yield f"link {sequence} is missing"
            previous = ""
            continue
        if versions[key] > 1:
            yield f"link {sequence} was overwritten or deleted: there are {versions[key]} versions of it"
        text = read(key)
        yield from _link_faults(head.office_id, sequence, key, text, previous)
        previous = sha256_of(text)
        if sequence == head.sequence and previous != head.sha256:
            yield f"link {sequence} is not the one that the head names: one of the two was altered"
    if key_by_sequence and max(key_by_sequence) > head.sequence:
        yield f"the head names link {head.sequence} as the last and there are more: it was set back"


def _link_faults(office_id: str, sequence: int, key: str, text: bytes, previous: str) -> Iterator[str]:
    """Yields what is wrong with one link. `previous` is empty when the link before it is missing."""
    try:
        link = ChainLink.model_validate_json(text)
    except ValidationError:
        yield f"link {sequence} cannot be read"
        return
    if (link.office_id, link.sequence, link.key) != (office_id, sequence, key):
        yield f"link {sequence} lies in another's place: it says that it is link {link.sequence} of {link.office_id}"
    if previous and link.previous != previous:
        yield f"link {sequence} does not follow on link {sequence - 1}: one of the two was altered or moved"


def sequence_of(key: str) -> int:
    """Returns the sequence in an object key; 0 when the key is not a link's."""
    number = key.rpartition("/")[2].removesuffix(".json")
    return int(number) if number.isdigit() else 0


def events_of(link_texts: Iterable[bytes]) -> Iterator[AuditEvent]:
    """Yields the events of these links in order."""
    for text in link_texts:
        yield from ChainLink.model_validate_json(text).events
