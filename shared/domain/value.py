from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Frozen, closed, valid once it exists: the stored document, the queue message and the API schema at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
