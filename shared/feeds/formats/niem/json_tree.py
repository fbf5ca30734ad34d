"""NIEM JSON (JSON-LD): the same elements as in XML, written as members. It is read as the XML that it stands for."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.niem.streaming_parser import DocumentBuilder
from shared.feeds.formats.niem.xml_document import read_documents
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.xml_parser import ELEMENT_SIZE, MOST_HELD
from shared.feeds.layout import FileLayout
from shared.feeds.record import ReadResult

LARGEST = 64 << 20  # bytes; the whole document is held
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.JSON
KEYS = LayoutKeys()

_DEEPEST = 256  # levels
_MOST_VALUES = MOST_HELD // ELEMENT_SIZE
_NOT_ROOTS = {"@context", "@id", "@type"}
_TEXT_MEMBERS = {"@value", "rdf:value"}


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is no JSON object, or a document that reports no event."""
    members = {name: value for name, value in _parse(stream).items() if name not in _NOT_ROOTS}
    root_name = next(iter(members)) if len(members) == 1 else "document"
    field_filter = FieldFilter(layout.drop)
    builder = DocumentBuilder((), field_filter)
    _build(builder, root_name, members[root_name] if isinstance(members.get(root_name), dict) else members, 1)
    yield from read_documents(builder.remaining(), field_filter)


def _parse(stream: BinaryIO) -> dict[str, Any]:
    data = stream.read()
    if sum(map(data.count, (b",", b"{", b"["))) > _MOST_VALUES:
        raise Rejected("too-large", f"The document holds more than {_MOST_VALUES:,} values.", "Send it in parts.")
    if not data.strip():
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object_of,
            parse_constant=_refuse_constant,
            parse_float=str,
            parse_int=str,
        )
    except (ValueError, RecursionError) as error:
        raise Rejected("not-json", "The document is no JSON, or says a name twice.", "Send it again, whole.") from error
    if not isinstance(document, dict):
        raise Rejected("not-json", "The document is no JSON object.", "Send a NIEM JSON document.")
    return document


def _build(builder: DocumentBuilder, name: str, value: Any, depth: int) -> None:
    builder.start(_local_name(name), _attributes(value))
    _build_content(builder, value, depth)
    builder.end()


def _build_content(builder: DocumentBuilder, value: Any, depth: int) -> None:
    if depth >= _DEEPEST:
        raise Rejected("not-json", "The document is nested too deeply.", "Send it again, whole.")
    if isinstance(value, dict):
        for name, member in _members(value):
            if name in _TEXT_MEMBERS:
                _build_content(builder, member, depth + 1)
            else:
                _build(builder, name, member, depth + 1)
    elif isinstance(value, bool):
        builder.texts.append(str(value).lower())
    elif value is not None:
        builder.texts.append(_xml_text(str(value)))


def _attributes(value: Any) -> dict[str, str]:
    """`{"@id": "P1"}` alone is a reference to P1; with other members beside it, it is P1 itself."""
    element_id = value.get("@id") if isinstance(value, dict) else None
    if element_id is None:
        return {}
    return {"ref" if len(value) == 1 else "id": _xml_text(str(element_id).removeprefix("#"))}


def _members(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each element of a list is a member of its own. NIEM has no lists of lists."""
    for name, inner in value.items():
        if name == "@value" or not name.startswith("@"):
            yield from ((name, member) for member in (inner if isinstance(inner, list) else [inner]))


def _local_name(name: str) -> str:
    """A member is named with a prefix, a fragment or a whole address."""
    return name.rpartition(":")[2].rpartition("#")[2].rpartition("/")[2]


def _xml_text(text: str) -> str:
    """The text without the characters that XML cannot hold (XML 1.0, section 2.2)."""
    return "".join(sign for sign in text if sign >= " " and not "\ud800" <= sign <= "\udfff" and sign < "\ufffe")


def _object_of(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name is said twice")
    return members


def _refuse_constant(word: str) -> Any:
    raise ValueError(word)
