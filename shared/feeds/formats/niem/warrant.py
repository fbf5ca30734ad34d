"""NIEM 3 reports of warrants: issued, accepted, changed, cancelled. What a repository refuses is no warrant."""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.court_words import charge_text
from shared.feeds.formats.niem.elements import (
    LOST_REFERENCE,
    aliases_of,
    date_in,
    names_of,
    of_somebody,
    organization_of,
    person_of,
)
from shared.feeds.formats.niem.tree import Document, Element, first, id_of, text
from shared.feeds.record import CaseText, ChargeText, EventText, RawRecord, Reject, Skip

_REFUSED = "a warrant was not accepted"
_CLEARED = ("Cancel", "Clear", "Recall", "Served", "Executed", "Quash")
_AGENCY_NUMBER = ("CourtOrderEnforcementAgency", "AgencyRecordIdentification")
_STATE_NUMBER = ("WarrantAugmentation", "StateWarrantRepositoryIdentification")
_OWN_NUMBER = ("ActivityIdentification|CourtOrderIdentification",)


def warrants_in(document: Document, report: Element) -> Iterator[RawRecord | Reject | Skip]:
    if "Reject" in report.name:
        yield Skip(0, _REFUSED)
        return
    warrants = [*document.descendants(report, "Warrant")]
    warrants = [warrant for warrant in warrants if first(warrant, "CourtOrderDesignatedSubject") is not None]
    for warrant in warrants:
        yield _warrant_record(document, report, warrant, is_only=len(warrants) == 1)
    if not warrants:
        yield LOST_REFERENCE


def _warrant_record(document: Document, report: Element, warrant: Element, *, is_only: bool) -> RawRecord | Reject:
    role = first(warrant, "CourtOrderDesignatedSubject", "RoleOfPerson|RoleOfPersonReference")
    person = document.dereference(role)
    if person is None:
        return LOST_REFERENCE
    is_cleared = any(word in report.name for word in _CLEARED)
    case = _case_of(document, report) if is_only else None
    return of_somebody(
        RawRecord(
            line=0,
            row="",
            event=EventText(
                number=_number_of(report, warrant),
                ori=text(
                    report,
                    "IssuingAgency",
                    "OrganizationAugmentation",
                    "OrganizationORIIdentification",
                    "IdentificationID",
                ),
                event_date="" if is_cleared else date_in(warrant, "CourtOrderIssuingDate"),
            ),
            names=names_of(person, aliases_of(document, report, id_of(person))),
            person=person_of(person),
            charges=tuple(_charges(document, case)),
            facts=(report.name, id_of(warrant), id_of(person)),
            kind=EventKind.WARRANT_CLEARED if is_cleared else EventKind.WARRANT,
            case=CaseText(
                docket=text(case, "CaseDocketID"),
                bail=text(warrant, "WarrantAppearanceBail", "BailSetAmount", "Amount")
                or text(warrant, "WarrantAppearanceBail", "BailSetAmount"),
                warrant_court=organization_of(document, first(warrant, "CourtOrderIssuingCourt")),
            ),
        )
    )


def _number_of(report: Element, warrant: Element) -> str:
    """The warrant's own number, or the one under which its agency keeps it. A report that it was accepted has the
    state's number: it lacks what the report of the issue says, and must not replace it."""
    paths = [_OWN_NUMBER, _AGENCY_NUMBER, _STATE_NUMBER]
    if "Accept" in report.name:
        paths.insert(0, _STATE_NUMBER)
    return next(filter(None, (text(warrant, *path, "IdentificationID") for path in paths)), "")


def _case_of(document: Document, report: Element) -> Element | None:
    return next(document.descendants(report, "Case"), None)


def _charges(document: Document, case: Element | None) -> Iterator[ChargeText]:
    if case is not None:
        for charge in document.descendants(case, "CaseCharge"):
            yield charge_text(charge)
