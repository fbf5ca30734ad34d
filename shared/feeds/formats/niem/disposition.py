"""NIEM 3 reports of a court's decisions. The decisions about one person in one report are one record.

States write them in four ways: within the charge, beside it with an association, as an initial and a final charge of a
case, or as events of a case. A part that the report marks as sealed is not read.
"""

from collections.abc import Iterator

from shared.arrests.model import EventKind
from shared.feeds.formats.niem.court_words import charge_text, sentence_text
from shared.feeds.formats.niem.elements import (
    LOST_REFERENCE,
    aliases_of,
    date_in,
    date_of,
    names_of,
    of_somebody,
    organization_of,
    person_of,
)
from shared.feeds.formats.niem.tree import Document, Element, descendants, first, id_of, ref_of, text
from shared.feeds.record import CaseText, ChargeText, EventText, RawRecord, Reject, Skip

_SEALED = "a disposition is marked as sealed"
_ROLE = "RoleOfPerson|RoleOfPersonReference"
_OUTCOMES = (
    "CourtActionCode", "CourtActionText", "CourtDispositionCode", "DispositionCategoryText", "DispositionCategoryCode",
    "DispositionDescriptionText", "DispositionText", "ChargeDispositionCategoryText",
)  # fmt: skip
_DOCKETS = ("CaseDocketID", "DispositionDocketIdentification")
_NUMBERS = ("ArrestTrackingNumber", "ArrestAgencyRecordIdentification", "CycleTrackingIdentification")


def dispositions_in(document: Document, report: Element) -> Iterator[RawRecord | Reject | Skip]:
    people: dict[int, Element] = {}
    charges: dict[int, list[Element]] = {}
    for charge in _charges_in(document, report):
        person = _person_of(document, report, charge)
        if person is None:
            yield LOST_REFERENCE
            return
        people[id(person)] = person
        charges.setdefault(id(person), []).append(charge)
    for key, person in people.items():
        readable = [charge for charge in charges[key] if not document.is_sealed(charge)]
        yield _record(document, report, person, readable) if readable else Skip(0, _SEALED)
    if not people:
        person = _person_of(document, report, None)
        yield LOST_REFERENCE if person is None else _record(document, report, person, [])


def _charges_in(document: Document, report: Element) -> list[Element]:
    """Charges of their own, or those of the case; not the initial and final wordings within them."""
    return [
        charge
        for name in ("Charge", "CaseCharge")
        for charge in document.descendants(report, name)
        if not ref_of(charge) and len(charge)
    ]


def _person_of(document: Document, report: Element, charge: Element | None) -> Element | None:
    """Whom an association names beside the charge; else the subject of the report, or its only person. None where a
    reference leads nowhere."""
    for association in document.descendants(report, "PersonChargeAssociation"):
        if charge is None or any(ref_of(end) == id_of(charge) for end in association if ref_of(end)):
            return _dereferenced(document, first(association, "Person|PersonReference"))
    subject = next(document.descendants(report, "Subject"), None)
    if subject is not None:
        return _dereferenced(document, subject)
    people = [person for person in document.descendants(report, "Person") if not ref_of(person)]
    return people[0] if len(people) == 1 else None


def _dereferenced(document: Document, element: Element | None) -> Element | None:
    """The person, also where the reference leads to the role that the person has."""
    person = document.dereference(element)
    role = first(person, _ROLE)
    return document.dereference(role) if role is not None else person


def _record(document: Document, report: Element, person: Element, charges: list[Element]) -> RawRecord | Reject:
    decisions = [_decision_of(document, report, charge) for charge in charges]
    arrest = next(document.descendants(report, "Arrest"), None)
    number = text(arrest, "ActivityIdentification|ArrestAgencyRecordIdentification", "IdentificationID")
    hearing = _hearing_of(document, report)
    days = [date_in(decision, "DispositionDate") for decision in decisions if decision is not None]
    court = next((first(decision, "DispositionEntity") for decision in decisions if decision is not None), None)
    return of_somebody(
        RawRecord(
            line=0,
            row="",
            event=EventText(
                number=number or _text_in([*charges, report], _NUMBERS),
                arrested=date_of(arrest),
                event_date=max(filter(None, days), default="") or _last_day(hearing),
            ),
            names=names_of(person, aliases_of(document, report, id_of(person))),
            person=person_of(person),
            charges=tuple(_charge(document, report, *pair) for pair in zip(charges, decisions, strict=True)),
            facts=(id_of(person), *map(id_of, charges)),
            kind=EventKind.DISPOSITION,
            case=CaseText(
                court=organization_of(document, court)
                or text(hearing, "OrganizationORIIdentification", "IdentificationID")
                or organization_of(document, next(document.descendants(report, "CaseCourt"), None)),
                docket=_text_in([*filter(None, decisions), *charges, *_cases(document, report)], _DOCKETS)
                or text(hearing, "CaseIdentification", "IdentificationID"),
            ),
        )
    )


def _charge(document: Document, report: Element, charge: Element, decision: Element | None) -> ChargeText:
    wordings = [*descendants(charge, "InitialCharge"), *descendants(charge, "FinalCharge"), charge]
    texts = charge_text(wordings[0])
    final = charge_text(next(descendants(charge, "FinalCharge"), None)).statute
    sentences = [*descendants(charge, "ChargeSentence"), *_associated(document, report, charge, "Activity", "Sentence")]
    return texts._replace(
        outcome=_text_in([decision] if decision is not None else [], _OUTCOMES),
        disposed_statute=final if final != texts.statute else "",
        sentence=sentence_text(iter(sentences)),
    )


def _decision_of(document: Document, report: Element, charge: Element) -> Element | None:
    own = next(descendants(charge, "ChargeDisposition"), None)
    return own if own is not None else next(_associated(document, report, charge, "Disposition", "Disposition"), None)


def _associated(document: Document, report: Element, charge: Element, end: str, name: str) -> Iterator[Element]:
    """The elements of this name that an association names beside the charge."""
    for kind in ("ActivityChargeAssociation", "ChargeDispositionAssociation"):
        for association in document.descendants(report, kind):
            other = document.dereference(first(association, end))
            is_of_charge = id_of(charge) and any(ref_of(element) == id_of(charge) for element in association)
            if is_of_charge and other is not None and other.name == name:
                yield other


def _hearing_of(document: Document, report: Element) -> Element | None:
    """The event of a case at which a sentence was passed; the last one that is not sealed, where nothing names it."""
    for association in document.descendants(report, "CourtEventSentenceAssociation"):
        hearing = document.dereference(first(association, "CaseCourtEvent"))
        if hearing is not None and not document.is_sealed(hearing):
            return hearing
    hearings = [event for event in document.descendants(report, "CaseCourtEvent") if not ref_of(event)]
    return next((event for event in reversed(hearings) if not document.is_sealed(event)), None)


def _last_day(hearing: Element | None) -> str:
    actions = descendants(hearing, "CourtEventAction") if hearing is not None else ()
    return max(map(date_of, actions), default="") or date_of(hearing)


def _cases(document: Document, report: Element) -> list[Element]:
    return [*document.descendants(report, "Case")]


def _text_in(elements: list[Element], names: tuple[str, ...]) -> str:
    """The first text of an element with one of these names, or of the identification in it."""
    for element in elements:
        for name in names:
            for holder in descendants(element, name):
                if content := text(holder) or text(holder, "IdentificationID"):
                    return content
    return ""
