"""Documents from the tags that a parser meets: each record as it ends, then the rest. Memory stays bounded."""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.tree import Document, Element, text
from shared.feeds.formats.streams.xml_parser import DEEPEST, ELEMENT_SIZE, MARKUP, TOO_DEEP, LocalNames, parse_into

_MESSAGE_TIME = "MessageDateTime"


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
        self._is_behind_markup = False  # the last tag ended an element of `MARKUP`
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
        element.text = element.id = element.ref = element.metadata = ""
        if self.texts:
            self._take_text()
        if not ancestors:
            self._rest.root = element
        elif len(ancestors) >= DEEPEST:
            raise Rejected(*TOO_DEEP)
        if self._forbidden is not None:
            ancestors[-1].append(element)
        elif name in self._names.forbidden:
            self._forbidden = element
        else:
            if ancestors:
                ancestors[-1].append(element)
                if name in self._records and self._document is self._rest:
                    sent = [text(sent) for sent in self._rest.by_name.get(_MESSAGE_TIME, ())[-1:]]
                    self._document = Document(element, is_rest=False, sent="".join(sent))
                    self._held_before_record = self.held
            self._document.by_name[name].append(element)
        ancestors.append(element)
        self._is_new, self._is_behind_markup = True, False
        self.held += ELEMENT_SIZE
        if attributes:
            self._set_attributes(element, attributes)

    def end(self, _tag: str = "") -> None:
        """A record is complete when it ends, unless it refers to what lies outside of it: then it waits."""
        if self.texts:
            self._take_text()
        element, document, self._is_new = self._open.pop(), self._document, False
        self._is_behind_markup = False
        if element is self._forbidden:
            self._forbidden = None
        elif element.name in MARKUP and self._forbidden is None and self._open:
            self._open[-1].text += element.text
            self._is_behind_markup = True
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
        """A text belongs to its element only where no tag stands before it, be it the tag of a forbidden element; or
        where markup does, such as `Theft <b>of</b> a car`."""
        if self._is_new or self._is_behind_markup:
            content = "".join(self.texts)
            self._open[-1].text += content
            self.held += len(content)
        self.texts.clear()

    def _set_attributes(self, element: Element, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            match self._names[key]:
                case "id":
                    element.id = value
                case "ref":
                    element.ref = value
                case "metadata":
                    element.metadata = value
        self.held += ELEMENT_SIZE + len(element.id) + len(element.ref)
        self._document.add_to_index(element, is_allowed=self._forbidden is None)


def documents(stream: BinaryIO, records: Iterable[str], field_filter: FieldFilter) -> Iterator[Document]:
    """Yields each element named in `records` as it ends, then those that refer to what lies outside, then the rest.

    Only the outermost such elements are records. Raises Rejected when the file is no XML, has a document type, or
    holds more than fits into memory.
    """
    builder = DocumentBuilder(records, field_filter)
    for _ in parse_into(builder, stream):
        yield from builder.take_complete()
    yield from builder.remaining()
