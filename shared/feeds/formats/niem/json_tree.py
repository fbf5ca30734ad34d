"""NIEM JSON (JSON-LD): the same elements as in XML, written as members. It is read as the XML that it stands for."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.document import reads_of
from shared.feeds.formats.niem.streaming_parser import ELEMENT, MOST_HELD, DocumentBuilder
from shared.feeds.profiles.model import Profile
from shared.feeds.record import ReadResult

DEEPEST = 256
_LARGEST = 64 << 20  # bytes
_MOST_VALUES = MOST_HELD // ELEMENT
_ROOTS = {"@context", "@id", "@type"}
_VALUES = {"@value", "rdf:value"}


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    members = {name: value for name, value in _parsed(stream).items() if name not in _ROOTS}
    kind = next(iter(members)) if len(members) == 1 else "document"
    barring = FieldFilter(profile.drop)
    growing = DocumentBuilder((), barring)
    _grow(growing, kind, members[kind] if isinstance(members.get(kind), dict) else members, 1)
    yield from reads_of(growing.remaining(), barring)


def _parsed(stream: BinaryIO) -> dict[str, Any]:
    data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST or sum(map(data.count, (b",", b"{", b"["))) > _MOST_VALUES:
        raise Rejected(
            "too-large",
            f"The document holds more than {_LARGEST >> 20} MiB or {_MOST_VALUES:,} values.",
            "Send it in parts.",
        )
    if not data.strip():
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    try:
        said = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number, parse_float=str, parse_int=str
        )
    except (ValueError, RecursionError) as error:
        raise Rejected("not-json", "The document is no JSON, or says a name twice.", "Send it again, whole.") from error
    if not isinstance(said, dict):
        raise Rejected("not-json", "The document is no JSON object.", "Send a NIEM JSON document.")
    return said


def _grow(growing: DocumentBuilder, name: str, value: Any, depth: int) -> None:
    growing.start(_local(name), _attributes(value))
    _fill(growing, value, depth)
    growing.end()


def _fill(growing: DocumentBuilder, value: Any, depth: int) -> None:
    if depth >= DEEPEST:
        raise Rejected("not-json", "The document is nested too deeply.", "Send it again, whole.")
    if isinstance(value, dict):
        for name, one in _members(value):
            if name in _VALUES:
                _fill(growing, one, depth + 1)
            else:
                _grow(growing, name, one, depth + 1)
    elif isinstance(value, bool):
        growing.texts.append(str(value).lower())
    elif value is not None:
        growing.texts.append(_clean(str(value)))


def _attributes(value: Any) -> dict[str, str]:
    """`{"@id": "P1"}` alone refers to P1; with more beside it, it is P1."""
    key = value.get("@id") if isinstance(value, dict) else None
    return {} if key is None else {"ref" if len(value) == 1 else "id": _clean(str(key).removeprefix("#"))}


def _members(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each element of a list is a member of its own; a list of lists is none that NIEM knows."""
    for name, inner in value.items():
        if name == "@value" or not name.startswith("@"):
            yield from ((name, one) for one in (inner if isinstance(inner, list) else [inner]))


def _local(name: str) -> str:
    """Of a member that is named by a prefix, a fragment or a whole address."""
    return name.rpartition(":")[2].rpartition("#")[2].rpartition("/")[2]


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " and not "\ud800" <= sign <= "\udfff" and sign < "\ufffe")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is said twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)
