"""NIBRS submissions in XML: a report is an incident, a Group B arrest or nothing at all; who was arrested is said by
the arrestees and their associations with arrests. Offenders and victims stand beside them and are never looked at."""

from collections.abc import Iterator

from shared.arrests.model import ADULT_FROM
from shared.feeds.formats.niem.elements import LOST, moment, names, person_text
from shared.feeds.formats.niem.tree import Document, Element, every, first, reference, text
from shared.feeds.formats.ucr_codes import offense
from shared.feeds.record import ChargeText, EventText, RawRecord, Reject

_DELETION = ("deletion", "The report takes back what was reported before, which a feed cannot do.",
             "Ask for the arrest to be sealed.")  # fmt: skip


def is_report(element: Element) -> bool:
    return bool(text(element, "ReportHeader", "NIBRSReportCategoryCode"))


def arrestees_in(document: Document, report: Element) -> Iterator[RawRecord | Reject]:
    header = first(report, "ReportHeader")
    if text(header, "ReportActionCategoryCode") == "D":
        yield Reject(0, *_DELETION)
        return
    ori = text(
        header, "ReportingAgency", "OrganizationAugmentation", "OrganizationORIIdentification", "IdentificationID"
    )
    incident = text(report, "Incident", "ActivityIdentification", "IdentificationID")
    for association in document.every(report, "ArrestSubjectAssociation"):
        arrest = document.find(reference(first(association, "Activity|ActivityReference")))
        arrestee = document.find(reference(first(association, "Subject|SubjectReference")))
        role = first(arrestee, "RoleOfPerson")
        if arrest is None or arrestee is None or document.lacks(reference(role)):
            yield LOST
            continue
        person = document.referred(role)
        number = incident or text(arrest, "ActivityIdentification", "IdentificationID")
        sequence = text(arrestee, "ArrestSequenceID")
        disposition = text(arrestee, "ArresteeJuvenileDispositionCode")
        said = person_text(person)
        old = said.age.isdigit() and int(said.age) >= ADULT_FROM  # a disposition of minors beside such an age is a slip
        yield RawRecord(
            line=0,
            row="",
            event=EventText(
                number=f"{ori}/{number}/{sequence.zfill(2)}" if number else "", arrested=moment(arrest), ori=ori
            ),
            names=names(person),
            person=said._replace(age_group="JUVENILE" if disposition and not old else ""),
            charges=tuple(_charges(arrest)),
            facts=(ori, sequence, moment(arrest)),
        )


def _charges(arrest: Element) -> Iterator[ChargeText]:
    for charge in every(arrest, "ArrestCharge"):
        code = text(charge, "ChargeUCRCode")
        yield ChargeText(statute=code, charge=text(charge, "ChargeDescriptionText") or offense(code))
