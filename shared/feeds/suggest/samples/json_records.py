"""JSON: one array, one object that wraps it, or one object a line. A column is a path, as in a profile."""

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shared.errors import Rejected
from shared.feeds.formats.json_text.json_array import elements_of
from shared.feeds.formats.json_text.values import steps_of
from shared.feeds.formats.json_text.wrapper import JsonText
from shared.feeds.formats.streams.lines import lines
from shared.feeds.suggest.samples.sample_table import SampleColumn, SampleTable
from shared.feeds.suggest.samples.text_encoding import encoding_of

_DEEPEST = 8  # levels
_MOST_PATHS = 1_000
Leaf = tuple[str, str]
"""A path and the text at it."""


def read_array(content: bytes) -> SampleTable:
    """Raises Rejected for broken JSON, and for a document without a list of objects."""
    encoding, text = _decoded(content)
    records = _records_path(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else ""
    elements = elements_of(JsonText(iter([text])), steps_of(records))
    return _table("json", (element for element in elements if isinstance(element, str)), encoding, records)


def read_ndjson(content: bytes) -> SampleTable:
    encoding, _ = _decoded(content)
    texts = (line for line in lines(io.BytesIO(content), encoding) if isinstance(line, str))
    return _table("ndjson", texts, encoding, "")


def _decoded(content: bytes) -> tuple[str, str]:
    encoding = encoding_of(content).name
    return encoding, content.decode(encoding, "replace")


def _table(format_name: str, texts: Iterable[str], encoding: str, records: str) -> SampleTable:
    objects = [record for text in texts if text.strip() and isinstance(record := _parsed(text), dict)]
    if not objects:
        raise Rejected("no-rows", "The file is JSON and holds no objects.", "Ask for a JSON array of objects.")
    keys: dict[str, str | int | list[str]] = {"encoding": encoding} if encoding != "utf-8" else {}
    return SampleTable(
        format_name, columns_of([leaves_of(record) for record in objects]), len(objects), keys, records=records
    )


def _parsed(text: str) -> Any:
    """None for what is no JSON: a dry run rejects and counts it."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def columns_of(records: Sequence[Iterable[Leaf]]) -> list[SampleColumn]:
    """The columns of records, of which each is its leaves. What several records lack is blank there."""
    listed: defaultdict[str, list[str]] = defaultdict(list)
    single: dict[str, list[str]] = {}
    present: defaultdict[str, int] = defaultdict(int)
    order: dict[str, None] = {}
    for place, leaves in enumerate(records):
        seen = set[str]()
        for path, text in leaves:
            if path not in order and len(order) >= _MOST_PATHS:
                continue
            order[path] = None
            seen.add(path)
            if "[]" in path:
                listed[path].append(text)
            else:
                single.setdefault(path, [""] * len(records))[place] = text
        for path in seen:
            present[path] += 1
    return [
        SampleColumn(path, listed.get(path) or single[path], path in listed, len(records) - present[path])
        for path in order
    ]


def leaves_of(value: Any, path: str = "", depth: int = 0) -> Iterator[Leaf]:
    """The texts of a record with their paths. Names that no path can say, and what is nested too deeply, stay out."""
    match value:
        case dict() if depth < _DEEPEST:
            for name, member in value.items():
                if name and "." not in name and "[]" not in name:
                    yield from leaves_of(member, f"{path}.{name}" if path else name, depth + 1)
        case list() if path and depth < _DEEPEST:
            for element in value:
                if not isinstance(element, list):
                    yield from leaves_of(element, f"{path}[]", depth + 1)
        case None:
            yield path, ""
        case bool():
            yield path, str(value).lower()
        case str():
            yield path, value


def _records_path(text: str) -> str:
    """The path of the longest list of objects in a document. Raises Rejected where there is none."""
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Rejected("json", "The file is broken JSON, or cut short.", "Send it again, whole.") from error
    lists = dict(_lists_of(document, "", 0))
    if not lists:
        raise Rejected(
            "json",
            "The file is one JSON object without a list of records.",
            "Ask for a JSON array of objects, or for one object a line (NDJSON).",
        )
    return max(lists, key=lambda path: lists[path])


def _lists_of(value: Any, path: str, depth: int) -> Iterator[tuple[str, int]]:
    if not isinstance(value, dict) or depth > 3:
        return
    for name, member in value.items():
        inner = f"{path}.{name}" if path else name
        if isinstance(member, list) and any(isinstance(element, dict) for element in member) and "." not in name:
            yield inner, len(member)
        yield from _lists_of(member, inner, depth + 1)
