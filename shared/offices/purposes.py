"""Purposes: why somebody reads or uses personal data. Every request states one, as a word of this closed list.

Immigration enforcement is on no list and is refused by name.
"""

from enum import StrEnum

from shared.offices.immigration import is_immigration_purpose


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


PURPOSE_TITLES = {
    Purpose.INVESTIGATION: "Investigation: a crime committed, attempted or planned",
    Purpose.PROSECUTION: "Prosecution: an open case",
    Purpose.SUPERVISION: "Supervision: probation, parole or conditions of release",
    Purpose.WARRANT: "Warrant: a person whom a court wants",
    Purpose.SAFETY: "Safety: somebody is in danger now",
    Purpose.RECORDS: "Records: correcting, sealing or disputing what is on record",
    Purpose.ADMINISTRATION: "Administration: this office's people, folders and settings",
    Purpose.AUDIT: "Audit: who looked at what",
}


class UnknownPurposeError(ValueError):
    """Missing, or no word of the list."""


class ImmigrationPurposeError(ValueError):
    """Immigration enforcement is no purpose here, however it is spelt."""


def purpose_of(text: str | None) -> Purpose:
    """Parses a purpose, regardless of case and outer spaces.

    Raises ImmigrationPurposeError when the text names immigration enforcement, and UnknownPurposeError for every other
    text that is not on the list. The first is checked first, so that a forbidden purpose is never reported as a typing
    error.
    """
    normalised = (text or "").strip().casefold()
    if is_immigration_purpose(normalised):
        raise ImmigrationPurposeError
    try:
        return Purpose(normalised)
    except ValueError:
        raise UnknownPurposeError from None
