"""Which kind of agency an originating agency identifier (ORI) names: its ninth character says so."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

Ori = Annotated[str, StringConstraints(to_upper=True, strip_whitespace=True, pattern=r"^[A-Za-z]{2}[0-9A-Za-z]{7}$")]


class AgencyType(StrEnum):
    LAW_ENFORCEMENT = "law enforcement"
    PROSECUTOR = "prosecutor"
    PRETRIAL = "pretrial services"
    CORRECTIONS = "corrections"
    PROBATION = "probation and parole"
    COURT = "criminal court"
    OTHER = "other"


_NINTH = {
    "A": AgencyType.PROSECUTOR, "B": AgencyType.PRETRIAL, "C": AgencyType.CORRECTIONS, "G": AgencyType.PROBATION,
    "J": AgencyType.COURT,
} | dict.fromkeys("0123456789", AgencyType.LAW_ENFORCEMENT)  # fmt: skip


def agency_type(ori: str) -> AgencyType:
    """OTHER for every letter that stands for no body of criminal justice (licensing, civil courts, dispatch, ...)."""
    return _NINTH.get(ori[8:9], AgencyType.OTHER)


def may_agency_subscribe(ori: str) -> bool:
    return agency_type(ori) is not AgencyType.OTHER
