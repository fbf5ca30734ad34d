from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Frozen, closed, valid once it exists: the stored document, the queue message and the API schema at once.

    A field whose stored name is not the word of the glossary carries it as an alias: code says the word, documents,
    queues and the API keep the stored name. Both are read.
    An error never repeats the value it is about: errors end in logs.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True, serialize_by_alias=True
    )
