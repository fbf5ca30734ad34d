"""What the law gives a day for, as concerns of those with the right `privacy`: disputes to decide, recipients to tell
of a correction, steps of a breach to take. Pure. No line names an arrest, a person or a recipient."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from shared.alerts.incidents.model import Concern, ConcernedParty, IncidentKind
from shared.breaches.decide import open_steps
from shared.breaches.model import Breach, BreachStep
from shared.disputes.model import CorrectionNotice, Dispute, DisputeState
from shared.offices.model import Office
from shared.words import words
from shared.words.moments import day_text, moment_text


class Duties(NamedTuple):
    """All that is stored of one office, ended ones included."""

    disputes: Sequence[Dispute]
    notices: Sequence[CorrectionNotice]
    breaches: Sequence[Breach]
    breach_steps: Sequence[BreachStep]


class _Duty(NamedTuple):
    """`item` changes when it becomes late, so that it is told again."""

    item: str
    line: str
    since: datetime


def duty_concerns(office: Office, people: Collection[str], duties: Duties, now: datetime) -> Iterator[Concern]:
    """One concern a person and kind. `people` are the addresses of those who answer for it."""
    today = office.local_day(now)
    by_kind = {
        IncidentKind.DISPUTES_OPEN: [
            _duty(dispute.dispute_id, dispute.due, dispute.recorded_at, today)
            for dispute in duties.disputes
            if dispute.state is DisputeState.OPEN
        ],
        IncidentKind.RECIPIENTS_TO_TELL: [
            _duty(notice.notice_id, notice.tell_by, notice.corrected_at, today)
            for notice in duties.notices
            if notice.told_on is None
        ],
        IncidentKind.BREACH_STEPS_OPEN: list(_breach_duties(office, duties, now)),
    }
    for kind, open_ones in by_kind.items():
        for person in sorted(people) if open_ones else ():
            yield _concern(kind, office, person, open_ones)


def _duty(id_: str, due: date, since: datetime, today: date) -> _Duty:
    key = "duty.late" if due < today else "duty.by"
    return _Duty(f"{id_}/{key}", words(key, number=id_[:8], day=day_text(due)), since)


def _breach_duties(office: Office, duties: Duties, now: datetime) -> Iterator[_Duty]:
    for breach in duties.breaches:
        for status in open_steps(breach, duties.breach_steps, now):
            key = "duty.step late" if status.late else "duty.step by" if status.due else "duty.step"
            due = moment_text(status.due, office.zone) if status.due else ""
            line = words(key, number=breach.breach_id[:8], step=status.step.title, due=due)
            yield _Duty(f"{breach.breach_id}/{status.step.name}/{key}", line, breach.recorded_at)


def _concern(kind: IncidentKind, office: Office, person: str, open_ones: Sequence[_Duty]) -> Concern:
    return Concern(
        kind=kind,
        office_id=office.office_id,
        party=ConcernedParty.PERSON,
        subject=person,
        since=min(duty.since for duty in open_ones),
        items=tuple(duty.item for duty in open_ones),
        lines=tuple(duty.line for duty in open_ones),
        recipients=(person,),
    )
