"""A function's settings, from the environment variables that the CloudFormation template sets."""

import os
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SettingsClass = TypeVar("SettingsClass", bound="DataclassInstance")


class MissingSettingsError(Exception):
    """The message names every missing environment variable at once."""


def load_settings(settings_class: type[SettingsClass]) -> SettingsClass:
    """Fills a frozen dataclass of `str`, `int` and `bool` fields.

    The variable's name is the field's name in upper case. There are no defaults: the template sets everything.
    Raises MissingSettingsError when a variable is missing or empty.
    """
    settings_fields = fields(settings_class)
    missing = [field.name.upper() for field in settings_fields if not os.environ.get(field.name.upper())]
    if missing:
        names = ", ".join(missing)
        raise MissingSettingsError(f"{settings_class.__module__} needs these environment variables: {names}")
    return settings_class(
        **{field.name: _converted(field.type, os.environ[field.name.upper()]) for field in settings_fields}
    )


def _converted(field_type: Any, text: str) -> str | int | bool:
    match field_type if isinstance(field_type, str) else field_type.__name__:
        case "int":
            return int(text)
        case "bool":
            return text == "true"
        case _:
            return text
