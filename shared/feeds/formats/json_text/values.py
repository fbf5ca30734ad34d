"""Values of a JSON record: where a path leads, and the text that stands there."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic_core import to_json

from shared.feeds.layout import NUMBER_PLACEHOLDER

Steps = Sequence[str]
"""The names of a path, without the `[]` of its lists."""


class RecordError(ValueError):
    """JSON that a parser takes but that is ambiguous, or not a text where one is read. The message completes
    "The record ..."."""


def steps_of(path: str) -> Steps:
    return [step.removesuffix("[]") for step in path.split(".")] if path else []


def value_at(value: Any, steps: Iterable[str]) -> Any:
    """The value at the end of a path. A list on the way gives the list of what its elements have there."""
    for name in steps:
        if type(value) is dict:
            value = value.get(name)
        elif type(value) is list:
            value = [element.get(name) for element in value if type(element) is dict]
        else:
            return None
    return value


def may_have(value: Any, steps: Steps) -> bool:
    """Whether a record has a path, or stops before its end at null or an empty list, which does not contradict it."""
    if value is None or not steps:
        return True
    if type(value) is dict:
        return steps[0] in value and may_have(value[steps[0]], steps[1:])
    return type(value) is list and (not value or any(may_have(element, steps) for element in value))


def numbered_values(record: Any, steps: Steps) -> Iterator[tuple[int, Any]]:
    """Yields (number, value) for each member that a path such as `charge_{n}.code` stands for; `01` is 1."""
    numbered = next(index for index, step in enumerate(steps) if NUMBER_PLACEHOLDER in step)
    before, _, after = steps[numbered].partition(NUMBER_PLACEHOLDER)
    name_form = re.compile(f"{re.escape(before)}([0-9]{{1,3}}){re.escape(after)}")
    holder = value_at(record, steps[:numbered])
    for name, value in holder.items() if type(holder) is dict else ():
        if match := name_form.fullmatch(name):
            yield int(match[1]), value_at(value, steps[numbered + 1 :])


def as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: Any) -> str:
    """Several texts, such as aliases, are joined with `;`. Raises RecordError for an object."""
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
            return ";".join(filter(None, map(as_text, value)))
        case _:
            raise RecordError("has an object where the profile reads a text")
