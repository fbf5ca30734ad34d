"""NIEM JSON (JSON-LD): the same elements as in XML, written as members. It is read as the XML that it stands for."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lxml import etree

from shared.domain.errors import Rejected
from shared.feeds.contract import Read
from shared.feeds.niem.document import reads_of
from shared.feeds.niem.tree import LARGEST, Element, Tree
from shared.feeds.profile import Profile

DEEPEST = 256
_ROOTS = {"@context", "@id", "@type"}


def read(stream: BinaryIO, profile: Profile) -> Iterator[Read]:
    members = {name: value for name, value in _parsed(stream).items() if name not in _ROOTS}
    kind = next(iter(members)) if len(members) == 1 else "document"
    root = etree.Element(_local(kind))
    _put(root, members[kind] if isinstance(members.get(kind), dict) else members, 1)
    yield from reads_of([Tree(root, is_rest=True)], profile)


def _parsed(stream: BinaryIO) -> dict[str, Any]:
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Rejected("too-large", f"The document holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
    if not data.strip():
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    try:
        said = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number,
                          parse_float=str, parse_int=str)  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise Rejected("not-json", "The document is no JSON, or says a name twice.", "Send it again, whole.") from error
    if not isinstance(said, dict):
        raise Rejected("not-json", "The document is no JSON object.", "Send a NIEM JSON document.")
    return said


def _put(element: Element, value: Any, depth: int) -> None:
    """`{"@id": "P1"}` alone refers to P1; with more beside it, it is P1."""
    if depth > DEEPEST:
        raise Rejected("not-json", "The document is nested too deeply.", "Send it again, whole.")
    if isinstance(value, dict):
        if (key := value.get("@id")) is not None:
            element.set("ref" if len(value) == 1 else "id", _clean(str(key).removeprefix("#")))
        for name, one in _members(value):
            inner = element if name in ("@value", "rdf:value") else etree.SubElement(element, _local(name))
            _put(inner, one, depth + 1)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = _clean(str(value))


def _members(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each element of a list is a member of its own; a list of lists is none that NIEM knows."""
    for name, inner in value.items():
        if name == "@value" or not name.startswith("@"):
            yield from ((name, one) for one in (inner if isinstance(inner, list) else [inner]))


def _local(name: str) -> str:
    """The name without its prefix; what cannot be an element's name is none that we look for."""
    local = name.rpartition(":")[2].rpartition("#")[2].rpartition("/")[2]
    return local if local.isascii() and local.isidentifier() else "other"


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
