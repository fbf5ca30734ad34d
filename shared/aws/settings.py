import os
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

S = TypeVar("S", bound="DataclassInstance")


class MissingSettingsError(Exception):
    """Names every missing environment variable at once."""


def load_settings(settings: type[S]) -> S:
    """Fill a function's frozen dataclass of `str`, `int` and `bool` fields from the environment names in upper case.

    Raises MissingSettings: there are no defaults, the template says everything.
    """
    names = [field.name.upper() for field in fields(settings)]
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise MissingSettingsError(f"{settings.__module__} needs these environment variables: {', '.join(missing)}")
    return settings(**{field.name: _typed(field.type, os.environ[field.name.upper()]) for field in fields(settings)})


def _typed(kind: Any, text: str) -> str | int | bool:
    match kind if isinstance(kind, str) else kind.__name__:
        case "int":
            return int(text)
        case "bool":
            return text == "true"
        case _:
            return text
