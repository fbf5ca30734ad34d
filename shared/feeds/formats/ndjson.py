"""A JSON object a line. A column of the profile is a path: `person.name.last`; `charges[].code` reads a list."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, TypeVar

from pydantic_core import from_json, to_json

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.streams.lines import lines
from shared.feeds.profiles.model import Profile
from shared.feeds.record import (
    ChargeText,
    DroppedColumns,
    EventText,
    NameText,
    PersonText,
    PlaceText,
    RawRecord,
    ReadResult,
    Reject,
    Skip,
)

Texts = TypeVar("Texts", EventText, NameText, PersonText, PlaceText, ChargeText)
WITHHELD = "(withheld: the record names things that may not be kept)"
_new = tuple.__new__
_NESTED = {dict, list}
_MOST_NAMES = 4096  # remembered, so that memory does not grow with the file
_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")


class _Wrong(ValueError):  # noqa: N818 - it is read as "the record is wrong"
    """Valid for a JSON parser, but ambiguous or no text: says what it is."""


class Fields:
    """Where our words lie in a record. A missing path is an empty text; numbers stay as they are written."""

    def __init__(self, profile: Profile) -> None:
        self._paths = profile.columns
        self._key = profile.arrest_key
        lists = {word: path for word in ChargeText._fields for path in profile.columns.get(word, ()) if "[]" in path}
        roots = {path.partition("[]")[0] for path in lists.values()}
        if len(roots) > 1:
            raise Rejected(
                "profile",
                f"The profile reads charges from several lists: {', '.join(sorted(roots))}.",
                "Read all words of a charge from one list.",
            )
        self._charges = roots.pop() if roots else None
        below = f"{self._charges}[]." if self._charges is not None else ""
        self._event, self._name = self._reader(EventText), self._reader(NameText)
        self._person, self._place = self._reader(PersonText), self._reader(PlaceText)
        self._charge = self._reader(ChargeText, below)

    def _reader(self, kind: type[Texts], below: str = "") -> Callable[[Any], Texts]:
        """Only what the profile names is looked for: words with one path, by the object that they lie in."""
        within: defaultdict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
        joined: list[tuple[int, list[list[str]]]] = []
        for at, word in enumerate(kind._fields):
            paths = [_steps(path.removeprefix(below)) for path in self._paths.get(word, ())]
            if len(paths) == 1 and paths[0]:
                within[tuple(paths[0][:-1])].append((at, paths[0][-1]))
            elif paths:
                joined.append((at, paths))
        objects, blank = [*within.items()], [""] * len(kind._fields)

        def texts(record: Any) -> Texts:
            found = blank.copy()
            for steps, words in objects:
                here = _at(record, steps) if steps else record
                for at, name in words:
                    value = here.get(name) if type(here) is dict else _at(here, (name,))
                    found[at] = value if type(value) is str else _text(value)
            for at, paths in joined:
                found[at] = " ".join(filter(None, [_text(_at(record, steps)) for steps in paths]))
            return _new(kind, found)

        return texts

    def draft(self, line: int, row: str, record: dict[str, Any]) -> RawRecord:
        event = self._event(record)
        return RawRecord(
            line,
            row,
            event,
            (self._name(record),),
            self._person(record),
            self._place(record),
            tuple(self._charge_texts(record)),
            () if event.number.strip() else tuple(self._facts(record)),
        )

    def _facts(self, record: dict[str, Any]) -> list[str]:
        return [_text(_at(record, _steps(path))) for path in self._key] or [json.dumps(record, sort_keys=True)]

    def _charge_texts(self, record: dict[str, Any]) -> Iterator[ChargeText]:
        charges = [record] if self._charges is None else _listed(_at(record, _steps(self._charges)))
        return map(self._charge, charges)


class Objects:
    """Texts of JSON objects to records; `dropped` names what was in them and may not be kept."""

    def __init__(self, profile: Profile) -> None:
        self._fields, self._barring = Fields(profile), FieldFilter(profile.drop)
        self._harmless: set[str] = set()  # names that were met and may be kept
        self._hidden = False  # whether the record at hand had something that may not be kept
        self._parse = json.JSONDecoder(
            object_pairs_hook=self._kept, parse_constant=_no_number, parse_float=str, parse_int=str
        ).decode

    @property
    def dropped(self) -> tuple[str, ...]:
        return tuple(self._barring.met_names)

    def record(self, number: int, said: str) -> RawRecord | Reject:
        return self._plain(number, said) or self._careful(number, said)

    def _plain(self, number: int, said: str) -> RawRecord | None:
        """Of a record that, but for spaces, is written as pydantic would write it again: so it says no name twice, and
        its numbers are written as they are read. That is found out in half the time of looking at each name."""
        try:
            record = from_json(said.encode(), allow_inf_nan=False)
            if type(record) is not dict or to_json(record).decode().replace(" ", "") != said.replace(" ", ""):
                return None
            self._hidden = False
            self._clean(record)
            draft = self._fields.draft(number, WITHHELD if self._hidden else said, record)
        except ValueError:
            return None
        return draft if draft.event.number.strip() else None  # without one its text tells it from others

    def _clean(self, record: Any) -> None:
        """Takes out what may not be kept, the innermost first, as the careful way meets it."""
        for one in record.values() if type(record) is dict else record:
            if type(one) in _NESTED:
                self._clean(one)
        if type(record) is dict and not self._harmless.issuperset(record):
            for name in [name for name in record if self._barring.is_forbidden(name)]:
                self._hidden = True
                del record[name]
            if len(self._harmless) < _MOST_NAMES:
                self._harmless.update(record)

    def _careful(self, number: int, said: str) -> RawRecord | Reject:
        self._hidden = False
        try:
            record = self._parse(said)
            if not isinstance(record, dict):
                raise _Wrong("is no object")
            if _HALF_LETTER.search(said):
                json.dumps(record, ensure_ascii=False).encode()
            return self._fields.draft(number, WITHHELD if self._hidden else said, record)
        except _Wrong as fault:
            wrong, fix = f"The record {fault}.", "Mend the export."
        except UnicodeEncodeError:
            wrong, fix = "The record holds half a letter (a lone surrogate).", "Mend the export."
        except RecursionError:
            wrong, fix = "The record is nested too deeply.", "Mend the export."
        except json.JSONDecodeError as fault:
            wrong = f"The record is no JSON: {fault.msg} at column {fault.colno}."
            fix = "Send whole JSON objects."
        return Reject(
            number, "json", wrong, fix, WITHHELD if self._hidden or self._barring.may_contain_forbidden(said) else said
        )

    def _kept(self, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            raise _Wrong("says a name twice")
        for name in [name for name in record if self._barring.is_forbidden(name)]:
            self._hidden = True
            del record[name]
        return record


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    objects = Objects(profile)
    for number, line in enumerate(lines(stream, profile.text.encoding), 1):
        if isinstance(line, Reject):
            yield line._replace(row=WITHHELD)
        elif not line.strip():
            yield Skip(number, "blank line")
        elif number == 1 and line.lstrip().startswith("["):
            raise Rejected(
                "json-array",
                "The file is one JSON array, the profile says `ndjson`.",
                "Write `format: json` in the profile.",
            )
        else:
            yield objects.record(number, line)
    if objects.dropped:
        yield DroppedColumns(objects.dropped)


def _steps(path: str) -> list[str]:
    return [step.removesuffix("[]") for step in path.split(".")] if path else []


def _at(record: Any, steps: Iterable[str]) -> Any:
    """The value at the end of a path; a list on the way gives the list of what lies below each of its elements."""
    for name in steps:
        if type(record) is dict:
            record = record.get(name)
        else:
            record = [one.get(name) for one in record if type(one) is dict] if type(record) is list else None
    return record


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Several texts (aliases) are parted by `;`."""
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
            return ";".join(filter(None, map(_text, value)))
        case _:
            raise _Wrong("has an object where the profile reads a text")


def _no_number(word: str) -> Any:
    raise _Wrong(f"holds {word}, which is no JSON number")
