"""A week of audit events by person. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from shared.audit.event import AuditEvent, AuditOutcome
from shared.value import FrozenModel

IMMIGRATION = "immigration"  # as an event writes a purpose that is always refused


class AuditWeekRow(FrozenModel):
    """What one person did in the week. `records` counts the different alerts, arrests and watches that were opened or
    changed; `immigration` the requests that named immigration enforcement as purpose, which are always refused."""

    who: str
    requests: int
    denied: int
    refused: int
    failed: int
    without_outcome: int
    immigration: int
    records: int


def rows_by_person(events: Iterable[AuditEvent]) -> list[AuditWeekRow]:
    """Whoever was denied most comes first. An intent whose outcome is recorded counts once."""
    by_person: dict[str, list[AuditEvent]] = defaultdict(list)
    for event in _one_for_each_request(events):
        by_person[event.who].append(event)
    rows = [_row(who, own) for who, own in by_person.items()]
    return sorted(rows, key=lambda row: (-row.immigration, -row.denied, -row.requests, row.who))


def _one_for_each_request(events: Iterable[AuditEvent]) -> Iterator[AuditEvent]:
    """The outcome where there is one, else the intent. Further parts of an event are no requests."""
    last: dict[str, AuditEvent] = {}
    for event in events:
        if not event.continues and (event.event_id not in last or last[event.event_id].is_intent):
            last[event.event_id] = event
    return iter(last.values())


def _row(who: str, events: list[AuditEvent]) -> AuditWeekRow:
    def counted(*outcomes: AuditOutcome) -> int:
        return sum(event.outcome in outcomes for event in events)

    return AuditWeekRow(
        who=who,
        requests=len(events),
        denied=counted(AuditOutcome.DENIED),
        refused=counted(AuditOutcome.REFUSED),
        failed=counted(AuditOutcome.FAILED),
        without_outcome=counted(AuditOutcome.BEGUN, AuditOutcome.UNKNOWN),
        immigration=sum(event.purpose == IMMIGRATION for event in events),
        records=len({subject for event in events for subject in event.subjects}),
    )
