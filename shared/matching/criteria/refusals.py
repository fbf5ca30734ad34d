"""What no criterion may ask for, refused before its shape is looked at: protected traits, wildcards and regular
expressions. Every text of a watch is searched, so a new field needs nothing to refuse them too."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import ValidationInfo

from shared.value import FrozenModel

STORED: Mapping[str, bool] = MappingProxyType({"stored": True})
"""The context in which stored criteria are validated. A refusal that was added later does not make a stored
subscription unreadable: it would fall silent."""

_PROTECTED_TRAITS = frozenset(
    "race religion nationality ethnicity ethnic ethnic_origin national_origin origin colour color skin creed caste "
    "citizenship immigration immigration_status country_of_birth birth_country language sexual_orientation "
    "gender_identity disability political party veteran marital_status".split()
)
# A question mark counts where it stands alone; inside a word, agencies' exports write it for a letter they could not
# encode, and such a name is still near enough to be found.
_WILDCARD = re.compile(r"[*%^\\\[\]{}|]|\.\+|\(\?|\$$|^(?=[^?]*\?)[\W_]++$")


@dataclass(frozen=True)
class MayHoldWildcards:
    """Marks a text field of a watch, as `Annotated[str, MayHoldWildcards("why")]`, in which these characters mean
    themselves."""

    reason: str


def is_stored(info: ValidationInfo) -> bool:
    return bool(info.context and info.context.get("stored"))


def refuse_protected_traits(words: Iterable[object]) -> None:
    """Takes the kind and the field names of a watch as they were sent. Raises ValueError for a protected trait."""
    for word in map(str, words):
        if re.sub(r"[^a-z]+", "_", word.lower()).strip("_") in _PROTECTED_TRAITS:
            raise ValueError(
                f"{word} is a protected trait and never a criterion; watch a person, a charge or a place instead"
            )


def refuse_wildcards(fields: Mapping[str, Any], watch: type[FrozenModel] | None) -> None:
    """Takes the fields of a watch as they were sent; `watch` is its model, if its kind exists. Raises ValueError for a
    text, however deep it lies, that holds a wildcard or a regular expression."""
    exempt = _fields_with_wildcards(watch) if watch else frozenset()
    for path, text in _texts({name: value for name, value in fields.items() if name not in exempt}):
        if _WILDCARD.search(text):
            raise ValueError(
                f"{path} holds a wildcard or a regular expression, which are not taken; write it out, "
                "or use begins_with for a statute"
            )


def _fields_with_wildcards(watch: type[FrozenModel]) -> frozenset[str]:
    return frozenset(
        name
        for name, field in watch.model_fields.items()
        if any(isinstance(mark, MayHoldWildcards) for mark in field.metadata)
    )


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value, behind its path, such as `aliases.0.surname`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}.{index}")
