"""NIEM XML: a drop is one document. What kind it is, its structure says, not its namespaces."""

from collections.abc import Iterator
from typing import BinaryIO

from shared.domain.errors import Rejected
from shared.feeds.contract import Draft, Dropped, Read, Reject, Skip
from shared.feeds.niem.booking import bookings_in
from shared.feeds.niem.custody import is_release_report, releases_in
from shared.feeds.niem.lexs import arrests_in
from shared.feeds.niem.nibrs import arrestees_in, is_report
from shared.feeds.niem.tree import Document, Element, every, name, parsed
from shared.feeds.profile import Profile

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


def read(stream: BinaryIO, profile: Profile) -> Iterator[Read]:
    yield from reads_of(parsed(stream), profile)


def reads_of(root: Element, profile: Profile) -> Iterator[Read]:
    document = Document(root, profile.drop)
    if document.dropped:
        yield Dropped(document.dropped)
    line = 0
    for told in _parts(document):
        found = 0
        for found, one in enumerate(told, 1):  # noqa: B007
            line += 1
            yield one._replace(line=line)
        if not found:
            line += 1
            yield Skip(line, "nobody was arrested")


def _parts(document: Document) -> Iterator[Iterator[Draft | Reject]]:
    """Packages and reports, each with its arrests."""
    packages = [one for one in every(document.root, "DataItemPackage") if any(True for _ in every(one, "Digest"))]
    bookings = [*every(document.root, "BookingReport")]
    reports = [one for one in every(document.root, "Report") if is_report(one)]
    stays = [*every(document.root, "Custody")] if is_release_report(document.root) else []
    if not (packages or bookings or reports or stays):
        raise Rejected("not-an-arrest-feed", f"The document is a {name(document.root)}, {_tells(document.root)}.",
                       "Send arrest reports (LEXS), booking reports, custody releases or NIBRS reports.")  # fmt: skip
    yield from (arrests_in(document, package) for package in packages)
    yield from (bookings_in(document, report) for report in bookings)
    yield from (releases_in(document, stay) for stay in stays)
    yield from (arrestees_in(document, report) for report in reports)


def _tells(root: Element) -> str:
    said = next((tells for word, tells in _OTHERS.items() if word in name(root)), "which tells of no arrests")
    return said if said.startswith("which") else f"which {said}, not of an arrest"
