"""Reads the fields of one text tuple from a JSON value: the paths of a layout, compiled once."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from shared.feeds.formats.json_text.values import Steps, as_text, steps_of, value_at
from shared.feeds.layout import NUMBER_PLACEHOLDER, Cut, FileLayout
from shared.feeds.record import CaseText, ChargeText, EventText, NameText, PersonText, PlaceText

TextTuple = TypeVar("TextTuple", EventText, NameText, PersonText, PlaceText, ChargeText, CaseText)
_new_tuple = tuple.__new__  # faster than calling the class


def text_tuple_reader(kind: type[TextTuple], layout: FileLayout, prefix: str = "") -> Callable[[Any], TextTuple]:
    """Returns a function from a record, or an element of the list at `prefix`, to its text tuple.

    A missing path is an empty text; numbers stay as they are written. Fields with one path are grouped by the object
    that holds them. The function raises RecordError when a path ends at an object.
    """
    by_holder: defaultdict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    computed: list[tuple[int, list[Steps], Cut]] = []
    for index, field in enumerate(kind._fields):
        names = layout.columns.get(field, ())
        paths = [steps_of(name.removeprefix(prefix)) for name in names if NUMBER_PLACEHOLDER not in name]
        if len(paths) == 1 and paths[0] and field not in layout.cut:
            by_holder[tuple(paths[0][:-1])].append((index, paths[0][-1]))
        elif paths:
            computed.append((index, paths, layout.cut.get(field, Cut())))
    holders, blank = [*by_holder.items()], [""] * len(kind._fields)
    if not (holders or computed):
        nothing = _new_tuple(kind, blank)
        return lambda _record: nothing

    def read(record: Any) -> TextTuple:
        texts = blank.copy()
        for steps, fields in holders:
            holder = value_at(record, steps) if steps else record
            for index, name in fields:
                value = holder.get(name) if type(holder) is dict else value_at(holder, (name,))
                texts[index] = value if type(value) is str else as_text(value)
        for index, paths, cut in computed:
            cells = (cut.apply(as_text(value_at(record, steps))).strip() for steps in paths)
            texts[index] = " ".join(filter(None, cells))
        return _new_tuple(kind, texts)

    return read
