"""One custody, told by several agencies: whether two arrests of two agencies are one occasion. Pure.

Source: New York sealing orders name the person's state ID and the day of the arrest (DCJS, standard practices, CPL
160.50): the two that the arresting agency, the jail and the prosecutor have in common.
"""

from collections.abc import Iterable

from shared.arrests.model import CUSTODY_BEGINS, Arrest
from shared.arrests.person import Identifier, IdentifierKind, Person, Sex
from shared.matching.linkage.score import compare_persons
from shared.matching.rules.arrest_features import person_description

_ISSUED_TO_PERSONS = (IdentifierKind.SID, IdentifierKind.FBI)


def custody_terms(arrest: Arrest) -> list[tuple[str, ...]]:
    """Under which the reports of one custody are found: a state ID or FBI number, and the day. None without them, and
    none for a minor. The issuer is left out, because one side may not give it; `is_same_custody` compares it."""
    if arrest.juvenile or arrest.kind not in CUSTODY_BEGINS or arrest.arrested_on is None:
        return []
    day = arrest.arrested_on.isoformat()
    terms = {(identifier.kind.value, identifier.number, day) for identifier in _issued(arrest.person)}
    return sorted(terms, reverse=True)  # the state ID first


def is_same_custody(arrest: Arrest, other: Arrest) -> bool:
    """Two agencies, one day, one number of the person, and nothing that says that the persons are two."""
    return (
        arrest.agency != other.agency
        and bool({term[1:] for term in custody_terms(arrest)} & {term[1:] for term in custody_terms(other)})
        and _share_identifier(arrest.person, other.person)
        and not _differ(arrest.person, other.person)
    )


def _issued(person: Person) -> Iterable[Identifier]:
    return (identifier for identifier in person.identifiers if identifier.kind in _ISSUED_TO_PERSONS)


def _share_identifier(person: Person, other: Person) -> bool:
    return any(identifier.same_as(known) for identifier in _issued(person) for known in _issued(other))


def _differ(person: Person, other: Person) -> bool:
    """Another number of a kind that both have, another sex, another birth, or a name that is not alike."""
    for kind in _ISSUED_TO_PERSONS:
        numbers, others = ([number for number in _issued(side) if number.kind is kind] for side in (person, other))
        if numbers and others and not any(number.same_as(known) for number in numbers for known in others):
            return True
    if Sex.UNKNOWN not in (person.sex, other.sex) and person.sex != other.sex:
        return True
    if person.date_of_birth and other.date_of_birth and person.date_of_birth != other.date_of_birth:
        return True
    if not (person.names and other.names):
        return False
    compared = compare_persons(person_description(person), person_description(other))
    return compared is None or compared.name_comparison.match_weight <= 0
