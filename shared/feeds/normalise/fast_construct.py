"""Constructs frozen models without pydantic's validation, for values that the normaliser has checked itself.

Pydantic has no public way that is as fast: this module writes the private slots of `BaseModel`. It is the only one that
does. `tests/feeds/normalise/test_fast_construct.py` holds it to the model: every golden drop, the demo drops and
thousands of invented rows give the same value, the same JSON and the same content hash both ways. Run that test after
every update of pydantic.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from annotated_types import MaxLen
from pydantic import BaseModel, TypeAdapter

from shared.value import FrozenModel

Model = TypeVar("Model", bound=FrozenModel)

# `object.__setattr__` would look these up by name for every value.
_set_fields, _set_fields_set, _set_extra, _set_private = (
    BaseModel.__dict__[slot].__set__
    for slot in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def unchecked_constructor(model: type[Model]) -> Callable[[dict[str, Any]], Model]:
    """Returns a function from a dictionary of all fields to the model, two to five times as fast as the model.

    The caller must give every field with the right type. Lengths of texts are checked here, by the model's own limits:
    a text that is too long goes to the model. The function then raises pydantic.ValidationError, as the model does.
    """
    validate = TypeAdapter(model).validator.validate_python
    limits = [
        (name, constraint.max_length)
        for name, field in model.model_fields.items()
        for constraint in field.metadata
        if isinstance(constraint, MaxLen)
    ]
    field_names, new = set(model.model_fields), model.__new__

    def construct(fields: dict[str, Any]) -> Model:
        for name, max_length in limits:
            if len(fields[name] or "") > max_length:
                validated: Model = validate(fields)
                return validated
        value = new(model)
        _set_fields(value, fields)
        _set_fields_set(value, field_names)
        _set_extra(value, None)
        _set_private(value, None)
        return value

    return construct
