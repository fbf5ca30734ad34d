"""Purposes: why somebody reads or uses personal data. Every request states one, as a word of this closed list.

Immigration enforcement is on no list and is refused by name.
"""

import re
from enum import StrEnum


class Purpose(StrEnum):
    """The purposes of the administration of criminal justice (28 CFR 20.3), and those of running and auditing the
    system."""

    INVESTIGATION = "investigation"  # of a crime committed, attempted or impending
    PROSECUTION = "prosecution"  # of an open case
    SUPERVISION = "supervision"  # probation, parole, conditions of release
    WARRANT = "warrant"  # a person wanted by a court
    SAFETY = "safety"  # an immediate danger to somebody
    RECORDS = "records"  # correcting, sealing or disputing what is recorded
    ADMINISTRATION = "administration"  # of the office's own users, folders and settings
    AUDIT = "audit"  # looking at who looked


class UnknownPurposeError(ValueError):
    """Missing, or no word of the list."""


class ImmigrationPurposeError(ValueError):
    """Immigration enforcement is no purpose here, however it is spelt."""


# Immigration enforcement is refused if a whole word is one of the codes, or if the text contains one of the stems (in
# English and Spanish, which are the languages that offices write in).
_IMMIGRATION_CODES = {"ice", "ero", "cbp", "uscis", "dhs", "hsi", "ins", "287g", "287", "sevis"}
_IMMIGRATION_STEMS = (
    "immigra",
    "inmigra",
    "deport",
    "removalorder",
    "removalproceeding",
    "alienremoval",
    "visaoverstay",
    "borderpatrol",
    "homelandsecurity",
)


def purpose_of(text: str | None) -> Purpose:
    """Parses a purpose, regardless of case and outer spaces.

    Raises ImmigrationPurposeError when the text names immigration enforcement, and UnknownPurposeError for every other
    text that is not on the list. The first is checked first, so that a forbidden purpose is never reported as a typing
    error.
    """
    normalised = (text or "").strip().casefold()
    if _names_immigration(normalised):
        raise ImmigrationPurposeError
    try:
        return Purpose(normalised)
    except ValueError:
        raise UnknownPurposeError from None


def _names_immigration(normalised: str) -> bool:
    words = re.findall(r"[a-z0-9]+", normalised)
    joined = "".join(words)
    initials = "".join(re.findall(r"\b([a-z])\b", normalised))  # "i.c.e." -> "ice"
    has_code = not _IMMIGRATION_CODES.isdisjoint([*words, initials])
    return has_code or any(stem in joined for stem in _IMMIGRATION_STEMS)
