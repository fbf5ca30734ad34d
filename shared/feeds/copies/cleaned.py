"""The cleaned form of a drop: what its format read of it, a line of JSON a record. Pure.

It holds only fields that the profile maps, so nothing of a forbidden or an unmapped column. A record that was rejected
keeps its row, which its reject file repeats. Each line bears the keys of the seals that would mean it (keyed hashes):
a seal finds its lines without reading them. Beside these stands the id of its record, where it can be told: a seal
means whatever it names, and a purge one record and no other of the same number. The normaliser reads a copy like the
file itself, with the same result.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from shared.arrests.identity_events.event import IdentityChange
from shared.arrests.model import EventKind
from shared.arrests.numbers import normal_number
from shared.arrests.seals.seal import Seal, keys_of_arrest, keys_of_seal
from shared.feeds.normalise.duplicates import DuplicatePolicy
from shared.feeds.normalise.normaliser import NormalisedArrest, NormalisedCommand, Outcome
from shared.feeds.record import (
    AppliedSeal,
    CaseText,
    ChargeText,
    DroppedColumns,
    EventText,
    FeedCommand,
    NameText,
    PersonText,
    PlaceText,
    RawRecord,
    ReadResult,
    RecordKind,
    Reject,
    SealedRow,
    Skip,
)
from shared.pseudonyms import Pseudonyms

NOT_KEPT = "(not kept; see this line of your file)"
"""Stands for the row of a record that was taken when the drop was first read, and is rejected now."""
_ID = "id:"  # before the id of a record, among the keys
_STUBS = (b'{"sealed"', b'{"applied"')
_KEYS_FIRST = b'{"keys": ['
_KINDS: Mapping[str, RecordKind] = {
    kind.value: kind for kinds in (EventKind, IdentityChange, FeedCommand) for kind in kinds
}
_TUPLES: Mapping[str, type[Any]] = {"event": EventText, "person": PersonText, "place": PlaceText, "case": CaseText}
_LISTS: Mapping[str, type[Any]] = {"names": NameText, "charges": ChargeText}


class CleanedWriter:
    """Collects the lines of one part of a drop, compressed as they come."""

    def __init__(self, agency: str, pseudonyms: Pseudonyms) -> None:
        self._agency, self._pseudonyms = agency, pseudonyms
        self._compressor = zlib.compressobj(6, zlib.DEFLATED, 31)  # a gzip stream
        self._chunks: list[bytes] = []
        self.rejected_lines: set[int] = set()

    def add(self, result: ReadResult, outcome: Outcome | None) -> None:
        """`outcome` is what the normaliser made of a raw record."""
        if isinstance(outcome, Reject):
            self.rejected_lines.add(outcome.line)
        line = _line_of(result, outcome, self._keys(result, outcome))
        self._chunks.append(self._compressor.compress(json.dumps(line, ensure_ascii=False).encode() + b"\n"))

    def _keys(self, result: ReadResult, outcome: Outcome | None) -> list[str]:
        """Of a record that could not be understood, only its number tells whom it means."""
        match outcome:
            case NormalisedArrest(arrest, policy):
                keys = sorted(keys_of_arrest(arrest, self._pseudonyms))
                return keys if policy is DuplicatePolicy.STRANGERS else [record_key(arrest.arrest_id), *keys]
            case NormalisedCommand(actions):
                seals = [action for action in actions if isinstance(action, Seal)]
                return sorted(key for seal in seals for key in keys_of_seal(seal, self._pseudonyms))
        number = normal_number(result.event.number) if isinstance(result, RawRecord) else ""
        return sorted(keys_of_seal(Seal(agency=self._agency, number=number), self._pseudonyms)) if number else []

    def content(self) -> bytes:
        """The whole part. Call it once."""
        return b"".join([*self._chunks, self._compressor.flush()])


class Erasure(NamedTuple):
    """`lines` were erased now, `stubs` were before."""

    content: bytes
    lines: int
    stubs: int


def record_key(arrest_id: str) -> str:
    """The key that lines of this record alone bear."""
    return f"{_ID}{arrest_id}"


def erase(content: bytes, keys: AbstractSet[str], ids: AbstractSet[str] = frozenset()) -> Erasure:
    """Returns the part without the records that seals with these keys mean; with `ids`, without these records alone,
    and the keys tell them where a line has no id.

    A stub stays in the place of each, so that a receipt still counts it. A seal that was carried out goes as well: it
    names whom it sealed.
    """
    lines, erased, stubs = [], 0, 0
    for line in gzip.decompress(content).splitlines(keepends=True):
        if not _is_meant(_keys_of_line(line), keys, ids):
            lines.append(line)
            stubs += line.startswith(_STUBS)
            continue
        erased += 1
        document = json.loads(line)
        stub = {"applied" if document.get("seals") else "sealed": document["record"]["line"]}
        lines.append(json.dumps(stub).encode() + b"\n")
    return Erasure(gzip.compress(b"".join(lines), 6, mtime=0), erased, stubs)


def holds_record(content: bytes, is_meant: Callable[[Collection[str]], bool]) -> bool:
    """Whether the part has a record whose keys are meant."""
    lines = gzip.decompress(content).splitlines()
    return any(is_meant(keys) for line in lines if (keys := _keys_of_line(line)))


def _is_meant(line_keys: Sequence[str], keys: AbstractSet[str], ids: AbstractSet[str]) -> bool:
    own_id = line_keys[0].removeprefix(_ID) if ids and line_keys and line_keys[0].startswith(_ID) else ""
    return own_id in ids if own_id else not keys.isdisjoint(line_keys)


def _keys_of_line(line: bytes) -> list[str]:
    """Without reading the rest of the line: the keys stand first in it."""
    if not line.startswith(_KEYS_FIRST):
        return []
    return line[len(_KEYS_FIRST) : line.index(b"]")].decode().replace('"', "").replace(" ", "").split(",")


def read_cleaned(contents: Iterable[bytes], late_rows: Mapping[int, str]) -> Iterator[ReadResult]:
    """Yields what the format once yielded. `late_rows` are the rows of records that were rejected only when those of
    one arrest were merged, by line."""
    for content in contents:
        for line in gzip.decompress(content).splitlines():
            yield _result_of(json.loads(line), late_rows)


def _line_of(result: ReadResult, outcome: Outcome | None, keys: list[str]) -> dict[str, Any]:
    match result:
        case RawRecord():
            record = _without_blanks(result._replace(row=""))
            if isinstance(outcome, Reject):
                record["row"] = result.row  # a format of documents has none
            document = {"keys": keys, "record": record}
            return document | ({"seals": True} if _is_seal(outcome) else {})
        case Reject():
            return {"reject": result._asdict()}
        case Skip():
            return {"skip": result._asdict()}
        case DroppedColumns():
            return {"dropped": result.columns}
        case SealedRow(line):
            return {"sealed": line}
        case AppliedSeal(line):
            return {"applied": line}


def _is_seal(outcome: Outcome | None) -> bool:
    return isinstance(outcome, NormalisedCommand) and any(isinstance(action, Seal) for action in outcome.actions)


def _without_blanks(record: RawRecord) -> dict[str, Any]:
    document: dict[str, Any] = {"line": record.line}
    for name, value in record._asdict().items():
        if name in _TUPLES:
            document[name] = _filled(value)
        elif name in _LISTS:
            document[name] = [_filled(part) for part in value]
        elif value:
            document[name] = value
    return document


def _filled(texts: Any) -> dict[str, str]:
    return {name: text for name, text in zip(texts._fields, texts, strict=True) if text}


def _result_of(document: Mapping[str, Any], late_rows: Mapping[int, str]) -> ReadResult:
    match document:
        case {"record": record}:
            return _record_of(record, late_rows)
        case {"reject": reject}:
            return Reject(**reject)
        case {"skip": skip}:
            return Skip(**skip)
        case {"dropped": columns}:
            return DroppedColumns(tuple(columns))
        case {"sealed": line}:
            return SealedRow(line)
        case {"applied": line}:
            return AppliedSeal(line)
    raise ValueError("a line of a cleaned copy is of no kind that is known")


def _record_of(document: Mapping[str, Any], late_rows: Mapping[int, str]) -> RawRecord:
    fields = dict(document)
    fields |= {name: kind(**fields.get(name, {})) for name, kind in _TUPLES.items()}
    fields |= {name: tuple(kind(**part) for part in fields.get(name, ())) for name, kind in _LISTS.items()}
    fields["facts"] = tuple(fields.get("facts", ()))
    fields["kind"] = _KINDS[fields["kind"]] if "kind" in fields else None
    fields.setdefault("row", late_rows.get(fields["line"], NOT_KEPT))
    return RawRecord(**fields)
