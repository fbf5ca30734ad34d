"""NIEM 3 reports of a release from custody, and of a change within it: a status, a transfer, an escape, a death."""

from collections.abc import Iterator, Mapping

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.booking import booking_record, role_of
from shared.feeds.formats.niem.elements import LOST_REFERENCE, date_of, names_of, of_somebody, person_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, id_of, ref_of, text
from shared.feeds.record import EventText, RawRecord, Reject

_KINDS_OF_STATUS: Mapping[str, EventKind] = {
    "TRANSFER": EventKind.TRANSFER,
    "TRANSFERRED": EventKind.TRANSFER,
    "TRANSFERRED OUT": EventKind.TRANSFER,
    "ESCAPE": EventKind.ESCAPE,
    "ESCAPED": EventKind.ESCAPE,
    "DEATH": EventKind.DEATH,
    "DECEASED": EventKind.DEATH,
    "DIED": EventKind.DEATH,
}
"""Whole words of a status; in any other text `death` or `transfer` may mean something else."""


def custody_reports_in(document: Document, report: Element) -> Iterator[RawRecord | Reject]:
    reader = releases_in if "Release" in report.name else changes_in
    stays = [*document.descendants(report, "Custody")]
    for stay in stays:
        yield from reader(document, stay)
    if not stays:
        yield LOST_REFERENCE


def changes_in(document: Document, custody: Element) -> Iterator[RawRecord | Reject]:
    """The charges, bail and next court date are those of the stay."""
    booking = next((each for each in descendants(custody, "Booking") if not ref_of(each)), None)
    if booking is None or document.lacks(ref_of(role_of(booking))) or role_of(booking) is None:
        yield LOST_REFERENCE
        return
    detention = next(descendants(custody, "Detention"), None)
    statuses = [
        text(status, "StatusDescriptionText|StatusText").upper()
        for status in descendants(custody, "SubjectLocationStatus", "SupervisionCustodyStatus", "BookingStatus")
    ]
    kind = next((_KINDS_OF_STATUS[status] for status in statuses if status in _KINDS_OF_STATUS), None)
    record = booking_record(document, custody, booking, is_only=True)
    yield of_somebody(
        record._replace(
            event=record.event._replace(event_date=date_of(detention)), kind=kind or EventKind.CUSTODY_CHANGE
        )
    )


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
