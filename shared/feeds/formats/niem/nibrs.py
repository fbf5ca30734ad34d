"""NIBRS submissions in XML: a report is an incident, a Group B arrest, or empty.
Source: FBI, "NIBRS XML Developer's Guide".

The arrestees and their associations with arrests say who was arrested. Offenders and victims are never read.
"""

from collections.abc import Iterator

from shared.feeds.formats.niem.elements import LOST_REFERENCE, date_of, names_of, person_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, ref_of, text
from shared.feeds.formats.ucr_codes import is_adult, offense_of
from shared.feeds.record import ChargeText, EventText, PersonText, RawRecord, Reject

_DELETE_ACTION = "D"
_DELETION = (
    "deletion",
    "The report takes back what was reported before, which a feed cannot do.",
    "Ask for the arrest to be sealed.",
)
_ORI_PATH = ("ReportingAgency", "OrganizationAugmentation", "OrganizationORIIdentification", "IdentificationID")


def is_nibrs_report(element: Element) -> bool:
    return bool(text(element, "ReportHeader", "NIBRSReportCategoryCode"))


def arrestees_in(document: Document, report: Element) -> Iterator[RawRecord | Reject]:
    header = first(report, "ReportHeader")
    if text(header, "ReportActionCategoryCode") == _DELETE_ACTION:
        yield Reject(0, *_DELETION)
        return
    ori = text(header, *_ORI_PATH)
    incident = text(report, "Incident", "ActivityIdentification", "IdentificationID")
    for association in document.descendants(report, "ArrestSubjectAssociation"):
        arrest = document.find(ref_of(first(association, "Activity|ActivityReference")))
        arrestee = document.find(ref_of(first(association, "Subject|SubjectReference")))
        role = first(arrestee, "RoleOfPerson")
        if arrest is None or arrestee is None or document.lacks(ref_of(role)):
            yield LOST_REFERENCE
            continue
        number = incident or text(arrest, "ActivityIdentification", "IdentificationID")
        sequence = text(arrestee, "ArrestSequenceID")
        person = document.dereference(role)
        yield RawRecord(
            line=0,
            row="",
            event=EventText(
                number=f"{ori}/{number}/{sequence.zfill(2)}" if number else "", arrested=date_of(arrest), ori=ori
            ),
            names=names_of(person),
            person=_with_age_group(person_of(person), text(arrestee, "ArresteeJuvenileDispositionCode")),
            charges=tuple(_charges(arrest)),
            facts=(ori, sequence, date_of(arrest)),
        )


def _with_age_group(person: PersonText, disposition: str) -> PersonText:
    """Only minors have a disposition under 18; beside an adult's age it is a slip."""
    return person._replace(age_group="JUVENILE" if disposition and not is_adult(person.age) else "")


def _charges(arrest: Element) -> Iterator[ChargeText]:
    for charge in descendants(arrest, "ArrestCharge"):
        code = text(charge, "ChargeUCRCode")
        yield ChargeText(statute=code, charge=text(charge, "ChargeDescriptionText") or offense_of(code))
