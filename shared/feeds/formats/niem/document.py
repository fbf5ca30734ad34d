"""NIEM XML: a drop is one document. What kind it is, its structure says, not its namespaces.

It is read a record at a time. A reference is looked for in its own record, because the same id may come again in
another one; a record that refers to what lies outside of it waits for the end of the document.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.niem.booking import bookings_in
from shared.feeds.formats.niem.custody import is_release_report, releases_in
from shared.feeds.formats.niem.lexs import arrests_in
from shared.feeds.formats.niem.nibrs import arrestees_in, is_report
from shared.feeds.formats.niem.streaming_parser import documents
from shared.feeds.formats.niem.tree import Document, Element
from shared.feeds.profiles.model import Profile
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, Skip

# Exchanges that tell of other things. To read one as an arrest would alert people to what did not happen.
_OTHERS = {
    "Custody": "tells of a change of custody",
    "Warrant": "tells of a warrant",
    "Disposition": "tells of a court's decision",
    "CriminalHistory": "tells of a change of identity or of a record",
    "CycleTracking": "tells of numbers that were given to an event",
    "Parole": "tells of supervision",
    "Probation": "tells of supervision",
    "Crash": "tells of a crash",
}


_RECORDS = ("DataItemPackage", "BookingReport", "Report")


def read(stream: BinaryIO, profile: Profile) -> Iterator[ReadResult]:
    barring = FieldFilter(profile.drop)
    yield from reads_of(documents(stream, _RECORDS, barring), barring)


def reads_of(some: Iterable[Document], barring: FieldFilter) -> Iterator[ReadResult]:
    line = 0
    for document in some:
        for told in _parts(document):
            found = 0
            for found, one in enumerate(told, 1):  # noqa: B007
                line += 1
                yield one._replace(line=line)
            if not found:
                line += 1
                yield Skip(line, "nobody was arrested")
        if document.is_rest and not line:
            raise Rejected(*_not_a_feed(document.root))
    if barring.met_names:
        yield DroppedColumns(tuple(barring.met_names))


def _parts(document: Document) -> Iterator[Iterator[RawRecord | Reject]]:
    """Packages and reports, each with its arrests."""
    packages = [
        element for element in document.named["DataItemPackage"] if any(True for _ in document.every(element, "Digest"))
    ]
    bookings = document.named["BookingReport"]
    reports = [element for element in document.named["Report"] if is_report(element)]
    stays = document.named["Custody"] if is_release_report(document.root) else []
    yield from (arrests_in(document, package) for package in packages)
    yield from (bookings_in(document, report) for report in bookings)
    yield from (releases_in(document, stay) for stay in stays)
    yield from (arrestees_in(document, report) for report in reports)


def _not_a_feed(root: Element) -> tuple[str, str, str]:
    said = next((tells for word, tells in _OTHERS.items() if word in root.name), "which tells of no arrests")
    tells = said if said.startswith("which") else f"which {said}, not of an arrest"
    return (
        "not-an-arrest-feed",
        f"The document is a {root.name}, {tells}.",
        "Send arrest reports (LEXS), booking reports, custody releases or NIBRS reports.",
    )
