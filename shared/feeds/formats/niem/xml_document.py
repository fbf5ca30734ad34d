"""NIEM XML. A drop is one document; its structure says what kind it is, not its namespaces.

It is read a record at a time. A reference is looked up in its own record, because another record may use the same id
for somebody else. A record that refers to what lies outside of it waits for the end of the document.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO

from shared.errors import Rejected
from shared.feeds.forbidden_fields import FieldFilter
from shared.feeds.formats.layout_keys import LayoutKeys
from shared.feeds.formats.niem.booking import bookings_in
from shared.feeds.formats.niem.custody import custody_reports_in
from shared.feeds.formats.niem.disposition import dispositions_in
from shared.feeds.formats.niem.identity_change import identity_change_of, identity_changes_in
from shared.feeds.formats.niem.lexs import arrests_in
from shared.feeds.formats.niem.nibrs import arrestees_in, is_nibrs_report
from shared.feeds.formats.niem.streaming_parser import documents
from shared.feeds.formats.niem.supervision import supervision_in
from shared.feeds.formats.niem.tree import Document, Element, first
from shared.feeds.formats.niem.warrant import warrants_in
from shared.feeds.formats.streams.signatures import FileKind
from shared.feeds.formats.streams.unpack import LARGEST_DROP
from shared.feeds.layout import FileLayout
from shared.feeds.record import DroppedColumns, RawRecord, ReadResult, Reject, Skip

LARGEST = LARGEST_DROP
DATE_FORMS: tuple[str, ...] = ()
KIND = FileKind.XML
KEYS = LayoutKeys()

ReportReader = Callable[[Document, Element], Iterator[RawRecord | Reject | Skip]]
_READERS: Mapping[str, ReportReader] = {
    "Custody": custody_reports_in,
    "Warrant": warrants_in,
    "Disposition": dispositions_in,
    "Parole": supervision_in,
    "Probation": supervision_in,
}
"""A part of the root's name, and who reads such a report. A reader yields something of every report."""
# Exchanges that report something else. Read as an arrest, one would alert people to what did not happen.
_OTHER_EXCHANGES = {
    "CriminalHistory": "tells of a record",
    "CycleTracking": "tells of numbers that were given to an event",
    "Crash": "tells of a crash",
}
_RECORDS = ("DataItemPackage", "BookingReport", "Report")


def read(stream: BinaryIO, layout: FileLayout) -> Iterator[ReadResult]:
    """Raises Rejected when the file is no XML, or a document that reports no event."""
    field_filter = FieldFilter(layout.drop)
    yield from read_documents(documents(stream, _RECORDS, field_filter), field_filter)


def read_documents(records: Iterable[Document], field_filter: FieldFilter) -> Iterator[ReadResult]:
    """A report without an arrest is one skipped record. Raises Rejected when no document has a report."""
    line = 0
    for document in records:
        for results in _reports(document):
            first_line = line
            for result in results:
                line += 1
                yield result._replace(line=line)
            if line == first_line:
                line += 1
                yield Skip(line, "nobody was arrested")
        if document.is_rest and not line:
            raise Rejected(*_not_a_feed(_report_of(document.root)))
    if field_filter.met_names:
        yield DroppedColumns(tuple(field_filter.met_names))


def _reports(document: Document) -> Iterator[Iterator[RawRecord | Reject | Skip]]:
    """Yields the arrests of each package and report, and the events of a document that is one report of them."""
    packages = [package for package in document.by_name["DataItemPackage"] if _has_digest(document, package)]
    bookings = document.by_name["BookingReport"]
    nibrs_reports = [report for report in document.by_name["Report"] if is_nibrs_report(report)]
    yield from (arrests_in(document, package) for package in packages)
    yield from (bookings_in(document, report) for report in bookings)
    yield from (arrestees_in(document, report) for report in nibrs_reports)
    report = _report_of(document.root)
    if document.is_rest and (reader := _reader_of(report)):
        yield reader(document, report)


def _reader_of(report: Element) -> ReportReader | None:
    if identity_change_of(report):
        return identity_changes_in
    return next((reader for word, reader in _READERS.items() if word in report.name), None)


def _report_of(root: Element) -> Element:
    """The report itself, where it was stored with the SOAP envelope in which it was sent."""
    body = first(root, "Body") if root.name == "Envelope" else None
    return body[0] if body else root


def _has_digest(document: Document, package: Element) -> bool:
    return next(document.descendants(package, "Digest"), None) is not None


def _not_a_feed(root: Element) -> tuple[str, str, str]:
    other = next((clause for word, clause in _OTHER_EXCHANGES.items() if word in root.name), None)
    clause = f"which {other}, not of an arrest" if other else "which tells of no arrests"
    return (
        "not-an-arrest-feed",
        f"The document is a {root.name}, {clause}.",
        "Send reports of arrests (LEXS, NIBRS), bookings, custody, warrants, dispositions, supervision or identities.",
    )
