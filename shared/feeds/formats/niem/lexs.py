"""LEXS 3.1 packages with an N-DEx payload. Associations say who was arrested, for what and where.

An arrestee has the role of ArrestSubject *and* an ArrestSubjectAssociation with an arrest: systems leave the
association in reports of incidents without an arrest. An arrest report of a state's identification bureau has the role
alone, and no association at all. A role that leads nowhere is a reject. Suspects, victims, witnesses and officers stand
in the same digest and are never read.
"""

from collections.abc import Iterator
from typing import NamedTuple

from shared.feeds.formats.niem.elements import LOST_REFERENCE, date_of, names_of, person_of, place_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, id_of, ref_of, text
from shared.feeds.record import ChargeText, EventText, RawRecord, Reject

_ROLE = "ArrestSubject"
_ARREST = "ARREST"


class ArresteeReference(NamedTuple):
    """A person with the role, and the reference to the arrest; it is empty where the package has no arrest activity."""

    arrest_ref: str
    person_ref: str


def arrests_in(document: Document, package: Element) -> Iterator[RawRecord | Reject]:
    ori = text(next(document.descendants(package, "DataOwnerIdentifier"), None), "ORI")
    arrestees = [*_arrestees(document, package)]
    shared_arrests = [arrestee.arrest_ref for arrestee in arrestees if arrestee]
    for arrestee in arrestees:
        activity = document.find(arrestee.arrest_ref) if arrestee and arrestee.arrest_ref else None
        if arrestee is None or (arrestee.arrest_ref and activity is None):
            yield LOST_REFERENCE
            continue
        number = text(activity, "ActivityIdentification", "IdentificationID")
        is_shared_arrest = shared_arrests.count(arrestee.arrest_ref) > 1
        yield _arrest_of(document, package, arrestee)._replace(
            event=EventText(
                number=f"{number}/{arrestee.person_ref}" if number and is_shared_arrest else number,
                arrested=date_of(activity),
                ori=ori,
            )
        )


def _arrest_of(document: Document, package: Element, arrestee: ArresteeReference) -> RawRecord:
    """Without the event. Ids come again in every document, so the person and the day are facts too; where there is no
    day, the time of the message tells two arrests apart."""
    arrest_ref, person_ref = arrestee
    person = document.find(person_ref)
    day = date_of(document.find(arrest_ref)) if arrest_ref else ""
    names, person_text = names_of(person), person_of(person)
    return RawRecord(
        line=0,
        row="",
        event=EventText(),
        names=names,
        person=person_text,
        place=place_of(document.find(_place_ref(document, package, person_ref, arrest_ref))),
        charges=tuple(_charges(document, package, arrest_ref, person_ref)) if arrest_ref else (),
        facts=(arrest_ref, person_ref, *(names[0] if names else ()), *person_text, day or document.sent),
    )


def _arrestees(document: Document, package: Element) -> Iterator[ArresteeReference | None]:
    """The arrestees of the package in the order of its associations, then those without one. None for a role that leads
    to nobody, or to no arrest although the package tells of some. Several associations of one pair are one."""
    roles = [*_roles(document, package)]
    persons = {ref: person_ref for person_ref, role_id in roles for ref in (person_ref, role_id) if ref and person_ref}
    ends = (
        (_end_ref(association, "Activity"), _end_ref(association, "Person"))
        for association in document.descendants(package, "ArrestSubjectAssociation")
    )
    pairs = [(arrest, persons[person]) for arrest, person in ends if person in persons]
    yield from (ArresteeReference(*pair) for pair in dict.fromkeys(pairs))
    associated = {person for _, person in pairs}
    for person_ref in dict.fromkeys(person_ref for person_ref, _ in roles):
        if not person_ref:
            yield None
        elif person_ref not in associated:
            yield _identified_arrestee(document, package, person_ref)


def _roles(document: Document, package: Element) -> Iterator[tuple[str, str]]:
    """The references of each role in the digest: (the person, the role itself). The first is empty where it leads to
    nobody, or to another role. The roles of a payload only add to those of the digest."""
    for digest in document.descendants(package, "Digest"):
        for role in descendants(digest, _ROLE):
            holder = first(role, "RoleOfPersonReference|RoleOfPerson")
            person_ref = ref_of(holder) or id_of(holder)
            person = document.find(person_ref)
            yield (person_ref if person is not None and person.name != _ROLE else ""), id_of(role)


def _identified_arrestee(document: Document, package: Element, person_ref: str) -> ArresteeReference | None:
    """A role without an association, as in the arrest report of an identification bureau. None where other associations
    name the person, or where several arrests could be meant."""
    refs = (element for part in descendants(package, "Associations") for each in part for element in each)
    arrests = [
        id_of(activity)
        for activity in document.descendants(package, "Activity")
        if text(activity, "ActivityCategoryText").upper() == _ARREST
    ]
    is_arrest_report = next(descendants(document.root, "ArrestReport"), None) is not None
    if not is_arrest_report or len(arrests) > 1 or any(ref_of(element) == person_ref for element in refs):
        return None
    return ArresteeReference(arrests[0] if arrests else "", person_ref)


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
