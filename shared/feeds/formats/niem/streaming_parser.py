"""NIEM as documents grow from what a parser meets, tag by tag: records as they end, and then the rest."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NoReturn
from xml.parsers import expat

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.tree import Document, Element

MOST_HELD = 256 << 20  # bytes of what is in memory of a document at a time
ELEMENT = 200  # bytes of an element or an id, beside its text
_LONGEST_TAG = 16 << 20  # bytes; a comment too, and all that is read in one piece
_MOST_NAMES = 65_536  # NIEM defines some ten thousand
_DEEPEST = 256
_CHUNK = 1 << 16
_ENCODING = ("not-xml", "The document declares an encoding that is not known, or not the one it is written in.",
             "Send the document as UTF-8, and declare that.")  # fmt: skip
_ENCODINGS = {expat.errors.codes[said] for said in (expat.errors.XML_ERROR_UNKNOWN_ENCODING,
                                                    expat.errors.XML_ERROR_INCORRECT_ENCODING)}  # fmt: skip


class DocumentBuilder:
    """The documents that tags and texts make, in the order in which a parser meets them."""

    def __init__(self, records: Iterable[str], barring: FieldFilter) -> None:
        self.texts: list[str] = []
        """What was said since the last tag."""
        self.held = 0
        """Bytes, about, of what is in memory."""
        self._records, self._names = frozenset(records), _Names(barring)
        self._open: list[Element] = []
        self._is_new = False  # no tag came since the one that opened the innermost
        self._barred: Element | None = None  # the outermost one that is open
        self._rest = self._document = Document(Element(), is_rest=True)
        self._held_before = 0  # the record
        self._whole: list[Document] = []
        self._waiting: list[Document] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Raises Rejected."""
        above, element = self._open, Element()
        element.name = name = self._names[tag]
        element.text = element.id = element.ref = ""
        if self.texts:
            self._say()
        if not above:
            self._rest.root = element
        elif len(above) >= _DEEPEST:
            raise Rejected(
                "not-xml",
                f"The document is nested more than {_DEEPEST} levels deep.",
                "Send the document again, whole.",
            )
        if self._barred is not None:
            above[-1].append(element)
        elif name in self._names.barred:
            self._barred = element
        else:
            if above:
                above[-1].append(element)
                if name in self._records and self._document is self._rest:
                    self._document, self._held_before = Document(element, is_rest=False), self.held
            self._document.named[name].append(element)
        above.append(element)
        self._is_new = True
        self.held += ELEMENT
        if attributes:
            self._note(element, attributes)

    def _say(self) -> None:
        """A text is its element's where no tag stands before it, be it a tag of what may not be kept."""
        if self._is_new:
            self._open[-1].text = said = "".join(self.texts)
            self.held += len(said)
        self.texts.clear()

    def _note(self, element: Element, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            match self._names[key]:
                case "id":
                    element.id = value
                case "ref":
                    element.ref = value
        self.held += ELEMENT + len(element.id) + len(element.ref)
        self._document.note(element, kept=self._barred is None)

    def end(self, _tag: str = "") -> None:
        """A record is done with when it ends; one that refers to what lies elsewhere waits for the rest."""
        if self.texts:
            self._say()
        element, document, self._is_new = self._open.pop(), self._document, False
        if element is self._barred:
            self._barred = None
        elif element is document.root and document is not self._rest:
            self._document = self._rest
            self._open[-1].pop()
            if document.is_whole:
                self._whole.append(document)
                self.held = self._held_before
            else:
                self._waiting.append(document)

    def whole(self) -> list[Document]:
        """Records that have ended since this was asked last."""
        found, self._whole = self._whole, []
        return found

    def remaining(self) -> list[Document]:
        """At the end: records that refer to what lies outside of them, each with ids of its own, and what does."""
        for record in self._waiting:
            record.outside = self._rest
        return [*self._waiting, self._rest]


class _Names(dict[str, str]):
    """Local names by the names that a document writes, of elements and attributes; those of namespaces are none."""

    def __init__(self, barring: FieldFilter) -> None:
        super().__init__()
        self._barring = barring
        self.barred: set[str] = set()

    def __missing__(self, written: str) -> str:
        if len(self) >= _MOST_NAMES:
            raise Rejected(
                "too-large",
                f"The document has more than {_MOST_NAMES:,} different names of elements.",
                "Send what the exchange standard defines.",
            )
        is_namespace = written.startswith("xmlns")
        self[written] = local = "" if is_namespace else written.rpartition(":")[2]
        if self._barring.is_forbidden(local):
            self.barred.add(local)
        return local


def documents(stream: BinaryIO, records: Iterable[str], barring: FieldFilter) -> Iterator[Document]:
    """Elements with these names as they end, the outermost ones that refer to nothing outside of them; then the others,
    and the rest: so memory does not grow with the document. Raises Rejected."""
    growing, chunk, read, blank = DocumentBuilder(records, barring), stream.read(_CHUNK), 0, True
    parser = _parser(growing, chunk)
    while chunk:
        read += len(chunk)
        blank = blank and not chunk.strip()
        _parsed(parser, chunk)
        yield from growing.whole()
        if growing.held > MOST_HELD:
            raise Rejected(
                "too-large",
                f"One record, or what lies beside all, has more than {MOST_HELD // ELEMENT:,}"
                f" elements or {MOST_HELD >> 20} MiB.",
                "Send the document in parts.",
            )
        if read - parser.CurrentByteIndex > _LONGEST_TAG:
            raise Rejected(
                "too-large",
                f"A tag or a comment is longer than {_LONGEST_TAG >> 20} MiB.",
                "Send the document without it.",
            )
        chunk = stream.read(_CHUNK)
    if blank:
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    _parsed(parser, b"", True)
    yield from growing.whole()  # a parser may keep much for its last call
    yield from growing.remaining()


def _parser(growing: DocumentBuilder, beginning: bytes) -> expat.XMLParserType:
    """One that knows no document type, and so no entities: what is forbidden is met before it can do anything. A mark
    of byte order is believed, whatever the declaration says."""
    parser = expat.ParserCreate("UTF-16" if beginning.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else None)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = growing.start, growing.end
    parser.CharacterDataHandler = growing.texts.append
    parser.StartDoctypeDeclHandler = _doctype
    return parser


def _parsed(parser: expat.XMLParserType, *said: Any) -> None:
    try:
        parser.Parse(*said)
    except expat.ExpatError as error:
        if error.code in _ENCODINGS:
            raise Rejected(*_ENCODING) from error
        raise Rejected(
            "not-xml", f"The document is no well-formed XML (line {error.lineno}).", "Send the document again, whole."
        ) from error
    except (LookupError, ValueError) as error:  # of an encoding that Python does not know
        raise Rejected(*_ENCODING) from error


def _doctype(*_: object) -> NoReturn:
    raise Rejected("dtd", "The document brings a document type definition.", "Send it without DOCTYPE.")
