"""XML as NIEM writes it: elements known by their local names, whatever the namespace, its version or its prefix."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from shared.domain.errors import Rejected
from shared.feeds.sensitive import Barring

LARGEST = 64 << 20  # bytes of one document

Element = etree._Element  # noqa: SLF001 - lxml's own name for what it parses


class Document:
    """A parsed document without its sensitive parts; `dropped` names what was taken out."""

    def __init__(self, root: Element, drop: Iterable[str] = ()) -> None:
        self.root, self._barring = root, Barring(drop)
        self._take_out()
        self._by_id = {key: element for element in self.root.iter() if (key := _attribute(element, "id"))}

    @property
    def dropped(self) -> tuple[str, ...]:
        return tuple(self._barring.met)

    def _take_out(self) -> None:
        for element in [one for one in self.root.iter() if self._barring.bars(name(one))]:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        for element in self.root.iter():
            for key in [one for one in element.attrib if self._barring.bars(str(one).rpartition("}")[2])]:
                del element.attrib[key]

    def find(self, key: str) -> Element | None:
        return self._by_id.get(key)

    def referred(self, element: Element | None) -> Element | None:
        """The element that a reference points at, or the element itself when it is none."""
        key = _attribute(element, "ref") if element is not None else None
        return self._by_id.get(key) if key else element


def name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


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
        names = step.split("|")
        element = next((child for child in element if name(child) in names), None)
    return element


def text(element: Element | None, *path: str) -> str:
    found = first(element, *path)
    return " ".join((found.text or "").split()) if found is not None else ""


def _attribute(element: Element, local: str) -> str | None:
    for key, value in element.items():
        if str(key).rpartition("}")[2] == local:
            return str(value)
    return None


def parsed(stream: BinaryIO) -> Element:
    """No entities, no network, no DTD, no more than 256 levels (libxml2's own limit without `huge_tree`)."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Rejected("too-large", f"The document holds more than {LARGEST >> 20} MiB.", "Send it in parts.")
    if not data.strip():
        raise Rejected("empty", "The file is empty.", "Send the file again.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Rejected("not-xml", f"The document is no well-formed XML (line {error.lineno}).",
                       "Send the document again, whole.") from error  # fmt: skip
    if root.getroottree().docinfo.internalDTD is not None:
        raise Rejected("dtd", "The document brings a document type definition.", "Send it without DOCTYPE.")
    return root
