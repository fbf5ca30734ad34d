"""Who may have nonconviction data: the office's type and the purpose decide (`criminal_justice.toml`). Pure but for the
file that is shipped."""

from functools import cache

from pydantic import Field

from shared.offices.ori import AgencyType, agency_type
from shared.offices.purposes import Purpose
from shared.value import FrozenModel, read_rules


class EligibleReaders(FrozenModel):
    agency_types: frozenset[AgencyType]
    purposes: frozenset[Purpose]
    source: str = Field(min_length=3)


@cache
def eligible_readers() -> EligibleReaders:
    return read_rules(__file__, "criminal_justice.toml", EligibleReaders)


def may_have_nonconviction(ori: str, purpose: str) -> bool:
    """Whether an office with this ORI may have nonconviction data for this purpose."""
    readers = eligible_readers()
    return agency_type(ori) in readers.agency_types and purpose in readers.purposes
