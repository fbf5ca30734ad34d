"""XML as NIEM writes it: elements known by their local names, whatever the namespace, its version or its prefix."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import BinaryIO, NamedTuple, cast

from lxml import etree

from shared.domain.errors import Rejected
from shared.feeds.sensitive import Barring

LARGEST = 64 << 20  # bytes of a document that are in memory at a time
_CHUNK = 1 << 16

Element = etree._Element  # noqa: SLF001 - lxml's own name for what it parses


class Document:
    """A tree without its sensitive parts, and what lies where in it."""

    def __init__(self, root: Element, barring: Barring) -> None:
        self.root = root
        self._by_id: dict[str, Element] = {}
        referred: set[str] = set()
        barred = []
        for element in root.iter():
            if barring.bars(name(element)):
                barred.append(element)
            for key, value in _attributes(element):
                local = _local(key)
                if local == "id":
                    self._by_id[value] = element
                elif local == "ref":
                    referred.add(value)
                elif barring.bars(local):
                    del element.attrib[key]
        self.is_whole = referred <= self._by_id.keys()
        """Whether nothing in it refers to what lies elsewhere."""
        for element in barred:
            self._take_out(element)

    def _take_out(self, barred: Element) -> None:
        for element in barred.iter():
            for key, value in _attributes(element):
                if _local(key) == "id" and self._by_id.get(value) is element:
                    del self._by_id[value]
        if (parent := barred.getparent()) is not None:
            parent.remove(barred)

    def find(self, key: str) -> Element | None:
        return self._by_id.get(key)

    def referred(self, element: Element | None) -> Element | None:
        """The element that a reference points at, or the element itself when it is none."""
        key = _attribute(element, "ref") if element is not None else None
        return self._by_id.get(key) if key else element


@cache
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def name(element: Element) -> str:
    return _local(str(element.tag))


def reference(element: Element | None) -> str:
    return (_attribute(element, "ref") or "") if element is not None else ""


def identity(element: Element | None) -> str:
    return (_attribute(element, "id") or "") if element is not None else ""


def every(element: Element, *names: str) -> Iterator[Element]:
    """Descendants with any of these local names, in the order of the document."""
    return element.iter(*(f"{{*}}{each}" for each in names))


def first(element: Element | None, *path: str) -> Element | None:
    """The first child of the first child ... along a path of local names; `A|B` takes either."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren(*_tags(step)), None)
    return element


@cache
def _tags(step: str) -> list[str]:
    return [f"{{*}}{one}" for one in step.split("|")]


def text(element: Element | None, *path: str) -> str:
    found = first(element, *path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _attribute(element: Element, local: str) -> str | None:
    for key, value in _attributes(element):
        if _local(key) == local:
            return value
    return None


def _attributes(element: Element) -> list[tuple[str, str]]:
    return cast("list[tuple[str, str]]", element.items())  # lxml gives bytes for its own bytes alone


class Tree(NamedTuple):
    root: Element
    is_rest: bool  # what is left of the document at its end


def trees(stream: BinaryIO, records: Iterable[str]) -> Iterator[Tree]:
    """Elements with these names as they end, the outermost ones, and then the rest. Whoever has done with a record
    clears it, so that memory does not grow with the document."""
    parser, held, blank = _hardened(records), 0, True
    outermost: Element | None = None
    cleared: list[Element] = []
    try:
        while chunk := stream.read(_CHUNK):
            blank = blank and not chunk.strip()
            held += len(chunk)
            parser.feed(chunk)
            for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                if outermost is None:
                    outermost = element
                elif event == "end" and element is outermost:
                    outermost = None
                    if element.getparent() is not None:
                        _without_doctype(element)
                        yield Tree(element, is_rest=False)
                        _let_go(cleared)
                        if not len(element):
                            cleared.append(element)
                            held = 0
            if held > LARGEST:
                raise Rejected("too-large", f"There are more than {LARGEST >> 20} MiB in one record, or beside all.",
                               "Send the document in parts.")  # fmt: skip
        if blank:
            raise Rejected("empty", "The file is empty.", "Send the file again.")
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise Rejected("not-xml", f"The document is no well-formed XML (line {error.lineno}).",
                       "Send the document again, whole.") from error  # fmt: skip
    _let_go(cleared)
    _without_doctype(root)
    yield Tree(root, is_rest=True)


def _hardened(tags: Iterable[str]) -> etree.XMLPullParser:
    """No entities, no network, no DTD, no more than 256 levels (libxml2's own limit without `huge_tree`)."""
    return etree.XMLPullParser(
        events=("start", "end"), tag=[f"{{*}}{one}" for one in tags], resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _let_go(cleared: list[Element]) -> None:
    """Only once the parser has passed them: it still writes what follows an element into it."""
    for element in cleared:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    cleared.clear()


def _without_doctype(element: Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise Rejected("dtd", "The document brings a document type definition.", "Send it without DOCTYPE.")
