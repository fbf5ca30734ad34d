"""The fields of a JSON record by path: `person.name.last`; `charges[].code` reads every element of a list."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic_core import to_json

from shared.errors import Rejected
from shared.feeds.layout import FileLayout
from shared.feeds.record import ChargeText, EventText, NameText, PersonText, PlaceText, RawRecord

TextTuple = TypeVar("TextTuple", EventText, NameText, PersonText, PlaceText, ChargeText)
_new_tuple = tuple.__new__  # faster than calling the class


class RecordError(ValueError):
    """JSON that a parser takes but that is ambiguous, or not a text where one is read. The message completes
    "The record ..."."""


class PathReader:
    """Reads the fields that a layout names. A missing path is an empty text; numbers stay as they are written.

    Raises Rejected when the layout reads the fields of a charge from several lists.
    """

    def __init__(self, layout: FileLayout) -> None:
        self._paths = layout.columns
        self._arrest_key = [_steps(path) for path in layout.arrest_key]
        charge_list = _charge_list(layout)
        self._charge_list = None if charge_list is None else _steps(charge_list)
        self._event, self._name = self._reader(EventText), self._reader(NameText)
        self._person, self._place = self._reader(PersonText), self._reader(PlaceText)
        self._charge = self._reader(ChargeText, "" if charge_list is None else f"{charge_list}[].")

    def raw_record(self, line: int, row: str, record: dict[str, Any]) -> RawRecord:
        """Raises RecordError when a path ends at an object."""
        event = self._event(record)
        return RawRecord(
            line,
            row,
            event,
            (self._name(record),),
            self._person(record),
            self._place(record),
            tuple(self._charges(record)),
            () if event.number.strip() else tuple(self._facts(record)),
        )

    def _reader(self, kind: type[TextTuple], prefix: str = "") -> Callable[[Any], TextTuple]:
        """Compiles the paths of one text tuple. Fields with one path are grouped by the object that holds them."""
        by_holder: defaultdict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
        joined: list[tuple[int, list[list[str]]]] = []
        for index, field in enumerate(kind._fields):
            paths = [_steps(path.removeprefix(prefix)) for path in self._paths.get(field, ())]
            if len(paths) == 1 and paths[0]:
                by_holder[tuple(paths[0][:-1])].append((index, paths[0][-1]))
            elif paths:
                joined.append((index, paths))
        holders, blank = [*by_holder.items()], [""] * len(kind._fields)

        def read(record: Any) -> TextTuple:
            texts = blank.copy()
            for steps, fields in holders:
                holder = _value_at(record, steps) if steps else record
                for index, name in fields:
                    value = holder.get(name) if type(holder) is dict else _value_at(holder, (name,))
                    texts[index] = value if type(value) is str else _text_of(value)
            for index, paths in joined:
                texts[index] = " ".join(filter(None, [_text_of(_value_at(record, steps)) for steps in paths]))
            return _new_tuple(kind, texts)

        return read

    def _facts(self, record: dict[str, Any]) -> list[str]:
        keys = [_text_of(_value_at(record, steps)) for steps in self._arrest_key]
        return keys or [json.dumps(record, sort_keys=True)]

    def _charges(self, record: dict[str, Any]) -> Iterator[ChargeText]:
        charges = [record] if self._charge_list is None else _as_list(_value_at(record, self._charge_list))
        return map(self._charge, charges)


def _charge_list(layout: FileLayout) -> str | None:
    """The path of the list whose elements are the charges; None where the record itself has the one charge."""
    paths = [path for field in ChargeText._fields for path in layout.columns.get(field, ())]
    lists = {path.partition("[]")[0] for path in paths if "[]" in path}
    if len(lists) > 1:
        raise Rejected(
            "profile",
            f"The profile reads charges from several lists: {', '.join(sorted(lists))}.",
            "Read all words of a charge from one list.",
        )
    return lists.pop() if lists else None


def _steps(path: str) -> list[str]:
    return [step.removesuffix("[]") for step in path.split(".")] if path else []


def _value_at(record: Any, steps: Iterable[str]) -> Any:
    """The value at the end of a path. A list on the way gives the list of what its elements have there."""
    for name in steps:
        if type(record) is dict:
            record = record.get(name)
        elif type(record) is list:
            record = [element.get(name) for element in record if type(element) is dict]
        else:
            return None
    return record


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text_of(value: Any) -> str:
    """Several texts, such as aliases, are joined with `;`."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return to_json(value).decode()
        case list():
            return ";".join(filter(None, map(_text_of, value)))
        case _:
            raise RecordError("has an object where the profile reads a text")
