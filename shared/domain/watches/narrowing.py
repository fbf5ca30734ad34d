"""Criteria that narrow another one and watch nobody by themselves."""

from typing import Literal

from pydantic import Field

from shared.domain.arrests import EventKind
from shared.domain.offices import Slug
from shared.domain.value import Value
from shared.domain.watches.contract import Term


class AgencyWatch(Value):
    """Reported by one of these agencies. It only narrows others."""

    watch: Literal["agency"]
    agencies: tuple[Slug, ...] = Field(min_length=1, max_length=50)

    @property
    def identity(self) -> Term:
        return "agency", *sorted(set(self.agencies))


class EventWatch(Value):
    """One of these kinds of event. It only narrows others."""

    watch: Literal["event"]
    kinds: tuple[EventKind, ...] = Field(min_length=1, max_length=20)

    @property
    def identity(self) -> Term:
        return "event", *sorted(set(self.kinds))
