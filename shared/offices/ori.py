"""The originating agency identifier (ORI), and the type of agency that it names.

An ORI has nine characters: the state, the county and agency, and a last one that gives the type of agency (FBI, NCIC
Operating Manual, "ORI file"). Digits are law enforcement; letters are other bodies.
"""

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


_TYPE_BY_NINTH_CHARACTER = {
    "A": AgencyType.PROSECUTOR,
    "B": AgencyType.PRETRIAL,
    "C": AgencyType.CORRECTIONS,
    "G": AgencyType.PROBATION,
    "J": AgencyType.COURT,
} | dict.fromkeys("0123456789", AgencyType.LAW_ENFORCEMENT)


def agency_type(ori: str) -> AgencyType:
    """Returns OTHER for every letter that is no body of criminal justice (licensing, civil courts, dispatch)."""
    return _TYPE_BY_NINTH_CHARACTER.get(ori[8:9], AgencyType.OTHER)


def may_agency_subscribe(ori: str) -> bool:
    """Whether this type of agency has a lawful interest in arrests."""
    return agency_type(ori) is not AgencyType.OTHER
