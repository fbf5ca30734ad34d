"""NIEM 2 documents of parole and probation: supervision begins or ends. Another officer changes nothing for a watch."""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.court_words import charge_text
from shared.feeds.formats.niem.elements import LOST_REFERENCE, date_in, names_of, of_somebody, person_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, text
from shared.feeds.record import CaseText, EventText, RawRecord, Reject, Skip

_OTHER_OFFICER = "a person under supervision has another officer"
_CASES = ("ParoleCase", "ProbationCase")
_NUMBERS = "SupervisionIdentification|ParoleCaseIdentification|ProbationCaseIdentification"


def supervision_in(document: Document, report: Element) -> Iterator[RawRecord | Reject | Skip]:
    if "OfficerChange" in report.name:
        yield Skip(0, _OTHER_OFFICER)
        return
    case = next((each for each in descendants(report, *_CASES) if each is not report), report)
    person = document.dereference(_person_in(case))
    if person is None:
        yield LOST_REFERENCE
        return
    supervision = first(case, "Supervision")
    term = next(descendants(case, "SupervisionAssignedTerm"), None)
    begins = date_in(term, "ActivityDateRange", "StartDate")
    is_ended = "Terminat" in report.name
    ends = date_in(supervision, "SupervisionRelease", "ActivityDate") or date_in(term, "ActivityDateRange", "EndDate")
    court_case = first(case, "CourtCase")
    charges = descendants(court_case, "CaseCharge") if court_case is not None else ()
    yield of_somebody(
        RawRecord(
            line=0,
            row="",
            event=EventText(
                number=text(case, _NUMBERS, "IdentificationID") or text(supervision, _NUMBERS, "IdentificationID"),
                event_date=ends if is_ended else begins,
            ),
            names=names_of(person),
            person=person_of(person),
            charges=tuple(map(charge_text, charges)),
            kind=EventKind.SUPERVISION_ENDED if is_ended else EventKind.SUPERVISION,
            case=CaseText(docket=text(court_case, "CaseDocketID")),
        )
    )


def _person_in(case: Element) -> Element | None:
    identity = next(descendants(case, "ParoleeIdentity", "ProbationerIdentity"), None)
    person = first(identity, "IdentityPersonRepresentation|IdentityPersonReference")
    return (
        person if person is not None else next(descendants(case, "Probationer", "Parolee", "SupervisionPerson"), None)
    )
