"""The purge as values: one step of a run, what is due of one arrest, and the rules by which it is decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from shared.alerts.model import Alert
from shared.alerts.reviews.model import Review
from shared.arrests.model import Arrest
from shared.arrests.retention.arrest_facts import facts_of
from shared.arrests.retention.case_entry import CaseEntry, with_entries
from shared.arrests.retention.decide import Retention, decide_retention
from shared.arrests.retention.hold import Hold
from shared.arrests.retention.model import CaseEvent, CopyStatus, RetentionSchedule
from shared.value import FrozenModel

SEGMENTS = 4


class PurgeArea(StrEnum):
    ARRESTS = "arrests"
    JUVENILES = "juveniles"
    DROPS = "drops"
    DISCLOSURES = "disclosures"
    WATCHES = "watches"


class PurgeStep(FrozenModel):
    """One page of a run. `day` is the run's: a step that is late or comes twice decides the same. `after` is where the
    page begins. Of watches a step without `office_id` asks for a step of each office."""

    day: date
    area: PurgeArea
    agency: str = ""
    office_id: str = ""
    segment: int = Field(default=0, ge=0, lt=SEGMENTS)
    after: str = ""


def first_steps(day: date, agencies: Iterable[str]) -> list[PurgeStep]:
    """The steps with which the run of a day begins."""
    areas = (PurgeArea.ARRESTS, PurgeArea.JUVENILES)
    arrests = [PurgeStep(day=day, area=area, segment=segment) for area in areas for segment in range(SEGMENTS)]
    drops = [PurgeStep(day=day, area=PurgeArea.DROPS, agency=agency) for agency in sorted(set(agencies))]
    of_offices = [PurgeStep(day=day, area=area) for area in (PurgeArea.DISCLOSURES, PurgeArea.WATCHES)]
    return [*arrests, *drops, *of_offices]


class Holds(NamedTuple):
    """Every hold, by the arrests that it names, or by its office where it names none. However many an office places,
    asking about an arrest costs no more."""

    naming: Mapping[str, tuple[Hold, ...]] = {}
    on_all: Mapping[str, tuple[Hold, ...]] = {}


def index_holds(holds: Iterable[Hold]) -> Holds:
    naming: defaultdict[str, list[Hold]] = defaultdict(list)
    on_all: defaultdict[str, list[Hold]] = defaultdict(list)
    for hold in holds:
        for arrest_id in hold.arrest_ids:
            naming[arrest_id].append(hold)
        if not hold.arrest_ids:
            on_all[hold.office_id].append(hold)
    return Holds({id_: tuple(group) for id_, group in naming.items()}, {id_: tuple(on_all[id_]) for id_ in on_all})


class RetentionRules(NamedTuple):
    """All that is decided by: the schedule of each office, who runs which agency's feed, every hold, and what people
    entered about cases, by arrest. An office of `unreadable` may run any agency's feed."""

    default: RetentionSchedule
    by_office: Mapping[str, RetentionSchedule]
    keepers: Mapping[str, tuple[str, ...]]
    holds: Holds
    unreadable: tuple[str, ...] = ()
    case_entries: Mapping[str, tuple[CaseEntry, ...]] = {}

    def keepers_of(self, agency: str) -> tuple[str, ...]:
        return (*self.keepers.get(agency, ()), *self.unreadable)

    def schedule_of(self, office_id: str) -> RetentionSchedule:
        return self.by_office.get(office_id, self.default)

    def schedule_of_agency(self, agency: str) -> RetentionSchedule:
        """The one that keeps longest of the offices that run the agency's feed; the shipped one if there is none."""
        schedules = [self.schedule_of(office_id) for office_id in self.keepers_of(agency)] or [self.default]
        return max(
            schedules, key=lambda schedule: (schedule.copy_rule.status is CopyStatus.OFFICIAL, schedule.copy_rule.days)
        )

    @property
    def schedules(self) -> list[RetentionSchedule]:
        return [self.default, *self.by_office.values()]

    @property
    def fewest_days(self) -> int:
        """No copy is due by its days before so many have passed."""
        return min(schedule.copy_rule.days for schedule in self.schedules)

    def holds_of(self, office_id: str, arrest_id: str) -> list[Hold]:
        named = [hold for hold in self.holds_naming(arrest_id) if hold.office_id == office_id]
        return [*named, *self.holds.on_all.get(office_id, ())]

    def entries_of(self, arrest_id: str, office_ids: Collection[str]) -> tuple[CaseEntry, ...]:
        """What people of these offices entered about the arrest."""
        return tuple(entry for entry in self.case_entries.get(arrest_id, ()) if entry.office_id in office_ids)

    def holds_naming(self, arrest_id: str) -> tuple[Hold, ...]:
        return self.holds.naming.get(arrest_id, ())

    def holds_on_all(self, agency: str) -> list[Hold]:
        """Holds on all copies of an office that runs the agency's feed."""
        keepers = sorted(set(self.keepers_of(agency)))
        return [hold for office_id in keepers for hold in self.holds.on_all.get(office_id, ())]


