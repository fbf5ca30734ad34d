"""Audit events of a week by person, and of some days by person and purpose. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from pydantic import AwareDatetime

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


class UseRow(FrozenModel):
    """What one person did for one purpose; `purpose` is empty for what needs none. `records` as in a week's row."""

    who: str
    purpose: str
    requests: int
    denied: int
    records: int
    first: AwareDatetime
    last: AwareDatetime


def week_name(day: date) -> str:
    """The ISO 8601 week: it belongs to the year in which its Thursday lies."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def last_mondays(today: date, number: int) -> list[date]:
    """The first days of this week and of those before it, the newest first."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(number)]


def unsigned_weeks(signed: Collection[str], today: date, since: date, number: int = 4) -> tuple[str, ...]:
    """The weeks that are over and wait for a signature, the oldest first: of the last ones, none that began before
    `since`."""
    over = [monday for monday in last_mondays(today, number + 1)[1:] if monday >= since]
    return tuple(week for week in map(week_name, reversed(over)) if week not in signed)


def uses_by_person(events: Iterable[AuditEvent]) -> list[UseRow]:
    """Whoever named immigration enforcement comes first, then whoever was denied most; an intent whose outcome is
    recorded counts once."""
    by_use: dict[tuple[str, str], list[AuditEvent]] = defaultdict(list)
    for event in _one_for_each_request(events):
        by_use[event.who, event.purpose].append(event)
    rows = [_use_row(who, purpose, own) for (who, purpose), own in by_use.items()]
    return sorted(rows, key=lambda row: (row.purpose != IMMIGRATION, -row.denied, row.who, -row.requests))


def _use_row(who: str, purpose: str, events: list[AuditEvent]) -> UseRow:
    moments = [event.occurred_at for event in events]
    return UseRow(
        who=who,
        purpose=purpose,
        requests=len(events),
        denied=sum(event.outcome is AuditOutcome.DENIED for event in events),
        records=len({subject for event in events for subject in event.subjects}),
        first=min(moments),
        last=max(moments),
    )


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
