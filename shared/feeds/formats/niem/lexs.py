"""LEXS 3.1 packages with an N-DEx payload: who was arrested, for what and where is said by associations.

An arrestee is who has the role of ArrestSubject *and* an ArrestSubjectAssociation with an arrest: systems leave the
association in reports of incidents without an arrest. Suspects, victims, witnesses and officers stand in the same
digest and are never looked at.
"""

from collections.abc import Iterator

from shared.feeds.formats.niem.elements import LOST, moment, names, person_text, place_text
from shared.feeds.formats.niem.tree import Document, Element, every, first, identity, reference, text
from shared.feeds.record import ChargeText, EventText, RawRecord, Reject


def arrests_in(document: Document, package: Element) -> Iterator[RawRecord | Reject]:
    roles = {_ends(element, "RoleOfPerson") for element in document.every(package, "ArrestSubject")}
    told = [
        (_ends(element, "Activity"), _ends(element, "Person"))
        for element in document.every(package, "ArrestSubjectAssociation")
    ]
    subjects = [(arrest, person) for arrest, person in told if person in roles]
    ori = text(next(document.every(package, "DataOwnerIdentifier"), None), "ORI")
    for arrest_ref, person_ref in dict.fromkeys(subjects):
        activity, person = document.find(arrest_ref), document.find(person_ref)
        if activity is None or person is None:
            yield LOST
            continue
        number = text(activity, "ActivityIdentification", "IdentificationID")
        shared_arrest = sum(other == arrest_ref for other, _ in subjects) > 1
        yield RawRecord(
            line=0,
            row="",
            event=EventText(
                number=f"{number}/{person_ref}" if number and shared_arrest else number,
                arrested=moment(activity),
                ori=ori,
            ),
            names=names(person),
            person=person_text(person),
            place=place_text(document.find(_place(document, package, person_ref, arrest_ref))),
            charges=tuple(_charges(document, package, arrest_ref, person_ref)),
            facts=(arrest_ref, person_ref),
        )


def _charges(document: Document, package: Element, arrest_ref: str, person_ref: str) -> Iterator[ChargeText]:
    """What N-DEx says of each offense of the arrest, and the arrestee's UCR code where no offense has it."""
    codes = set()
    for association in document.every(package, "ArrestOffenseAssociation"):
        refs = [reference(element) for element in association]
        if arrest_ref not in refs:
            continue
        for offense_ref in refs:
            if offense_ref != arrest_ref:
                charge = _charge(document, package, offense_ref)
                codes.add(charge.statute)
                yield charge
    if (ucr := _ucr_code(document, package, person_ref)) and ucr not in codes:
        yield ChargeText(statute=ucr, charge=f"UCR offense code {ucr}")


def _charge(document: Document, package: Element, offense_ref: str) -> ChargeText:
    elements = [offense for offense in document.every(package, "Offense") if offense_ref in _same_as(offense)]
    code, wording, level = (
        next(filter(None, (text(offense, path) for offense in elements)), "")
        for path in ("OffenseCode|OffenseUCRCode", "OffenseText", "OffenseLevelCode|OffenseSeverityText")
    )
    local = next(filter(None, (text(offense, "OffenseCodeText") for offense in elements)), "")
    wording = wording or text(document.find(offense_ref), "ActivityDescriptionText") or local
    return ChargeText(statute=code or local, charge=wording, charge_class=level)


def _ucr_code(document: Document, package: Element, person_ref: str) -> str:
    roles = {person_ref}
    for subject in document.every(package, "ArrestSubject"):
        if _ends(subject, "RoleOfPerson") == person_ref:
            roles.add(identity(subject))
    for more in document.every(package, "ArrestSubjectAugmentation"):
        if roles & _same_as(more):
            return text(more, "ChargeUCRCode")
    return ""


def _place(document: Document, package: Element, person_ref: str, arrest_ref: str) -> str:
    """Each arrestee's own place; else the arrest's."""
    for kind, end, wanted in (
        ("PersonArrestLocationAssociation", "Person", person_ref),
        ("ArrestLocationAssociation", "Activity", arrest_ref),
    ):
        for association in document.every(package, kind):
            if _ends(association, end) == wanted:
                return _ends(association, "Location")
    return ""


def _ends(association: Element, end: str) -> str:
    return reference(first(association, f"{end}Reference|{end}"))


def _same_as(element: Element) -> set[str]:
    return {reference(one) for one in every(element, "SameAsDigestReference")}
