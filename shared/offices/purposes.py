"""Why somebody touches personal data. A purpose is one word of this list, said with every request."""

import re
from enum import StrEnum


class Purpose(StrEnum):
    """What the administration of criminal justice asks arrests for (28 CFR 20.3), and how the system is kept honest."""

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


# Whole words, as codes are written, and beginnings of words, in the languages that offices write in.
_CODES = {"ice", "ero", "cbp", "uscis", "dhs", "hsi", "ins", "287g", "287", "sevis"}
_BEGINNINGS = ("immigra", "inmigra", "deport", "removalorder", "removalproceeding", "alienremoval", "visaoverstay",
               "borderpatrol", "homelandsecurity")  # fmt: skip


def purpose_of(text: str | None) -> Purpose:
    """Raises ForImmigration before NotAPurpose: what is forbidden is never taken for a slip of the pen."""
    said = (text or "").strip().casefold()
    if _is_immigration(said):
        raise ImmigrationPurposeError
    try:
        return Purpose(said)
    except ValueError:
        raise UnknownPurposeError from None


def _is_immigration(said: str) -> bool:
    words = re.findall(r"[a-z0-9]+", said)
    joined = "".join(words)
    dotted = "".join(re.findall(r"\b([a-z])\b", said))  # I.C.E.
    return not _CODES.isdisjoint([*words, dotted]) or any(one in joined for one in _BEGINNINGS)
