"""`FrozenModel`, the base of our values: one class is the stored document, the queue message and the API schema.

Beside it: rules that are shipped as a file, and what is wrong with a value that cannot become one, in words for whoever
wrote it: field and what to write.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

Rules = TypeVar("Rules")


class FrozenModel(BaseModel):
    """Immutable, without unknown fields, and valid once it exists.

    A stored name that is not the glossary's word is an alias: `status: DropStatus = Field(alias="standing")`. Code uses
    the field's name; documents, queue messages and the API use the alias. Both are accepted on input.

    Validation errors do not repeat the rejected value, because errors end in logs and values may be personal data.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True, serialize_by_alias=True
    )


def read_rules(module_file: str, name: str, form: type[Rules]) -> Rules:
    """Reads rules that are shipped beside the module that asks, as TOML or YAML. `module_file` is its `__file__`,
    `name` the file's, `form` the type of what it holds. Raises pydantic's ValidationError."""
    text = Path(module_file).with_name(name).read_text(encoding="utf-8")
    return TypeAdapter(form).validate_python(tomllib.loads(text) if name.endswith(".toml") else _from_yaml(text))


def _from_yaml(text: str) -> Any:
    # Here, because only who reads feeds and files of offices has the layer with its parser; rules of others are TOML.
    import yaml  # noqa: PLC0415

    return yaml.safe_load(text)


class FieldFault(NamedTuple):
    """What is wrong with one field of a value, and what to write. `mend` follows the field's name in a sentence."""

    location: tuple[str | int, ...]
    mend: str


def field_faults(error: ValidationError) -> list[FieldFault]:
    """Translates what pydantic found. Values that were sent are never repeated."""
    details = error.errors(include_url=False, include_input=False)
    return [FieldFault(detail["loc"], mend_of(detail)) for detail in details]


def mend_of(detail: Mapping[str, Any]) -> str:
    """Returns what to do about one error in pydantic's form, in our words. Our own messages stay as they are."""
    kind, context = detail["type"], detail.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return _mend_of_pattern(context["pattern"])
    if kind in MENDS:
        return MENDS[kind].format_map(context)
    return str(detail["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _mend_of_pattern(pattern: str) -> str:
    example = EXAMPLES.get(pattern)
    return (
        f"does not have the right form; write it like {example}"
        if example
        else f"does not have the form {pattern}; correct it"
    )


_OBJECT = "is no object; write its fields with their names"
_LIST = "is no list; write a list, even of a single item"
_TEXT = "is no text; write one text"
_INTEGER = "is no whole number; write it in digits"
_NUMBER = "is no number; write it in digits"
_DAY = "is no day; write it like 2026-12-31"
_TIME = "is no time of day; write it like 17:30"
_INSTANT = "is no time; write it like 2026-12-31T17:30:00Z"
_PERIOD = "is no length of time; write it like PT15M"
_YES_NO = "is neither true nor false; write one of them"
_BYTES = "is no text in UTF-8; correct its encoding"
_DEEP = "is nested too deeply; write it flatter"
_CHOICE = "is none of the choices; write {expected}"
_WEB = "is no web address; write it like https://cases.da.example.gov/alerts"
_ID = "is no UUID; write it like 6f2a9c1e-52c4-4b0f-9f0e-0c5f2b1f7a11"

MENDS: Mapping[str, str] = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a field here; remove it or correct its spelling",
    "invalid_key": "has a name that is no text; write names as texts",
    "json_invalid": "is not valid JSON; correct the syntax",
    "json_type": "is not valid JSON; correct the syntax",
    "none_required": "takes no value; leave it out",
    **dict.fromkeys(("recursion_loop", "recursion_depth_exceeded"), _DEEP),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type", "mapping_type", "named_tuple_type"), _OBJECT),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), _LIST),
    "iteration_error": _LIST,
    "set_item_not_hashable": "holds a list or an object; write texts or numbers alone",
    "too_short": "has too few items; write at least {min_length}",
    "too_long": "has too many items; write at most {max_length}",
    "string_type": _TEXT,
    **dict.fromkeys(("string_unicode", "bytes_type", "bytes_invalid_encoding"), _BYTES),
    "string_not_ascii": "has letters beyond ASCII; write it with A to Z and digits alone",
    "string_too_short": "is too short; write at least {min_length} characters",
    "string_too_long": "is too long; write at most {max_length} characters",
    "bytes_too_short": "is too short; send at least {min_length} bytes",
    "bytes_too_long": "is too long; send at most {max_length} bytes",
    **dict.fromkeys(("enum", "literal_error"), _CHOICE),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_NO),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), _INTEGER),
    "int_parsing_size": "has too many digits; write a smaller number",
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), _NUMBER),
    "finite_number": "is out of range; write a smaller number",
    "greater_than": "is too small; write more than {gt}",
    "greater_than_equal": "is too small; write {ge} or more",
    "less_than": "is too large; write less than {lt}",
    "less_than_equal": "is too large; write {le} or less",
    "multiple_of": "is no multiple of {multiple_of}; write one",
    "decimal_max_digits": "has too many digits; write at most {max_digits}",
    "decimal_max_places": "has too many decimal places; write at most {decimal_places}",
    "decimal_whole_digits": "has too many digits; write at most {whole_digits} before the point",
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DAY),
    "date_past": "is not past; write an earlier day",
    "date_future": "is past; write a later day",
    **dict.fromkeys(("time_type", "time_parsing"), _TIME),
    **dict.fromkeys(("datetime_type", "datetime_parsing", "datetime_object_invalid"), _INSTANT),
    "datetime_from_date_parsing": _INSTANT,
    "datetime_past": "is not past; write an earlier time",
    "datetime_future": "is past; write a later time",
    "timezone_naive": "has a time zone; write it without one, like 17:30",
    "timezone_aware": "has no time zone; write it like 2026-12-31T17:30:00Z",
    "timezone_offset": "has another time zone than the one that is needed; write it in UTC",
    **dict.fromkeys(("time_delta_type", "time_delta_parsing"), _PERIOD),
    "union_tag_invalid": "is of no known kind; write as its {discriminator} one of {expected_tags}",
    "union_tag_not_found": "does not say of which kind it is; add {discriminator}",
    **dict.fromkeys(("url_type", "url_parsing", "url_syntax_violation"), _WEB),
    "url_too_long": "is too long; write at most {max_length} characters",
    "url_scheme": "has a scheme that is not taken; begin it with {expected_schemes}",
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), _ID),
}
"""Maps the type of pydantic's error to what to do. `tests/test_value.py` names the types outside it, and why."""

