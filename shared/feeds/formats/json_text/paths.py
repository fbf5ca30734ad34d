"""JSON records by path: `person.name.last`; `charges[].code` reads every element of a list."""

import json
from collections.abc import Iterator
from typing import Any

from shared.arrests.numbers import is_number
from shared.errors import Rejected
from shared.feeds.formats.json_text.charges import charge_lists, json_charge_reader
from shared.feeds.formats.json_text.text_tuples import text_tuple_reader
from shared.feeds.formats.json_text.values import as_text, may_have, numbered_values, steps_of, value_at
from shared.feeds.formats.layout_keys import COLUMN_KEYS, KeyFault, LayoutKeys
from shared.feeds.layout import NUMBER_PLACEHOLDER, FileLayout
from shared.feeds.record import (
    DECISION_FIELDS,
    CaseText,
    ChargeText,
    EventText,
    NameText,
    PersonText,
    PlaceText,
    RawRecord,
)


class PathReader:
    """Reads the fields that a layout names, and remembers which paths no record has had so far."""

    def __init__(self, layout: FileLayout) -> None:
        self._blanks = layout.blanks
        self._arrest_key = [steps_of(path) for path in layout.arrest_key]
        self._event, self._name = text_tuple_reader(EventText, layout), text_tuple_reader(NameText, layout)
        self._person, self._place = text_tuple_reader(PersonText, layout), text_tuple_reader(PlaceText, layout)
        self._case, self._charges = text_tuple_reader(CaseText, layout), json_charge_reader(layout)
        self._absent = [path for path in layout.column_names if path not in layout.optional]
        self._has_records = False

    def raw_record(self, line: int, row: str, record: dict[str, Any]) -> RawRecord:
        """Raises RecordError when a path ends at an object."""
        self._has_records = True
        if self._absent:
            self._absent = [path for path in self._absent if not _has(record, path)]
        event = self._event(record)
        charges, unpaired = self._charges(record)
        return RawRecord(
            line,
            row,
            event,
            (self._name(record),),
            self._person(record),
            self._place(record),
            charges,
            () if is_number(event.number, self._blanks) else tuple(self._facts(record)),
            unpaired=unpaired,
            case=self._case(record),
        )

    def check_paths(self) -> None:
        """Call it after the last record. Raises Rejected when there were records and none of them had one of the paths:
        the file has other names than the profile, and its arrests would lack what is read there."""
        if self._absent and self._has_records:
            raise Rejected(
                "header",
                f"No record of the file has {', '.join(path.removesuffix('.#text') for path in self._absent)}.",
                "Write the paths as the file does (case matters), and name in `optional` what records may lack.",
            )

    def _facts(self, record: dict[str, Any]) -> list[str]:
        keys = [as_text(value_at(record, steps)) for steps in self._arrest_key]
        return keys or [json.dumps(record, sort_keys=True)]


def _has(record: dict[str, Any], path: str) -> bool:
    steps = steps_of(path)
    return any(numbered_values(record, steps)) if NUMBER_PLACEHOLDER in path else may_have(record, steps)


def path_faults(layout: FileLayout) -> Iterator[KeyFault]:
    """What is wrong with the columns of a layout as paths."""
    for path in layout.column_names:
        if not all(steps_of(path)):
            yield KeyFault("columns", f"has the path {path!r} with a blank step; write it like person.name.last")
    lists = charge_lists(layout)
    charge_paths = [path for field in ChargeText._fields for path in layout.columns.get(field, ())]
    if len({path.endswith("[]") for path in charge_paths}) > 1 and layout.charges != "joined in a cell":
        yield KeyFault("columns", "reads the charges of a list as texts and as objects; write one or the other")
    if lists and layout.charges == "numbered columns":
        yield KeyFault("charges", "is `numbered columns`, but a list has no numbers; write `row per arrest`")
    outside = [path for field in DECISION_FIELDS for path in layout.columns.get(field, ()) if "[]" not in path]
    if lists and outside and layout.charges != "joined in a cell":
        yield KeyFault(
            "columns",
            f"reads what is decided from {', '.join(outside)}, beside the list of charges; read it from the list, like"
            f" {lists[0]}[].outcome",
        )
    if len(lists) > 1 and layout.charges != "joined in a cell":
        yield KeyFault(
            "columns",
            f"reads charges from several lists ({', '.join(lists)}); read all words of a charge from one list, or write"
            " `charges: joined in a cell`, which pairs the items of the lists by their order",
        )


NDJSON_KEYS = LayoutKeys(COLUMN_KEYS | {"text.encoding"}, frozenset({"columns"}), path_faults)
JSON_KEYS = NDJSON_KEYS._replace(used=NDJSON_KEYS.used | {"records"})
