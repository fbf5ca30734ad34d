from pydantic import BaseModel, ConfigDict


class FrozenModel(BaseModel):
    """Frozen, closed, valid once it exists: the stored document, the queue message and the API schema at once.

    An error never repeats the value it is about: errors end in logs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
