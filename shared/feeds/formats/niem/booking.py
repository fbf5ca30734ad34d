"""NIEM 3 booking reports. One booking is one stay in custody and so one Arrest, with the charges of all the arrests
that led to it: who watches the person or one of the charges is told once."""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.elements import LOST, moment, names, person_text, place_text
from shared.feeds.formats.niem.tree import Document, Element, first, identity, reference, text
from shared.feeds.record import ChargeText, EventText, RawRecord, Reject


def bookings_in(document: Document, report: Element) -> Iterator[RawRecord | Reject]:
    bookings = [
        element for element in document.every(report, "Booking") if first(element, "BookingSubject") is not None
    ]
    for booking in bookings:
        subject = first(booking, "BookingSubject")
        role = first(subject, "RoleOfPerson|RoleOfPersonReference")
        if document.lacks(reference(role)):
            yield LOST
            continue
        person = document.referred(role)
        arrests = [
            element for ref in booking if (element := document.referred(ref)) is not None and _is_arrest(element)
        ]
        number = text(first(booking, "BookingAgencyRecordIdentification|BookingIdentification"), "IdentificationID")
        yield RawRecord(
            line=0,
            row="",
            event=EventText(
                number=number,
                arrested=min(filter(None, map(moment, arrests)), default="") or moment(booking),
                ori=text(
                    booking,
                    "BookingAgency",
                    "OrganizationAugmentation",
                    "OrganizationORIIdentification",
                    "IdentificationID",
                ),
            ),
            names=names(person, _aliases(document, report, identity(person))),
            person=person_text(
                person, booking_number=number, person_number=text(subject, "SubjectIdentification", "IdentificationID")
            ),
            place=place_text(
                next((place for element in arrests if (place := _place(document, element)) is not None), None)
            ),
            charges=tuple(_charges(document, report, arrests, alone=len(bookings) == 1)),
            facts=(identity(booking), identity(person), moment(booking)),
            kind=EventKind.BOOKING,
        )


def _charges(document: Document, report: Element, arrests: list[Element], *, alone: bool) -> Iterator[ChargeText]:
    """The charges of the booking's arrests; where it names none, all of a report that is of this booking alone."""
    refs = [element for arrest in arrests for element in arrest if reference(element)]
    charges = [element for ref in refs if (element := document.referred(ref)) is not None and _is_charge(element)]
    if not charges and alone:
        charges = [element for element in document.every(report, "Charge") if not reference(element)]
    for charge in charges:
        yield ChargeText(
            statute=text(
                charge,
                "ChargeStatute",
                "StatuteCodeSectionIdentification|StatuteCodeIdentification",
                "IdentificationID",
            ),
            charge=text(charge, "ChargeDescriptionText|ChargeText")
            or text(charge, "ChargeStatute", "StatuteDescriptionText"),
            charge_class=text(charge, "ChargeSeverityText|ChargeClassificationText|ChargeSeverityCode"),
            degree=text(charge, "ChargeDegreeText"),
        )


def _aliases(document: Document, report: Element, person_id: str) -> Iterator[Element]:
    for association in document.every(report, "PersonAliasIdentityAssociation"):
        if person_id and any(reference(element) == person_id for element in association):
            for other in association:
                if reference(other) != person_id and (found := document.referred(other)) is not None:
                    yield found


def _place(document: Document, arrest: Element) -> Element | None:
    return document.referred(first(arrest, "ArrestLocation"))


def _is_arrest(element: Element) -> bool:
    return element.name == "Arrest"


def _is_charge(element: Element) -> bool:
    return element.name == "Charge"