class ArrestRecord(NamedTuple):
    """An arrest with all that is stored about it. `first_on` and `made_on` are the days of its first and last report;
    `case_events` is what other records of the same custody say of its end."""

    arrest: Arrest
    first_on: date
    made_on: date
    case_events: tuple[CaseEvent, ...]
    alerts: tuple[Alert, ...]
    reviews: tuple[Review, ...]

    @property
    def office_ids(self) -> frozenset[str]:
        offices = {alert.office_id for alert in self.alerts}
        return frozenset(offices.union(review.office_id for review in self.reviews))


class PurgePlan(NamedTuple):
    """What goes of one arrest, and which alerts and reviews stay although their time to live may be near."""

    record: ArrestRecord
    retention: Retention
    alerts: tuple[Alert, ...] = ()
    reviews: tuple[Review, ...] = ()
    is_arrest_due: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.alerts or self.reviews or self.is_arrest_due)

    @property
    def retained(self) -> list[str]:
        """The ids of the alerts and reviews that stay."""
        purged = {alert.alert_id for alert in self.alerts} | {review.review_id for review in self.reviews}
        ids = [alert.alert_id for alert in self.record.alerts] + [review.review_id for review in self.record.reviews]
        return [id_ for id_ in ids if id_ not in purged]


def plan_purge(record: ArrestRecord, rules: RetentionRules, today: date) -> PurgePlan:
    """Each office's copies go by that office's rules and holds. The arrest itself goes when no office has a copy any
    more, nobody holds it by name, and the rules of those who run the agency's feed say so."""
    due = {office_id for office_id in record.office_ids if _of_office(record, office_id, rules, today).is_due(today)}
    own = _of_arrest(record, rules, today)
    return PurgePlan(
        record,
        own,
        tuple(alert for alert in record.alerts if alert.office_id in due),
        tuple(review for review in record.reviews if review.office_id in due),
        is_arrest_due=own.is_due(today) and due == record.office_ids,
    )


def _of_office(record: ArrestRecord, office_id: str, rules: RetentionRules, today: date) -> Retention:
    days = [alert.created_at.date() for alert in record.alerts if alert.office_id == office_id]
    days += [review.created_at.date() for review in record.reviews if review.office_id == office_id]
    schedule = rules.schedule_of(office_id)
    facts = facts_of(record.arrest, record.first_on, max(days), record.case_events, schedule)
    facts = with_entries(facts, rules.entries_of(record.arrest.arrest_id, (office_id,)))
    return decide_retention(facts, schedule, rules.holds_of(office_id, record.arrest.arrest_id), today)


def _of_arrest(record: ArrestRecord, rules: RetentionRules, today: date) -> Retention:
    agency = record.arrest.agency
    schedule = rules.schedule_of_agency(agency)
    facts = facts_of(record.arrest, record.first_on, record.made_on, record.case_events, schedule)
    facts = with_entries(facts, rules.entries_of(record.arrest.arrest_id, rules.keepers_of(agency)))
    holds = [*rules.holds_naming(record.arrest.arrest_id), *rules.holds_on_all(agency)]
    return decide_retention(facts, schedule, holds, today)
