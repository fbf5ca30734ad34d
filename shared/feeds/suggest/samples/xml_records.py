"""XML: the element that repeats is a record, and a column is a path in it, as in a profile."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.streams.xml_parser import DEEPEST, TOO_DEEP, LocalNames, parse_into
from shared.feeds.formats.vendor_xml.records import ATTRIBUTE, TEXT, RecordBuilder, XmlRecord
from shared.feeds.suggest.samples.json_records import Leaf, columns_of
from shared.feeds.suggest.samples.sample_table import SampleColumn, SampleTable

ElementPath = tuple[str, ...]
"""The names of an element and of those around it, from the root on."""
_LEAST_PATHS = 2  # different texts that a record holds


class ElementCounter:
    """Counts the elements of a document by their paths. Implements `Builder` of `xml_parser.py`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.held = 0
        self.counts = Counter[ElementPath]()
        self.contents: dict[ElementPath, set[str]] = {}
        """The names of the attributes and children of each path."""
        self._names = LocalNames(FieldFilter(()))
        self._open: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Raises Rejected when the document is too deep."""
        if len(self._open) >= DEEPEST:
            raise Rejected(*TOO_DEEP)
        name = self._names[tag].replace(".", "_")
        self.contents.setdefault((*self._open,), set()).add(name)
        self._open.append(name)
        path = (*self._open,)
        self.counts[path] += 1
        self.contents.setdefault(path, set()).update(f"{ATTRIBUTE}{written}" for written in attributes)
        self.texts.clear()

    def end(self, _tag: str = "") -> None:
        self.texts.clear()
        self._open.pop()

    def repeated(self) -> list[ElementPath]:
        """The elements of several parts that come more often than the one around them, the outermost first."""
        paths = [
            path
            for path, count in self.counts.items()
            if count > self.counts.get(path[:-1], 1) and len(self.contents[path]) >= _LEAST_PATHS
        ]
        return sorted(paths, key=lambda path: (len(path), -self.counts[path]))


def read_xml(content: bytes) -> SampleTable:
    """Raises Rejected for what is no XML, and for a document in which no element repeats."""
    counter = ElementCounter()
    for _ in parse_into(counter, io.BytesIO(content)):
        pass
    repeated = counter.repeated()
    if not repeated:
        raise Rejected(
            "no-rows",
            "The file is an XML document in which no element with several parts comes twice.",
            "Ask for a sample of about a hundred records.",
        )
    path = repeated[0]
    records = _records(content, path)
    lists = {list_path for record in records for list_path in _list_paths(record, "")}
    columns = _without_containers(columns_of([_leaves(record, "", lists) for record in records]))
    doubts = [f"Each element {path[-1]} is read as one record. Is it an arrest?"]
    return SampleTable("xml", columns, len(records), {}, doubts, records=".".join(path[-2:]))


def _records(content: bytes, path: Sequence[str]) -> list[XmlRecord]:
    """Without forbidden elements, as a drop is read."""
    builder, records = RecordBuilder(path[-2:], FieldFilter(())), list[XmlRecord]()
    for _ in parse_into(builder, io.BytesIO(content)):
        records += [record for record in builder.take_complete() if record]
    if not records:
        raise Rejected("no-rows", "The records of the XML document are blank.", "Ask for a sample with arrests.")
    return records


def _without_containers(columns: Sequence[SampleColumn]) -> list[SampleColumn]:
    """Without elements that hold others, and are blank where they hold none."""
    names = [column.name for column in columns]
    return [
        column
        for column in columns
        if any(column.cells) or not any(name.startswith((f"{column.name}.", f"{column.name}[]")) for name in names)
    ]


def _list_paths(value: Any, path: str) -> Iterator[str]:
    """The paths at which some record has several elements."""
    match value:
        case dict():
            for name, member in value.items():
                yield from _list_paths(member, _below(path, name))
        case list():
            yield path
            for element in value:
                yield from _list_paths(element, f"{path}[]")


def _leaves(value: Any, path: str, lists: set[str]) -> Iterator[Leaf]:
    """The texts of a record with their paths. An element that is one of several elsewhere stands in a list of one."""
    if path in lists and not path.endswith("[]"):
        for element in value if isinstance(value, list) else [value]:
            yield from _leaves(element, f"{path}[]", lists)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _leaves(member, path if name == TEXT and path else _below(path, name), lists)
    else:
        yield path, value or ""


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
