"""One custody, told by several agencies: whether two arrests of two agencies are one occasion. Pure.

`shared/arrests/custody.py` says which numbers agencies have in common, and where that is read.
"""

from shared.arrests.custody import COMMON_TO_AGENCIES, custody_day, numbers_of_kind
from shared.arrests.model import CUSTODY_BEGINS, Arrest
from shared.arrests.person import IdentifierKind, Person, Sex
from shared.matching.linkage.score import compare_persons
from shared.matching.rules.arrest_features import person_description


def custody_terms(arrest: Arrest) -> list[tuple[str, ...]]:
    """Under which the reports of one custody are found: a state ID or FBI number and the day, or the tracking number of
    the arrest alone. None without them, and none for a minor. The issuer is left out, because one side may not give it;
    `is_same_custody` compares it."""
    if arrest.juvenile or arrest.kind not in CUSTODY_BEGINS:
        return []
    terms = {
        (identifier.kind.value, identifier.number, day)
        for kind in COMMON_TO_AGENCIES
        if (day := custody_day(kind, arrest.arrested_on)) is not None
        for identifier in numbers_of_kind(kind, arrest.person)
    }
    return sorted(terms, reverse=True)  # the state ID first


def is_same_custody(arrest: Arrest, other: Arrest) -> bool:
    """Two agencies; one tracking number, or one day and one number of the person; and nothing that says that the
    persons or the arrests are two."""
    shared = {term[0] for term in set(custody_terms(arrest)) & set(custody_terms(other))}
    return (
        arrest.agency != other.agency
        and any(_share(IdentifierKind(kind), arrest.person, other.person) for kind in shared)
        and not _differ(arrest.person, other.person)
    )


def _share(kind: IdentifierKind, person: Person, other: Person) -> bool:
    numbers, known = numbers_of_kind(kind, person), list(numbers_of_kind(kind, other))
    return any(number.same_as(other_number) for number in numbers for other_number in known)


def _differ(person: Person, other: Person) -> bool:
    """Another number of a kind that both have, another sex, another birth, or a name that is not alike."""
    for kind in COMMON_TO_AGENCIES:
        have_both = any(numbers_of_kind(kind, person)) and any(numbers_of_kind(kind, other))
        if have_both and not _share(kind, person, other):
            return True
    if Sex.UNKNOWN not in (person.sex, other.sex) and person.sex != other.sex:
        return True
    if person.date_of_birth and other.date_of_birth and person.date_of_birth != other.date_of_birth:
        return True
    if not (person.names and other.names):
        return False
    compared = compare_persons(person_description(person), person_description(other))
    return compared is None or compared.name_comparison.match_weight <= 0