EXAMPLES: Mapping[str, str] = {
    r"any|[1-9]\d{0,4} days?": "30 days",
    r"^[0-9a-f]{32}$": "6f2a9c1e52c44b0f9f0e0c5f2b1f7a11",
    r"^[0-9a-f]{32}$|^[0-9A-Za-z]{5}([- ]?[0-9A-Za-z]{5})?$": "0A1B2-C3D4E",
    r"^([^@\s/]+@[^@\s/]+)?$": "ada@da.example.gov",
    r"^\d{14}[0-9a-f]{18}$": "202611201530006f2a9c1e52c44b0f9f",
    r"^[a-z][a-z ]{0,39}$": "city interest",
    r"^2[0-9]{3}-Q[1-4]$": "2026-Q4",
    r"^[0-9a-f]{64}$": "6f2a9c1e52c44b0f9f0e0c5f2b1f7a116f2a9c1e52c44b0f9f0e0c5f2b1f7a11",
    r"^([a-z]{1,20}:[0-9a-f]{32})?$": "alert:6f2a9c1e52c44b0f9f0e0c5f2b1f7a11",
    r"^((alert|arrest):[0-9a-f]{32})?$": "alert:6f2a9c1e52c44b0f9f0e0c5f2b1f7a11",
    r"^[A-Za-z0-9_-]{50}$": "QkFEQkFEQkFEQkFEQkFEQkFEQkFEQkFEQkFEQkFEQkFEQkFEQk",
    r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$": "2026-W07",
    r"^\d{4}-W\d{2}$": "2026-W07",
    r"^[^@\s/]+@[^@\s/]+$": "ada@da.example.gov",
    r"^[^@\s]+@[^@\s]+$": "ada@da.example.gov",
    r"^[A-Za-z0-9.!$&'*+=_~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$": "ada@da.example.gov",
    r"^[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$": "da.example.gov",
    r"^[a-z]{1,20}$": "name",
    r"^(\d{1,12}(\.\d{2})?)?$": "2500.50",
    r"^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$": "Ada Advocate",
    r"^https://[^\s]{1,500}$": "https://cases.da.example.gov/alerts",
    r"^[a-z0-9][a-z0-9-]{1,39}$": "nypd",
    r"^[a-z0-9][a-z0-9-]{0,62}$": "kings-county",
    r"^[a-z][a-z0-9-]{0,39}$": "bookings",
    r"^[A-Za-z]{2}[0-9A-Za-z]{7}$": "NY0303000",
    r"^[^>]*$": "Harbor Avenue",
    r"^(\+?[0-9][0-9 ().-]{5,28}( ?x ?[0-9]{1,6})?)?$": "+1 212 555 0100",
    r"^[A-Z]{2}$": "NY",
    r"^[0-9A-Fa-f]{64}$": "6f2a9c1e52c44b0f9f0e0c5f2b1f7a116f2a9c1e52c44b0f9f0e0c5f2b1f7a11",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$": "2026.1",
    r"^[^@\s]{1,64}@[^@\s]{1,189}$": "ada@da.example.gov",
    r"^[a-z.]{1,40}$": "note.private",
    r"^[^>\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]*$": "Harbor Avenue",
    r"^[A-Za-z0-9][A-Za-z0-9 ._()+-]*$": "arrests 2026-12-31.csv",
    r"^(\d{4}-\d{2}-\d{2})?$": "2026-12-31",
    r"^\d{4}-\d{2}-\d{2}$": "2026-12-31",
    r"^(\d{2}:\d{2})?$": "17:30",
}
"""Maps each pattern of our fields to a text that has its form: nobody who is told reads regular expressions."""
