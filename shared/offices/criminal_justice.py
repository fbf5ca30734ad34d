"""Who may have nonconviction data: the office's type and the purpose decide (`criminal_justice.toml`). Pure but for the
file that is shipped."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from pydantic import Field

from shared.arrests.model import Arrest
from shared.arrests.nonconviction import without_nonconviction
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


def held_for(arrest: Arrest | None, ori: str, purposes: Iterable[str], today: date) -> Arrest | None:
    """The arrest as far as an office with this ORI may know that it is held, for any of these purposes: the same object
    for whoever may have nonconviction data, None where all of it is such data (28 CFR 20.21 (c)(2)). Whatever leaves
    the product asks this before anything else depends on the arrest."""
    if arrest is None or any(may_have_nonconviction(ori, purpose) for purpose in purposes):
        return arrest
    return without_nonconviction(arrest, today)
