"""NIEM 3 reports of a state's criminal history: numbers that are merged, corrected, deleted or described anew."""

from collections.abc import Iterator

from shared.arrests.identity_events.event import IdentityChange
from shared.feeds.formats.niem.elements import NOBODY, names_of, person_of
from shared.feeds.formats.niem.tree import Document, Element, descendants, first
from shared.feeds.record import EventText, PersonText, RawRecord, Reject

_CHANGES = {
    "Consolidation": IdentityChange.MERGED,
    "IdentifierUpdate": IdentityChange.CORRECTED,
    "Restoration": IdentityChange.RESTORED,
    "Expungement": IdentityChange.EXPUNGED,
    "IdentifierDeletion": IdentityChange.EXPUNGED,
    "DemographicsUpdate": IdentityChange.DESCRIBED,
}
"""A part of the report's name, and what it reports."""


def identity_change_of(report: Element) -> IdentityChange | None:
    if "CriminalHistory" not in report.name:
        return None
    return next((change for word, change in _CHANGES.items() if word in report.name), None)


def identity_changes_in(_document: Document, report: Element) -> Iterator[RawRecord | Reject]:
    """One record; the normaliser rejects it if its numbers are not those that the change needs."""
    change = identity_change_of(report)
    if change is IdentityChange.DESCRIBED:
        person = first(_part(report, "PostDemographicsUpdateDemographics"), "Person")
        yield _record(change, person_of(person), person) if person is not None else NOBODY
        return
    before, after = _numbers(report, "Pre"), _numbers(report, "Post")
    numbers = after or before or _numbers(report, "")
    if change is None or numbers is None:
        yield NOBODY
        return
    former = before if before and after else PersonText()
    yield _record(
        change,
        PersonText(
            sid=numbers.sid,
            sid_issuer=numbers.sid_issuer,
            fbi=numbers.fbi,
            former_sid=former.sid,
            former_fbi=former.fbi,
        ),
    )


def _record(change: IdentityChange, person: PersonText, described: Element | None = None) -> RawRecord:
    return RawRecord(line=0, row="", event=EventText(), names=names_of(described), person=person, kind=change)


def _numbers(report: Element, name_start: str) -> PersonText | None:
    """Those of the element whose name begins so, such as `PreConsolidationIdentifiers`."""
    for person in descendants(report, "Person"):
        for holder in person:
            if holder.name.startswith(name_start) and holder.name.endswith("Identifiers"):
                return person_of(holder)
    return None


def _part(report: Element, name: str) -> Element | None:
    return next(descendants(report, name), None)
