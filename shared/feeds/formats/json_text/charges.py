"""The charges of a JSON record: its own, the elements of a list, numbered members, or texts joined in one."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from shared.feeds.formats.charge_cells import Charges, for_each_charge, pair_charges
from shared.feeds.formats.json_text.text_tuples import text_tuple_reader
from shared.feeds.formats.json_text.values import (
    RecordError,
    Steps,
    as_list,
    as_text,
    numbered_values,
    steps_of,
    value_at,
)
from shared.feeds.layout import NUMBER_PLACEHOLDER, Cut, FileLayout
from shared.feeds.record import ChargeText

_LIST = "[]"


def json_charge_reader(layout: FileLayout) -> Callable[[Any], Charges]:
    """Returns a function from a record to its charges. It raises RecordError as `as_text` does."""
    lists = charge_lists(layout)
    if layout.charges == "joined in a cell":
        return partial(_joined_charges, layout)
    if layout.charges == "numbered columns":
        return partial(_numbered_charges, layout)
    if lists:
        read = text_tuple_reader(ChargeText, layout, f"{lists[0]}{_LIST}.")
        texts = [field for field in ChargeText._fields if any(p.endswith(_LIST) for p in layout.columns.get(field, ()))]
        if texts:
            read = partial(_text_charge, layout, texts)
        return partial(_listed_charges, steps_of(lists[0]), read, are_texts=bool(texts))
    read = text_tuple_reader(ChargeText, layout)
    return lambda record: ((read(record),), False)


def charge_lists(layout: FileLayout) -> list[str]:
    """The paths of the lists from which the fields of a charge are read, without their `[]`."""
    paths = [path for field in ChargeText._fields for path in layout.columns.get(field, ())]
    return sorted({path.partition(_LIST)[0] for path in paths if _LIST in path})


def _listed_charges(charge_list: Steps, read: Callable[[Any], ChargeText], record: Any, *, are_texts: bool) -> Charges:
    """An element is an object with the fields, or the text of those fields whose path ends at the list."""
    elements = [element for element in as_list(value_at(record, charge_list)) if element is not None]
    if not (are_texts or all(type(element) is dict for element in elements)):
        raise RecordError("has a text in a list where the profile reads an object")
    return tuple(map(read, elements)), False


def _text_charge(layout: FileLayout, fields: Iterable[str], element: Any) -> ChargeText:
    text = as_text(element)
    return ChargeText(**{field: layout.cut.get(field, Cut()).apply(text).strip() for field in fields})


def _joined_charges(layout: FileLayout, record: Any) -> Charges:
    return pair_charges(for_each_charge([_items(layout, field, record) for field in ChargeText._fields]))


def _items(layout: FileLayout, field: str, record: Any) -> list[str]:
    """A list has its items already; a text is split. Several paths of a field are one after the other."""
    cut, items = layout.cut.get(field, Cut()), list[str]()
    for path in layout.columns.get(field, ()):
        value = value_at(record, steps_of(path))
        items += (
            map(as_text, value) if type(value) is list else cut.apply(as_text(value)).split(layout.charge_separator)
        )
    return items


def _numbered_charges(layout: FileLayout, record: Any) -> Charges:
    by_number: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for field in ChargeText._fields:
        for path in layout.columns.get(field, ()):
            if NUMBER_PLACEHOLDER in path:
                cut = layout.cut.get(field, Cut())
                for number, value in numbered_values(record, steps_of(path)):
                    by_number[number][field] = cut.apply(as_text(value))
    return tuple(ChargeText(**by_number[number]) for number in sorted(by_number)), False
