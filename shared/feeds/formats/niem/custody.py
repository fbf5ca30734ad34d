"""NIEM 3 reports of a release from custody. A report of a change within custody (a cell, a status) is not one."""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.elements import LOST_REFERENCE, date_of, names_of, person_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, id_of, text
from shared.feeds.record import EventText, RawRecord, Reject


def is_release_report(report: Element) -> bool:
    return "CustodyRelease" in report.name


def releases_in(document: Document, custody: Element) -> Iterator[RawRecord | Reject]:
    """The report says that it is of a release. Where the element `Release` is missing, only the day is unknown."""
    booking = next(descendants(custody, "Booking"), None)
    release = next(descendants(custody, "Release", "BookingRelease"), None)
    subject = first(booking, "BookingSubject")
    roles = [first(release, "ReleasePerson"), first(subject, "RoleOfPerson|RoleOfPersonReference")]
    person = next((person for role in roles if (person := document.dereference(role)) is not None), None)
    if person is None:
        yield LOST_REFERENCE
        return
    number = text(booking, "BookingAgencyRecordIdentification|BookingIdentification", "IdentificationID")
    inmate = text(subject, "SubjectIdentification", "IdentificationID")
    yield RawRecord(
        line=0,
        row="",
        event=EventText(number=number or inmate, arrested=date_of(booking), event_date=date_of(release)),
        names=names_of(person),
        person=person_of(person, booking_number=number, person_number=inmate if number else ""),
        facts=(id_of(person), date_of(release)),
        kind=EventKind.RELEASE,
    )
