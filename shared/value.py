"""`FrozenModel`, the base of our values: one class is the stored document, the queue message and the API schema."""

from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Immutable, without unknown fields, and valid once it exists.

    A stored name that is not the glossary's word is an alias: `status: DropStatus = Field(alias="standing")`. Code uses
    the field's name; documents, queue messages and the API use the alias. Both are accepted on input.

    Validation errors do not repeat the rejected value, because errors end in logs and values may be personal data.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True, serialize_by_alias=True
    )
