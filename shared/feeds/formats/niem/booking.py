"""NIEM 3 booking reports. One booking is one stay in custody, and so one Arrest with the charges of all its arrests.

Whoever watches the person or one of the charges is notified once.
"""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.court_words import charge_text, custody_case
from shared.feeds.formats.niem.elements import LOST_REFERENCE, aliases_of, date_of, names_of, person_of, place_of
from shared.feeds.formats.niem.tree import Document, Element, first, id_of, ref_of, text
from shared.feeds.record import CaseText, ChargeText, EventText, RawRecord, Reject

_ORI_PATH = ("BookingAgency", "OrganizationAugmentation", "OrganizationORIIdentification", "IdentificationID")


def bookings_in(document: Document, report: Element) -> Iterator[RawRecord | Reject]:
    """A booking that names no subject is a reject, where the report has no other."""
    written = [element for element in document.descendants(report, "Booking") if not ref_of(element)]
    bookings = [element for element in written if first(element, "BookingSubject") is not None]
    if written and not bookings:
        yield LOST_REFERENCE
    for booking in bookings:
        if document.lacks(ref_of(role_of(booking))):
            yield LOST_REFERENCE
        else:
            yield booking_record(document, report, booking, is_only=len(bookings) == 1)


def role_of(booking: Element) -> Element | None:
    """An extension of a LEXS digest names its person by `SameAsDigestReference`."""
    return first(booking, "BookingSubject", "RoleOfPerson|RoleOfPersonReference|SameAsDigestReference")


def _person_of(document: Document, booking: Element) -> Element | None:
    """The person, also where the reference leads to the role that the person has."""
    person = document.dereference(role_of(booking))
    role = first(person, "RoleOfPersonReference|RoleOfPerson")
    return document.dereference(role) if role is not None else person


def booking_record(document: Document, report: Element, booking: Element, *, is_only: bool) -> RawRecord:
    person = _person_of(document, booking)
    arrests = _targets(document, booking, "Arrest")
    number = text(booking, "BookingAgencyRecordIdentification|BookingIdentification", "IdentificationID")
    inmate = text(booking, "BookingSubject", "SubjectIdentification", "IdentificationID")
    places = (document.dereference(first(arrest, "ArrestLocation")) for arrest in arrests)
    return RawRecord(
        line=0,
        row="",
        event=EventText(
            number=number,
            arrested=min(filter(None, map(date_of, arrests)), default="") or date_of(booking),
            ori=text(booking, *_ORI_PATH),
        ),
        names=names_of(person, aliases_of(document, report, id_of(person))),
        person=person_of(person, booking_number=number, person_number=inmate),
        place=place_of(next((place for place in places if place is not None), None)),
        charges=tuple(_charges(document, report, arrests, is_only=is_only)),
        facts=(id_of(booking), id_of(person), date_of(booking)),
        kind=EventKind.BOOKING,
        case=custody_case(document, report) if is_only else CaseText(),
    )


def _charges(document: Document, report: Element, arrests: list[Element], *, is_only: bool) -> Iterator[ChargeText]:
    """The charges of the booking's arrests; where they name none, those of a report that has only this booking."""
    charges = [
        charge for arrest in arrests for charge in _targets(document, [ref for ref in arrest if ref_of(ref)], "Charge")
    ]
    if not charges and is_only:
        charges = [charge for charge in document.descendants(report, "Charge") if not ref_of(charge)]
    yield from map(charge_text, charges)


def _targets(document: Document, refs: list[Element], name: str) -> list[Element]:
    """The elements with this name that the references lead to, or that stand among them."""
    targets = map(document.dereference, refs)
    return [target for target in targets if target is not None and target.name == name]
