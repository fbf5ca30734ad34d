"""Documents from the tags that a parser meets: each record as it ends, then the rest. Memory stays bounded."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NoReturn
from xml.parsers import expat

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.tree import Document, Element

MOST_HELD = 256 << 20  # bytes of a document in memory at a time
ELEMENT_SIZE = 200  # bytes of an element or an id, beside its text
_LONGEST_TAG = 16 << 20  # bytes of a tag or a comment, which the parser reads in one piece
_MOST_NAMES = 65_536  # of elements and attributes; NIEM defines about 10,000
_DEEPEST = 256  # levels
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


class DocumentBuilder:
    """Builds documents from tags and texts in the order in which a parser meets them. Forbidden elements are left out.

    Elements named in `records` become documents of their own, the outermost ones that are met.
    """

    def __init__(self, records: Iterable[str], field_filter: FieldFilter) -> None:
        self.texts: list[str] = []
        """The pieces of text since the last tag; the parser appends to it."""
        self.held = 0
        """Bytes in memory, approximately."""
        self._records, self._names = frozenset(records), LocalNames(field_filter)
        self._open: list[Element] = []
        self._is_new = False  # no tag came since the one that opened the innermost element
        self._forbidden: Element | None = None  # the outermost open element that is forbidden
        self._rest = self._document = Document(Element(), is_rest=True)
        self._held_before_record = 0
        self._complete: list[Document] = []
        self._waiting: list[Document] = []  # records that refer to what lies outside of them

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Raises Rejected when the document is too deep or has too many names."""
        ancestors, element = self._open, Element()
        element.name = name = self._names[tag]
        element.text = element.id = element.ref = ""
        if self.texts:
            self._take_text()
        if not ancestors:
            self._rest.root = element
        elif len(ancestors) >= _DEEPEST:
            raise Rejected(
                "not-xml",
                f"The document is nested more than {_DEEPEST} levels deep.",
                "Send the document again, whole.",
            )
        if self._forbidden is not None:
            ancestors[-1].append(element)
        elif name in self._names.forbidden:
            self._forbidden = element
        else:
            if ancestors:
                ancestors[-1].append(element)
                if name in self._records and self._document is self._rest:
                    self._document, self._held_before_record = Document(element, is_rest=False), self.held
            self._document.by_name[name].append(element)
        ancestors.append(element)
        self._is_new = True
        self.held += ELEMENT_SIZE
        if attributes:
            self._set_attributes(element, attributes)

    def end(self, _tag: str = "") -> None:
        """A record is complete when it ends, unless it refers to what lies outside of it: then it waits."""
        if self.texts:
            self._take_text()
        element, document, self._is_new = self._open.pop(), self._document, False
        if element is self._forbidden:
            self._forbidden = None
        elif element is document.root and document is not self._rest:
            self._document = self._rest
            self._open[-1].pop()
            if document.is_self_contained:
                self._complete.append(document)
                self.held = self._held_before_record
            else:
                self._waiting.append(document)

    def take_complete(self) -> list[Document]:
        """The records that have ended since the last call."""
        complete, self._complete = self._complete, []
        return complete

    def remaining(self) -> list[Document]:
        """At the end of the file: the records that waited, each with ids of its own, then the rest."""
        for record in self._waiting:
            record.outside = self._rest
        return [*self._waiting, self._rest]

    def _take_text(self) -> None:
        """A text belongs to its element only where no tag stands before it, be it the tag of a forbidden element."""
        if self._is_new:
            self._open[-1].text = text = "".join(self.texts)
            self.held += len(text)
        self.texts.clear()

    def _set_attributes(self, element: Element, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            match self._names[key]:
                case "id":
                    element.id = value
                case "ref":
                    element.ref = value
        self.held += ELEMENT_SIZE + len(element.id) + len(element.ref)
        self._document.add_to_index(element, is_allowed=self._forbidden is None)


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


def documents(stream: BinaryIO, records: Iterable[str], field_filter: FieldFilter) -> Iterator[Document]:
    """Yields each element named in `records` as it ends, then those that refer to what lies outside, then the rest.

    Only the outermost such elements are records. Raises Rejected when the file is no XML, has a document type, or
    holds more than fits into memory.
    """
    builder, chunk, size, is_blank = DocumentBuilder(records, field_filter), stream.read(_CHUNK), 0, True
    parser = _parser(builder, chunk)
    while chunk:
        size += len(chunk)
        is_blank = is_blank and not chunk.strip()
        _parse(parser, chunk)
        yield from builder.take_complete()
        _check_held(builder.held, size - parser.CurrentByteIndex)
        chunk = stream.read(_CHUNK)
    if is_blank:
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    _parse(parser, b"", True)
    yield from builder.take_complete()  # a parser may keep much for its last call
    yield from builder.remaining()


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


def _parser(builder: DocumentBuilder, beginning: bytes) -> expat.XMLParserType:
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
