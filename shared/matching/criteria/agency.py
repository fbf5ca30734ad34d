"""Reporting agencies. They narrow another watch."""

from typing import Literal

from pydantic import Field

from shared.matching.criteria.reason import Term
from shared.offices.model import Slug
from shared.value import FrozenModel


class AgencyWatch(FrozenModel):
    """Reported by one of these agencies. It only narrows others."""

    watch: Literal["agency"]
    agencies: tuple[Slug, ...] = Field(min_length=1, max_length=50)

    @property
    def identity(self) -> Term:
        return "agency", *sorted(set(self.agencies))
