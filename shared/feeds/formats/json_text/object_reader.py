"""Records that are texts of JSON objects, as `ndjson` and `json` have them. Forbidden fields are taken out first."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import from_json, to_json

from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.json_text.paths import PathReader
from shared.feeds.formats.json_text.values import RecordError
from shared.feeds.layout import FileLayout
from shared.feeds.record import DroppedColumns, RawRecord, Reject

WITHHELD = "(withheld: the record names things that may not be kept)"
_CONTAINERS = {dict, list}
_MOST_NAMES = 4096  # remembered, so that memory does not grow with the file
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class ObjectReader:
    """Reads one record at a time."""

    def __init__(self, layout: FileLayout) -> None:
        self._paths, self._field_filter = PathReader(layout), FieldFilter(layout.drop)
        self._allowed_names: set[str] = set()  # names that were checked before
        self._had_forbidden = False  # of the record at hand
        self._parse = json.JSONDecoder(
            object_pairs_hook=self._object_of, parse_constant=_refuse_constant, parse_float=str, parse_int=str
        ).decode

    def finish(self) -> Iterator[DroppedColumns]:
        """Call it after the last record. Raises Rejected when a path of the layout stands in none of them."""
        self._paths.check_paths()
        if self._field_filter.met_names:
            yield DroppedColumns(tuple(self._field_filter.met_names))

    def read(self, number: int, text: str) -> RawRecord | Reject:
        return self._read_fast(number, text) or self._read_checked(number, text)

    def _read_fast(self, number: int, text: str) -> RawRecord | None:
        """Reads a record that, but for spaces, is written as pydantic would write it. None leaves it to the slow way.

        Such a record repeats no name and its numbers are written as they are read. Comparing the two texts takes half
        the time of checking every name. A record without a number is left out because its own text identifies it.
        """
        try:
            record = from_json(text.encode(), allow_inf_nan=False)
            if type(record) is not dict or to_json(record).decode().replace(" ", "") != text.replace(" ", ""):
                return None
            self._had_forbidden = False
            self._remove_forbidden(record)
            raw_record = self._paths.raw_record(number, self._row(text), record)
        except ValueError:
            return None
        return None if raw_record.facts else raw_record

    def _remove_forbidden(self, container: Any) -> None:
        """The innermost first, in the order in which `_object_of` meets them."""
        for value in container.values() if type(container) is dict else container:
            if type(value) in _CONTAINERS:
                self._remove_forbidden(value)
        if type(container) is dict and not self._allowed_names.issuperset(container):
            self._remove_from(container)
            if len(self._allowed_names) < _MOST_NAMES:
                self._allowed_names.update(container)

    def _remove_from(self, record: dict[str, Any]) -> None:
        for name in [name for name in record if self._field_filter.is_forbidden(name)]:
            self._had_forbidden = True
            del record[name]

    def _read_checked(self, number: int, text: str) -> RawRecord | Reject:
        self._had_forbidden = False
        try:
            record = self._parse(text)
            if not isinstance(record, dict):
                raise RecordError("is no object")
            if _SURROGATE_ESCAPE.search(text):
                json.dumps(record, ensure_ascii=False).encode()
            return self._paths.raw_record(number, self._row(text), record)
        except RecordError as error:
            reason, fix = f"The record {error}.", "Mend the export."
        except UnicodeEncodeError:
            reason, fix = "The record holds half a letter (a lone surrogate).", "Mend the export."
        except RecursionError:
            reason, fix = "The record is nested too deeply.", "Mend the export."
        except json.JSONDecodeError as error:
            reason = f"The record is no JSON: {error.msg} at column {error.colno}."
            fix = "Send whole JSON objects."
        row = WITHHELD if self._field_filter.may_contain_forbidden(text) else self._row(text)
        return Reject(number, "json", reason, fix, row)

    def _row(self, text: str) -> str:
        return WITHHELD if self._had_forbidden else text

    def _object_of(self, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            raise RecordError("says a name twice")
        self._remove_from(record)
        return record


def _refuse_constant(word: str) -> Any:
    raise RecordError(f"holds {word}, which is no JSON number")
