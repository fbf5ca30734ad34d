"""Kinds of event. They narrow another watch."""

from typing import Literal

from pydantic import Field

from shared.arrests.model import EventKind
from shared.matching.criteria.reason import Term
from shared.value import FrozenModel


class EventWatch(FrozenModel):
    """One of these kinds of event. It only narrows others."""

    watch: Literal["event"]
    kinds: tuple[EventKind, ...] = Field(min_length=1, max_length=20)

    @property
    def identity(self) -> Term:
        return "event", *sorted(set(self.kinds))
