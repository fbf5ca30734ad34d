"""Compares the audit table with the chains, in both directions, and says what is wrong in plain words. Pure.

A row that was replaced differs from the chain; a row that was deleted is in the chain alone; a row that was slipped in
is in the table alone. A pointer that is gone would hide an event from whoever searches for its subject.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from pydantic import ValidationError

from shared.audit.event import AuditEvent, AuditOutcome
from shared.audit.items import RETENTION, SUBJECT, event_in, event_item, intent_item, sort_key, subject_pk
from shared.audit.stream import ALTERED
from shared.aws.dynamodb import Item

# An event is usually chained within seconds; a younger one than this may still be on its way.
CHAINED_WITHIN = timedelta(minutes=15)
CLOSED_WITHIN = timedelta(minutes=45)  # by the job that looks for lost outcomes


class Verification:
    """What the chains of some offices hold, and what the table turned out to hold. Fed row by row, asked at the end.

    `is_disclosure` says of which events of a chain the audit table has no row.
    """

    def __init__(self, office_ids: Collection[str], is_disclosure: Callable[[AuditEvent], bool], now: datetime) -> None:
        self._office_ids, self._is_disclosure, self._now = set(office_ids), is_disclosure, now
        self._chained: dict[tuple[str, bool], AuditEvent] = {}
        self._in_table: set[tuple[str, bool]] = set()
        self._pointers: set[int] = set()  # hashes of keys: a table has millions

    def faults_of_records(self, records: Iterable[AuditEvent]) -> Iterator[str]:
        """Takes the records of one chain, and yields what is wrong with them."""
        for record in records:
            if record.action == ALTERED:
                yield f"{record.office_id}: replaced or deleted before {_minute(record)}: {record.subjects[0]}"
            elif not self._is_disclosure(record):
                first = self._chained.setdefault(record.record_key, record)
                if first != record:
                    yield f"{_name(record)} is twice in the chain, and the two differ"

    def faults_of_rows(self, rows: Iterable[Item]) -> Iterator[str]:
        """Takes the rows of the table, and yields what is wrong with them."""
        for row in rows:
            if row["pk"]["S"].startswith(SUBJECT):
                self._pointers.add(hash((row["pk"]["S"], row["sk"]["S"])))
            else:
                yield from self._faults_of_row(row)

    def _faults_of_row(self, row: Item) -> Iterator[str]:
        try:
            event = event_in(row)
        except (KeyError, ValidationError):
            yield f"the row {row['pk']['S']} {row['sk']['S']} cannot be read"
            return
        if event.office_id not in self._office_ids:
            return
        self._in_table.add(event.record_key)
        chained = self._chained.get(event.record_key)
        if chained != event:
            yield f"{_name(event)} {'differs from' if chained else 'is missing in'} the chain"
        elif not _same_keys(row, intent_item(event) if event.is_intent else event_item(event)):
            yield f"{_name(event)} lies under keys that are not its own"

    def faults_of_chains(self) -> Iterator[str]:
        """Yields what the chains hold and the table does not. To be asked when all rows were taken."""
        for key, event in self._chained.items():
            if not self._must_be_in_table(event):
                continue
            if key not in self._in_table:
                yield f"{_name(event)} is in the chain and no longer in the table"
            elif not event.is_intent and not self._is_found_by_subjects(event):
                yield f"{_name(event)} is not found by all of its subjects"
            elif event.is_intent and self._is_open(event):
                yield f"{_name(event)} began and nobody recorded its outcome: {event.who}, {event.action}"

    def unknown_outcomes(self) -> list[str]:
        """Returns the requests of which only the beginning is known. No fault of the record: it says so itself."""
        return [
            f"{_name(event)} has an unknown outcome: {event.who}, {event.action}"
            for event in self._chained.values()
            if event.outcome is AuditOutcome.UNKNOWN
        ]

    def _must_be_in_table(self, event: AuditEvent) -> bool:
        """Younger ones may not have been read, older ones are deleted by their time to live."""
        return self._now - RETENTION < event.occurred_at < self._now - CHAINED_WITHIN

    def _is_found_by_subjects(self, event: AuditEvent) -> bool:
        place = sort_key(event)
        return all(
            hash((subject_pk(event.office_id, subject), place)) in self._pointers for subject in event.every_subject
        )

    def _is_open(self, intent: AuditEvent) -> bool:
        return (intent.event_id, False) not in self._chained and intent.occurred_at < self._now - CLOSED_WITHIN


def _same_keys(row: Item, expected: Item) -> bool:
    """Whether every attribute but the document is what the document says: keys, index and end of life."""
    return {**row, "doc": None} == {**expected, "doc": None}


def _name(event: AuditEvent) -> str:
    return f"{event.office_id}: event {event.event_id} of {_minute(event)}"


def _minute(event: AuditEvent) -> str:
    return f"{event.occurred_at:%Y-%m-%d %H:%M}"
