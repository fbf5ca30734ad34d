"""What is wrong with a value is said in our words: which field, what is wrong, what to write."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import _pydantic_core

from shared.feeds.profiles.model import Profile
from shared.provisioning.office_file import OfficeFile
from shared.value import EXAMPLES, MENDS, field_faults
from tests.office_api.document import committed

OWN_WORDS = {"value_error", "assertion_error", "string_pattern_mismatch"}  # our messages, and our patterns' examples
OF_PYTHON = {
    # JSON and YAML hold texts, numbers, lists and objects: these speak of Python's objects and of calls
    "no_such_attribute", "needs_python_object", "frozen_field", "frozen_instance", "get_attribute_error",
    "dataclass_type", "dataclass_exact_type", "default_factory_not_called", "frozen_dict_type", "ordered_dict_type",
    "counter_type", "deque_type", "missing_sentinel_error", "ellipsis_error", "is_instance_of", "is_subclass_of",
    "callable_type", "arguments_type", "missing_argument", "unexpected_keyword_argument",
    "missing_keyword_only_argument", "unexpected_positional_argument", "missing_positional_only_argument",
    "multiple_argument_values", "fraction_type", "fraction_parsing", "complex_type", "complex_str_parsing",
}  # fmt: skip
PYDANTICS = re.compile(r"Input|should|valid (string|dictionary|list|tuple|integer|number)|Field required|Extra inputs")


def errors_of_pydantic() -> dict[str, dict[str, Any]]:
    listed = _pydantic_core.list_all_errors()
    return {error["type"]: error.get("example_context") or {} for error in listed}


def test_td4_every_type_of_error_that_a_model_can_raise_is_translated() -> None:
    """A type that is new in pydantic, or that is gone, is named here."""
    types = set(errors_of_pydantic())
    assert types - set(MENDS) - OWN_WORDS - OF_PYTHON == set(), "write their words into MENDS of shared/value.py"
    assert (set(MENDS) | OWN_WORDS | OF_PYTHON) - types == set(), "pydantic has no such error any more"
    assert not set(MENDS) & (OWN_WORDS | OF_PYTHON)


@pytest.mark.parametrize("kind", MENDS)
def test_td4_every_translation_says_what_is_wrong_and_what_to_write(kind: str) -> None:
    sentence = MENDS[kind].format_map(errors_of_pydantic()[kind])  # all that it names is in the error
    wrong, _, mend = sentence.partition("; ")
    assert wrong.split()[0] in ("is", "has", "holds", "takes", "does")
    assert mend.split()[0] in ("write", "add", "remove", "correct", "leave", "send", "begin")
    assert not PYDANTICS.search(sentence)


def patterns_in(schema: Any) -> set[str]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = {schema["pattern"]} if isinstance(schema, dict) and isinstance(schema.get("pattern"), str) else set()
    return own.union(*map(patterns_in, inner))


def test_td4_every_pattern_of_a_field_has_an_example_of_its_form() -> None:
    of_headers_and_times = {'^"[0-9]+"$', "^[!-~]+$", r"^[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?$"}
    schemas = [committed(), Profile.model_json_schema(), OfficeFile.model_json_schema()]
    missing = set().union(*map(patterns_in, schemas)) - set(EXAMPLES) - of_headers_and_times
    assert not missing, "write an example of each into EXAMPLES of shared/value.py"
    for pattern, example in EXAMPLES.items():
        assert TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)]).validate_python(example)


@pytest.mark.parametrize(
    ("form", "value", "mend"),
    [
        (tuple[int, ...], "x", "is no list; write a list, even of a single item"),
        (date, "tomorrow", "is no day; write it like 2026-12-31"),
        (date, "2026-02-30", "is no day; write it like 2026-12-31"),
        (AwareDatetime, datetime(2026, 1, 1), "has no time zone; write it like 2026-12-31T17:30:00Z"),  # noqa: DTZ001
        (Literal["a", "b"], "c", "is none of the choices; write 'a' or 'b'"),
        (Annotated[str, Field(max_length=3)], "abcd", "is too long; write at most 3 characters"),
        (Annotated[tuple[int, ...], Field(min_length=1)], (), "has too few items; write at least 1"),
        (Annotated[int, Field(le=9)], "9" * 5_000, "has too many digits; write a smaller number"),
        (bool, "perhaps", "is neither true nor false; write one of them"),
        (Annotated[str, Field(pattern="^q$")], "x", "does not have the form ^q$; correct it"),
    ],
)
def test_td4_a_fault_is_told_in_our_words_and_repeats_no_value(form: Any, value: Any, mend: str) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(form).validate_python(value)
    assert [fault.mend for fault in field_faults(error.value)] == [mend]
