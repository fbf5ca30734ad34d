"""The numbers that agencies have in common of one custody.

Source: New York sealing orders name the person's state ID, the day of the arrest and its tracking number (DCJS,
standard practices, CPL 160.50): what the arresting agency, the jail and the prosecutor have in common.
"""

from collections.abc import Iterable
from datetime import date

from shared.arrests.person import Identifier, IdentifierKind, Person

COMMON_TO_AGENCIES = (IdentifierKind.SID, IdentifierKind.FBI, IdentifierKind.CJTN)


def numbers_of_kind(kind: IdentifierKind, person: Person) -> Iterable[Identifier]:
    return (identifier for identifier in person.identifiers if identifier.kind is kind)


def custody_day(kind: IdentifierKind, arrested_on: date | None) -> str | None:
    """The day that makes a number of this kind name one custody: a person has many arrests, a tracking number one."""
    if kind is IdentifierKind.CJTN:
        return ""
    return arrested_on.isoformat() if arrested_on else None
