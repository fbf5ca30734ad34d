"""Records of an XML document, each made when its element ends. Nothing else of the document is kept.

A record is an object as JSON has it: an element is an object with its attributes (`@id`), its child elements and its
text (`#text`); children of one name are a list. An element that holds nothing at all is null.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.streams.lines import LONGEST_LINE
from shared.feeds.formats.streams.xml_parser import DEEPEST, ELEMENT_SIZE, MARKUP, TOO_DEEP, LocalNames

TEXT = "#text"
ATTRIBUTE = "@"
XmlRecord = dict[str, Any]
_SCHEMA_INSTANCE = "xsi:"  # says something of the document's form, and nothing of the arrest


class RecordBuilder:
    """Builds the elements that `path` names, alone or behind their ancestors, without forbidden ones. A record in a
    record is a part of it."""

    def __init__(self, path: Sequence[str], field_filter: FieldFilter) -> None:
        self.texts: list[str] = []
        self.held = 0
        self.has_list = False
        """Whether the document has the element in which the records stand."""
        self._path, self._names = list(path), LocalNames(field_filter)
        self._ancestors: list[str] = []  # of the record at hand, or of the next one
        self._open: list[tuple[str, XmlRecord]] = []  # a record and the elements that are open inside it, by name
        self._forbidden_depth = 0  # of open elements, from the outermost forbidden one on
        self._complete: list[XmlRecord | None] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Raises Rejected when the document is too deep or has too many names."""
        name = self._names[tag]
        self._take_text()
        if len(self._ancestors) + len(self._open) + self._forbidden_depth >= DEEPEST:
            raise Rejected(*TOO_DEEP)
        if self._forbidden_depth or name in self._names.forbidden:
            self._forbidden_depth += 1
        elif self._open or self._is_record(name):
            self._open_element(name, attributes)
        else:
            self._ancestors.append(_step(name))
            self.has_list = self.has_list or _ends_with(self._ancestors, self._path[:-1])

    def end(self, _tag: str = "") -> None:
        self._take_text()
        if self._forbidden_depth:
            self._forbidden_depth -= 1
        elif self._open:
            self._close_element()
        else:
            self._ancestors.pop()

    def take_complete(self) -> list[XmlRecord | None]:
        """The records that have ended since the last call. None stands for one over 1 MiB, which is not held."""
        complete, self._complete = self._complete, []
        return complete

    def _is_record(self, name: str) -> bool:
        return _ends_with([*self._ancestors, _step(name)], self._path)

    def _open_element(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._open:
            self.held = 0
        element: XmlRecord = {}
        for written_name, value in attributes.items():
            local_name = self._names[written_name]
            is_allowed = local_name not in self._names.forbidden and not written_name.startswith(_SCHEMA_INSTANCE)
            if local_name and is_allowed:
                element[f"{ATTRIBUTE}{_step(local_name)}"] = value
                self.held += len(value)
        self._open.append((_step(name), element))
        self.held += ELEMENT_SIZE

    def _take_text(self) -> None:
        """Of a record over 1 MiB no more is kept."""
        if self.texts and self._open and not self._forbidden_depth:
            text = " ".join("".join(self.texts).split())
            self.held += len(text)
            if text and self.held <= LONGEST_LINE:
                _add_text(self._open[-1][1], text)
        self.texts.clear()

    def _close_element(self) -> None:
        name, element = self._open.pop()
        is_held = self.held <= LONGEST_LINE
        if not self._open:
            self._complete.append(element if is_held else None)
        elif is_held:
            parent = self._open[-1][1]
            if name in MARKUP and TEXT in parent and element.keys() <= {TEXT}:
                _add_text(parent, element.get(TEXT, ""))
            else:
                _add(parent, name, element or None)


def _step(name: str) -> str:
    """The name as a step of a path, in which dots separate steps."""
    return name.replace(".", "_")


def _ends_with(names: Sequence[str], path: Sequence[str]) -> bool:
    return bool(path) and [*names[-len(path) :]] == [*path]


def _add_text(element: XmlRecord, text: str) -> None:
    """Behind markup, such as `<b>Theft</b> of a car`, the text of the markup is the beginning of it."""
    before = [element[TEXT]] if TEXT in element else [_marked_text(element.pop(name)) for name in _markup_in(element)]
    element[TEXT] = " ".join(filter(None, (*before, text)))


def _markup_in(element: XmlRecord) -> list[str]:
    return [
        name for name, value in element.items() if name in MARKUP and isinstance(value, dict) and [*value] == [TEXT]
    ]


def _marked_text(markup: XmlRecord) -> str:
    return str(markup[TEXT])


def _add(parent: XmlRecord, name: str, value: XmlRecord | None) -> None:
    """The second child of a name makes a list of both."""
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]
