"""XML as NIEM writes it: elements known by their local names, whatever the namespace, its version or its prefix."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, BinaryIO, NoReturn
from xml.parsers import expat

from shared.domain.errors import Rejected
from shared.feeds.sensitive import Barring

LARGEST = 64 << 20  # bytes of a document that are in memory at a time
_MOST_TAGS = 2_000_000  # of them; an element takes 150 bytes
_MOST_NAMES = 65_536  # NIEM defines some ten thousand
_DEEPEST = 256
_CHUNK = 1 << 16


class Element(list["Element"]):
    """A list of its children. `text` is what stands before the first of them; `id` and `ref`, of whatever namespace,
    are the only attributes that a reader of NIEM has need of."""

    __slots__ = ("id", "name", "ref", "text")
    name: str
    text: str
    id: str
    ref: str


@dataclass
class Document:
    """A tree without what may not be kept, and what lies where in it: a record, or what is left of a document at its
    end."""

    root: Element
    is_rest: bool
    known: set[str] = field(default_factory=set)
    """Every id in it, that of what may not be kept too: who refers to that refers to nothing outside."""
    wanted: set[str] = field(default_factory=set)
    named: defaultdict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    """Its elements by local name, in the order of the document."""
    _by_id: dict[str, Element] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing in it refers to what lies elsewhere."""
        return self.wanted <= self.known

    def note(self, element: Element, *, kept: bool) -> None:
        if element.ref:
            self.wanted.add(element.ref)
        if element.id:
            self.known.add(element.id)
            if kept:
                self._by_id[element.id] = element

    def take_in(self, record: "Document") -> None:
        """A record that refers to what lies elsewhere."""
        self.known |= record.known
        self.wanted |= record.wanted
        self._by_id |= record._by_id  # noqa: SLF001 - of its own kind
        for name, some in record.named.items():
            self.named[name] += some

    def every(self, within: Element, name: str) -> Iterator[Element]:
        """`within` and its descendants with this local name; looked up where that is the whole of the document."""
        return iter(self.named.get(name, ())) if within is self.root else every(within, name)

    def find(self, key: str) -> Element | None:
        return self._by_id.get(key)

    def referred(self, element: Element | None) -> Element | None:
        """The element that a reference points at, or the element itself when it is none."""
        return self._by_id.get(element.ref) if element is not None and element.ref else element


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


def reference(element: Element | None) -> str:
    return element.ref if element is not None else ""


def identity(element: Element | None) -> str:
    return element.id if element is not None else ""


def every(element: Element, *names: str) -> Iterator[Element]:
    """It and its descendants with any of these local names, in the order of the document."""
    ahead = [element]
    while ahead:
        one = ahead.pop()
        if one.name in names:
            yield one
        if one:
            ahead += one[::-1]


def named(element: Element) -> dict[str, Element]:
    """The first of it and its descendants with each local name."""
    found: dict[str, Element] = {}
    ahead = [element]
    while ahead:
        one = ahead.pop()
        found.setdefault(one.name, one)
        if one:
            ahead += one[::-1]
    return found


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if child.name == name)


def first(element: Element | None, *path: str) -> Element | None:
    """The first child of the first child ... along a path of local names; `A|B` takes either."""
    for step in path:
        names = _names(step)
        for child in element or ():
            if child.name in names:
                element = child
                break
        else:
            return None
    return element


@cache
def _names(step: str) -> Container[str]:
    return frozenset(step.split("|"))


def text(element: Element | None, *path: str) -> str:
    found = first(element, *path)
    return " ".join(found.text.split()) if found is not None else ""
