"""LEXS 3.1 packages with an N-DEx payload. Associations say who was arrested, for what and where.

An arrestee has the role of ArrestSubject *and* an ArrestSubjectAssociation with an arrest: systems leave the
association in reports of incidents without an arrest. Suspects, victims, witnesses and officers stand in the same
digest and are never read.
"""

from collections.abc import Iterator

from shared.feeds.formats.niem.elements import LOST_REFERENCE, date_of, names_of, person_of, place_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, id_of, ref_of, text
from shared.feeds.record import ChargeText, EventText, RawRecord, Reject


def arrests_in(document: Document, package: Element) -> Iterator[RawRecord | Reject]:
    subjects = _subjects(document, package)
    ori = text(next(document.descendants(package, "DataOwnerIdentifier"), None), "ORI")
    for arrest_ref, person_ref in dict.fromkeys(subjects):
        activity, person = document.find(arrest_ref), document.find(person_ref)
        if activity is None or person is None:
            yield LOST_REFERENCE
            continue
        number = text(activity, "ActivityIdentification", "IdentificationID")
        is_shared_arrest = sum(other == arrest_ref for other, _ in subjects) > 1
        yield RawRecord(
            line=0,
            row="",
            event=EventText(
                number=f"{number}/{person_ref}" if number and is_shared_arrest else number,
                arrested=date_of(activity),
                ori=ori,
            ),
            names=names_of(person),
            person=person_of(person),
            place=place_of(document.find(_place_ref(document, package, person_ref, arrest_ref))),
            charges=tuple(_charges(document, package, arrest_ref, person_ref)),
            facts=(arrest_ref, person_ref),
        )


def _subjects(document: Document, package: Element) -> list[tuple[str, str]]:
    """The references (arrest, person) of every association whose person has the role of an arrestee."""
    roles = {_end_ref(role, "RoleOfPerson") for role in document.descendants(package, "ArrestSubject")}
    ends = (
        (_end_ref(association, "Activity"), _end_ref(association, "Person"))
        for association in document.descendants(package, "ArrestSubjectAssociation")
    )
    return [(arrest, person) for arrest, person in ends if person in roles]


def _charges(document: Document, package: Element, arrest_ref: str, person_ref: str) -> Iterator[ChargeText]:
    """The offenses of the arrest, and the arrestee's UCR code where no offense has it."""
    statutes = set()
    for association in document.descendants(package, "ArrestOffenseAssociation"):
        refs = [ref_of(element) for element in association]
        offense_refs = [ref for ref in refs if ref != arrest_ref] if arrest_ref in refs else []
        for offense_ref in offense_refs:
            charge = _charge(document, package, offense_ref)
            statutes.add(charge.statute)
            yield charge
    if (ucr_code := _ucr_code(document, package, person_ref)) and ucr_code not in statutes:
        yield ChargeText(statute=ucr_code, charge=f"UCR offense code {ucr_code}")


def _charge(document: Document, package: Element, offense_ref: str) -> ChargeText:
    offenses = [offense for offense in document.descendants(package, "Offense") if offense_ref in _same_as(offense)]

    def first_text(path: str) -> str:
        return next(filter(None, (text(offense, path) for offense in offenses)), "")

    local_code = first_text("OffenseCodeText")
    description = text(document.find(offense_ref), "ActivityDescriptionText")
    return ChargeText(
        statute=first_text("OffenseCode|OffenseUCRCode") or local_code,
        charge=first_text("OffenseText") or description or local_code,
        charge_class=first_text("OffenseLevelCode|OffenseSeverityText"),
    )


def _ucr_code(document: Document, package: Element, person_ref: str) -> str:
    roles = {person_ref}
    for subject in document.descendants(package, "ArrestSubject"):
        if _end_ref(subject, "RoleOfPerson") == person_ref:
            roles.add(id_of(subject))
    for augmentation in document.descendants(package, "ArrestSubjectAugmentation"):
        if roles & _same_as(augmentation):
            return text(augmentation, "ChargeUCRCode")
    return ""


def _place_ref(document: Document, package: Element, person_ref: str, arrest_ref: str) -> str:
    """The place of the arrestee's own arrest; otherwise that of the arrest."""
    for kind, end, ref in (
        ("PersonArrestLocationAssociation", "Person", person_ref),
        ("ArrestLocationAssociation", "Activity", arrest_ref),
    ):
        for association in document.descendants(package, kind):
            if _end_ref(association, end) == ref:
                return _end_ref(association, "Location")
    return ""


def _end_ref(association: Element, end: str) -> str:
    return ref_of(first(association, f"{end}Reference|{end}"))


def _same_as(element: Element) -> set[str]:
    return {ref_of(reference) for reference in descendants(element, "SameAsDigestReference")}
