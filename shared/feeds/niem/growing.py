"""NIEM as documents grow from what a parser meets, tag by tag: records as they end, and then the rest."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NoReturn
from xml.parsers import expat

from shared.domain.errors import Rejected
from shared.feeds.niem.tree import Document, Element
from shared.feeds.sensitive import Barring

LARGEST = 64 << 20  # bytes of a document that are in memory at a time
_MOST_TAGS = 2_000_000  # of them; an element takes 150 bytes
_MOST_NAMES = 65_536  # NIEM defines some ten thousand
_DEEPEST = 256
_CHUNK = 1 << 16


class Growing:
    """The documents that tags and texts make, in the order in which a parser meets them."""

    def __init__(self, records: Iterable[str], barring: Barring) -> None:
        self.done: list[Document] = []
        self.texts: list[str] = []
        """What was said since the last tag."""
        self._records, self._names = frozenset(records), _Names(barring)
        self._open: list[Element] = []
        self._barred: Element | None = None  # the outermost one that is open
        self._rest = self._document = Document(Element(), is_rest=True)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Raises Rejected."""
        above, texts, element = self._open, self.texts, Element()
        element.name = name = self._names[tag]
        element.text = element.id = element.ref = ""
        if texts:
            if above and not above[-1]:
                above[-1].text = "".join(texts)
            texts.clear()
        if not above:
            self._rest.root = element
        elif len(above) >= _DEEPEST:
            raise Rejected("not-xml", f"The document is nested more than {_DEEPEST} levels deep.",
                           "Send the document again, whole.")  # fmt: skip
        if self._barred is not None:
            above[-1].append(element)
        elif name in self._names.barred:
            self._barred = element
        else:
            if above:
                above[-1].append(element)
                if name in self._records and self._document is self._rest:
                    self._document = Document(element, is_rest=False)
            self._document.named[name].append(element)
        above.append(element)
        if attributes:
            self._note(element, attributes)

    def _note(self, element: Element, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            match self._names[key]:
                case "id":
                    element.id = value
                case "ref":
                    element.ref = value
        self._document.note(element, kept=self._barred is None)

    def end(self, _tag: str = "") -> None:
        """A record is done with when it ends; one that refers to what lies elsewhere waits for the rest."""
        element, texts, document = self._open.pop(), self.texts, self._document
        if texts:
            if not element:
                element.text = "".join(texts)
            texts.clear()
        if element is self._barred:
            self._barred = None
        elif element is document.root and document is not self._rest:
            self._document = self._rest
            if document.is_whole:
                self._open[-1].pop()
                self.done.append(document)
            else:
                self._rest.take_in(document)

    def rest(self) -> Document:
        return self._rest


class _Names(dict[str, str]):
    """Local names by the names that a document writes, of elements and attributes; those of namespaces are none."""

    def __init__(self, barring: Barring) -> None:
        super().__init__()
        self._barring = barring
        self.barred: set[str] = set()

    def __missing__(self, written: str) -> str:
        if len(self) >= _MOST_NAMES:
            raise Rejected("too-large", f"The document has more than {_MOST_NAMES:,} different names of elements.",
                           "Send what the exchange standard defines.")  # fmt: skip
        is_namespace = written.startswith("xmlns")
        self[written] = local = "" if is_namespace else written.rpartition(":")[2]
        if self._barring.bars(local):
            self.barred.add(local)
        return local


def documents(stream: BinaryIO, records: Iterable[str], barring: Barring) -> Iterator[Document]:
    """Elements with these names as they end, the outermost ones that refer to nothing outside of them, and then the
    rest: so memory does not grow with the document. Raises Rejected."""
    growing, held, tags, blank = Growing(records, barring), 0, 0, True
    parse = _parser(growing).Parse
    while chunk := stream.read(_CHUNK):
        blank = blank and not chunk.strip()
        held += len(chunk)
        tags += chunk.count(b"<")
        _parsed(parse, chunk)
        if growing.done:
            held = tags = 0
            yield from growing.done
            growing.done.clear()
        if held > LARGEST or tags > _MOST_TAGS:
            raise Rejected("too-large", f"There are more than {LARGEST >> 20} MiB or {_MOST_TAGS:,} tags in one record,"
                           " or beside all.", "Send the document in parts.")  # fmt: skip
    if blank:
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    _parsed(parse, b"", True)
    yield growing.rest()


def _parser(growing: Growing) -> expat.XMLParserType:
    """One that knows no document type, and so no entities: what is forbidden is met before it can do anything."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = growing.start, growing.end
    parser.CharacterDataHandler = growing.texts.append
    parser.StartDoctypeDeclHandler = _doctype
    return parser


def _parsed(parse: Any, *said: Any) -> None:
    try:
        parse(*said)
    except expat.ExpatError as error:
        raise Rejected("not-xml", f"The document is no well-formed XML (line {error.lineno}).",
                       "Send the document again, whole.") from error  # fmt: skip
    except (LookupError, ValueError) as error:  # of an encoding that is not known
        raise Rejected("not-xml", "The document's encoding is not known.", "Send the document as UTF-8.") from error


def _doctype(*_: object) -> NoReturn:
    raise Rejected("dtd", "The document brings a document type definition.", "Send it without DOCTYPE.")
