"""NIEM 3 reports of the end of a stay in custody. A report of a change within it (a cell, a status) is none."""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.elements import LOST, moment, names, person_text
from shared.feeds.formats.niem.tree import Document, Element, every, first, identity, reference, text
from shared.feeds.record import EventText, RawRecord, Reject


def is_release_report(root: Element) -> bool:
    return "CustodyRelease" in root.name


def releases_in(document: Document, custody: Element) -> Iterator[RawRecord | Reject]:
    booking = next(every(custody, "Booking"), None)
    release = next(every(custody, "Release", "BookingRelease"), None)
    subject = first(booking, "BookingSubject")
    if release is None:
        return
    said = [first(release, "ReleasePerson"), first(subject, "RoleOfPerson|RoleOfPersonReference")]
    person = next((element for who in said if (element := document.referred(who)) is not None), None)
    if person is None:
        yield from [LOST] if any(map(reference, said)) else []
        return
    number = text(booking, "BookingAgencyRecordIdentification|BookingIdentification", "IdentificationID")
    inmate = text(subject, "SubjectIdentification", "IdentificationID")
    yield RawRecord(
        line=0,
        row="",
        event=EventText(number=number or inmate, arrested=moment(booking), event_date=moment(release)),
        names=names(person),
        person=person_text(person, booking_number=number, person_number=inmate if number else ""),
        facts=(identity(person), moment(release)),
        kind=EventKind.RELEASE,
    )
