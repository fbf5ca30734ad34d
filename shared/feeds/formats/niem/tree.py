"""Elements of NIEM by their local names, whatever the namespace, its version or its prefix."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cache


class Element(list["Element"]):
    """A list of its children. `text` is what stands before the first of them.

    `id`, `ref` and `metadata`, of any namespace, are the only attributes that are kept.
    """

    __slots__ = ("id", "metadata", "name", "ref", "text")
    name: str
    text: str
    id: str
    ref: str
    metadata: str


@dataclass
class Document:
    """A tree without forbidden elements, and indexes into it: one record, or what is left at the end of the file."""

    root: Element
    is_rest: bool
    all_ids: set[str] = field(default_factory=set)
    """Every id in it, those of forbidden elements too: a reference to one of them refers to nothing outside."""
    all_refs: set[str] = field(default_factory=set)
    by_name: defaultdict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    """Its elements by local name, in the order of the document."""
    sent: str = ""
    """Of a record: when the message was sent in which it stands, as LEXS says before it."""
    outside: "Document | None" = None
    """The rest of the file, where a record looks for what is not in it."""
    _by_id: dict[str, Element] = field(default_factory=dict)

    @property
    def is_self_contained(self) -> bool:
        return self.all_refs <= self.all_ids

    def add_to_index(self, element: Element, *, is_allowed: bool) -> None:
        """Indexes the id and the reference of an element. An id that is given twice identifies neither element."""
        if element.ref:
            self.all_refs.add(element.ref)
        if not element.id:
            return
        if element.id in self.all_ids:
            self._by_id.pop(element.id, None)
        elif is_allowed:
            self._by_id[element.id] = element
        self.all_ids.add(element.id)

    def is_sealed(self, element: Element) -> bool:
        """Whether metadata of the element say that it is sealed."""
        metadata = (self.find(ref) for ref in element.metadata.split())
        return any(text(holder, "SealedIndicator") in ("true", "1") for holder in metadata if holder is not None)

    def lacks(self, ref: str) -> bool:
        """Whether there is a reference and it leads nowhere."""
        return bool(ref) and self.find(ref) is None

    def descendants(self, within: Element, name: str) -> Iterator[Element]:
        """`within` and its descendants with this local name; from the index where that is the whole document."""
        return iter(self.by_name.get(name, ())) if within is self.root else descendants(within, name)

    def find(self, element_id: str) -> Element | None:
        if element_id in self.all_ids or self.outside is None:
            return self._by_id.get(element_id)
        return self.outside.find(element_id)

    def dereference(self, element: Element | None) -> Element | None:
        """The element that a reference points at, or the element itself when it is no reference."""
        return self.find(element.ref) if element is not None and element.ref else element


def ref_of(element: Element | None) -> str:
    return element.ref if element is not None else ""


def id_of(element: Element | None) -> str:
    return element.id if element is not None else ""


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """It and its descendants with any of these local names, in the order of the document."""
    ahead = [element]
    while ahead:
        current = ahead.pop()
        if current.name in names:
            yield current
        if current:
            ahead += current[::-1]


def first_by_name(element: Element) -> dict[str, Element]:
    """Maps each local name among it and its descendants to the first element with that name."""
    elements: dict[str, Element] = {}
    ahead = [element]
    while ahead:
        current = ahead.pop()
        elements.setdefault(current.name, current)
        if current:
            ahead += current[::-1]
    return elements


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if child.name == name)


def first(element: Element | None, *path: str) -> Element | None:
    """Follows a path of local names, at each step to the first child with that name; `A|B` takes either."""
    for step in path if element is not None else ():
        names = _alternatives(step)
        for child in element or ():
            if child.name in names:
                element = child
                break
        else:
            return None
    return element


@cache
def _alternatives(step: str) -> Container[str]:
    return frozenset(step.split("|"))


def text(element: Element | None, *path: str) -> str:
    """The text at the end of a path, with single spaces; empty where the path ends nowhere."""
    holder = first(element, *path)
    return " ".join(holder.text.split()) if holder is not None else ""
