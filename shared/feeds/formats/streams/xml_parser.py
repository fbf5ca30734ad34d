"""XML, parsed a chunk at a time into a builder. Hardened: no document type, and so no entity; limits on all else."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NoReturn, Protocol
from xml.parsers import expat

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter

MOST_HELD = 256 << 20  # bytes of a document in memory at a time
ELEMENT_SIZE = 200  # bytes of an element or an id, beside its text
DEEPEST = 256  # levels
TOO_DEEP = ("not-xml", f"The document is nested more than {DEEPEST} levels deep.", "Send the document again, whole.")
_MARKUP = "a b big br div em font i mark p s small span strong sub sup tt u"
MARKUP = frozenset([*_MARKUP.split(), *_MARKUP.upper().split()])
"""Elements of HTML that stand within a text and belong to it."""
_LONGEST_TAG = 16 << 20  # bytes of a tag or a comment, which the parser reads in one piece
_MOST_NAMES = 65_536  # of elements and attributes; NIEM defines about 10,000
_CHUNK = 1 << 16  # bytes
_ENCODING = (
    "not-xml",
    "The document declares an encoding that is not known, or not the one it is written in.",
    "Send the document as UTF-8, and declare that.",
)
_ENCODING_ERRORS = {
    expat.errors.codes[message]
    for message in (expat.errors.XML_ERROR_UNKNOWN_ENCODING, expat.errors.XML_ERROR_INCORRECT_ENCODING)
}


class Builder(Protocol):
    """Takes tags and texts in the order of the document."""

    texts: list[str]
    """The pieces of text since the last tag; the parser appends to it."""
    held: int
    """Bytes in memory, approximately."""

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None: ...

    def end(self, tag: str, /) -> None: ...


class LocalNames(dict[str, str]):
    """Maps the names that a document writes to local names; namespace declarations map to an empty name.

    `forbidden` collects the local names that are forbidden.
    """

    def __init__(self, field_filter: FieldFilter) -> None:
        super().__init__()
        self._field_filter = field_filter
        self.forbidden: set[str] = set()

    def __missing__(self, written_name: str) -> str:
        if len(self) >= _MOST_NAMES:
            raise Rejected(
                "too-large",
                f"The document has more than {_MOST_NAMES:,} different names of elements.",
                "Send what the exchange standard defines.",
            )
        is_namespace = written_name.startswith("xmlns")
        self[written_name] = local_name = "" if is_namespace else written_name.rpartition(":")[2]
        if self._field_filter.is_forbidden(local_name):
            self.forbidden.add(local_name)
        return local_name


def parse_into(builder: Builder, stream: BinaryIO) -> Iterator[None]:
    """Yields after each chunk, so that what is complete can be taken from the builder. Raises Rejected when the file is
    no XML, has a document type, or holds more than fits into memory."""
    chunk, size, is_blank = stream.read(_CHUNK), 0, True
    parser = _parser(builder, chunk)
    while chunk:
        size += len(chunk)
        is_blank = is_blank and not chunk.strip()
        _parse(parser, chunk)
        yield
        _check_held(builder.held, size - parser.CurrentByteIndex)
        chunk = stream.read(_CHUNK)
    if is_blank:
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    _parse(parser, b"", True)
    yield  # a parser may keep much for its last call


def _check_held(held: int, unparsed: int) -> None:
    if held > MOST_HELD:
        raise Rejected(
            "too-large",
            f"One record, or what lies beside all, has more than {MOST_HELD // ELEMENT_SIZE:,}"
            f" elements or {MOST_HELD >> 20} MiB.",
            "Send the document in parts.",
        )
    if unparsed > _LONGEST_TAG:
        raise Rejected(
            "too-large",
            f"A tag or a comment is longer than {_LONGEST_TAG >> 20} MiB.",
            "Send the document without it.",
        )


def _parser(builder: Builder, beginning: bytes) -> expat.XMLParserType:
    """A parser that refuses document types, and with them entities, before they can do anything.

    A byte order mark counts, whatever the declaration of the document says.
    """
    parser = expat.ParserCreate("UTF-16" if beginning.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else None)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.texts.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _parse(parser: expat.XMLParserType, *arguments: Any) -> None:
    try:
        parser.Parse(*arguments)
    except expat.ExpatError as error:
        if error.code in _ENCODING_ERRORS:
            raise Rejected(*_ENCODING) from error
        raise Rejected(
            "not-xml", f"The document is no well-formed XML (line {error.lineno}).", "Send the document again, whole."
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        raise Rejected(*_ENCODING) from error


def _refuse_doctype(*_: object) -> NoReturn:
    raise Rejected("dtd", "The document brings a document type definition.", "Send it without DOCTYPE.")
