"""NIEM XML: a drop is one document. What kind it is, its structure says, not its namespaces."""

from collections.abc import Iterator
from typing import BinaryIO

from shared.domain.errors import Rejected
from shared.feeds.contract import Draft, Dropped, Read, Skip
from shared.feeds.niem.booking import bookings_in
from shared.feeds.niem.lexs import arrests_in
from shared.feeds.niem.tree import Document, every, name
from shared.feeds.profile import Profile


def read(stream: BinaryIO, profile: Profile) -> Iterator[Read]:  # noqa: ARG001 - the documents name their own parts
    document = Document(stream)
    if document.dropped:
        yield Dropped(document.dropped)
    line = 0
    for drafts in _parts(document):
        found = 0
        for found, draft in enumerate(drafts, 1):  # noqa: B007
            line += 1
            yield draft._replace(line=line)
        if not found:
            line += 1
            yield Skip(line, "nobody was arrested")


def _parts(document: Document) -> Iterator[Iterator[Draft]]:
    """Packages and reports, each with its arrests."""
    packages = [one for one in every(document.root, "DataItemPackage") if any(True for _ in every(one, "Digest"))]
    reports = [*every(document.root, "BookingReport")]
    if not (packages or reports):
        raise Rejected("not-an-arrest-feed", f"The document is a {name(document.root)}, which tells of no arrests.",
                       "Send arrest reports (LEXS) or booking reports.")  # fmt: skip
    yield from (arrests_in(document, package) for package in packages)
    yield from (bookings_in(document, report) for report in reports)
