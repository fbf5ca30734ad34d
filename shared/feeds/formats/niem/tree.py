"""Elements of NIEM, known by their local names, whatever the namespace, its version or its prefix."""

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from functools import cache


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
    outside: "Document | None" = None
    """What lies beside the records, where a record looks for what is not in it."""
    _by_id: dict[str, Element] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing in it refers to what lies elsewhere."""
        return self.wanted <= self.known

    def note(self, element: Element, *, kept: bool) -> None:
        """An id that is given twice is nobody's: it might be either's."""
        if element.ref:
            self.wanted.add(element.ref)
        if not element.id:
            return
        if element.id in self.known:
            self._by_id.pop(element.id, None)
        elif kept:
            self._by_id[element.id] = element
        self.known.add(element.id)

    def lacks(self, reference: str) -> bool:
        return bool(reference) and self.find(reference) is None

    def every(self, within: Element, name: str) -> Iterator[Element]:
        """`within` and its descendants with this local name; looked up where that is the whole of the document."""
        return iter(self.named.get(name, ())) if within is self.root else every(within, name)

    def find(self, key: str) -> Element | None:
        return self._by_id.get(key) if key in self.known or self.outside is None else self.outside.find(key)

    def referred(self, element: Element | None) -> Element | None:
        """The element that a reference points at, or the element itself when it is none."""
        return self.find(element.ref) if element is not None and element.ref else element


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
    elements: dict[str, Element] = {}
    ahead = [element]
    while ahead:
        one = ahead.pop()
        elements.setdefault(one.name, one)
        if one:
            ahead += one[::-1]
    return elements


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
