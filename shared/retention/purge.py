"""The purge: one step of a day's run. It looks at one page, purges what is due, and queues the next page.

Each record is asked by today's rules, holds and dispositions, so nothing stored can be out of date. A certificate comes
before every deletion. A step may run twice, and one that broke off is carried on by its next attempt.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from shared.arrests.days import days_after
from shared.arrests.model import EventKind, arrest_id
from shared.arrests.purge_table import ArrestPurgeTable, StoredRecord
from shared.arrests.retention.arrest_facts import events_of, facts_of
from shared.arrests.retention.case_entry import CaseEntry
from shared.arrests.retention.decide import decide_retention, end_of_schedule
from shared.arrests.retention.hold import has_no_texts, is_in_force, without_texts
from shared.arrests.retention.model import (
    CopyRule,
    CopyStatus,
    Offense,
    OfficeRetention,
    RecordFacts,
    RetentionSchedule,
)
from shared.arrests.seals.seal import keys_of_arrest
from shared.arrests.synthetic import is_synthetic
from shared.aws.dynamodb import TIME_TO_LIVE
from shared.disclosures.model import Disclosure
from shared.disputes.follow_corrections import end_disputes
from shared.retention.certificate import certificate_of, certificate_of_ids
from shared.retention.dependencies import PurgeDeps
from shared.retention.model import (
    SEGMENTS,
    ArrestRecord,
    Holds,
    PurgeArea,
    PurgePlan,
    PurgeStep,
    RetentionRules,
    index_holds,
    plan_purge,
)
from shared.retention.purge_watches import purge_watches

DISCLOSURE_CLASS = "disclosure"  # the word by which a schedule names its class
_DISCLOSURES_A_STEP = 100
_EXPIRY_IS_NEAR = timedelta(days=60)  # a hold or a longer rule takes the time to live away from then on


def run_step(step: PurgeStep, deps: PurgeDeps, now: datetime) -> int:
    """Returns how many arrests, alerts, reviews, drops, disclosures and watches were purged. Raises TryLater when AWS
    stays busy."""
    rules = load_rules(deps)
    if step.area is PurgeArea.DROPS:
        return _purge_drops(step, rules, deps, now)
    if step.area is PurgeArea.DISCLOSURES:
        return _purge_disclosures(step, rules, deps, now)
    if step.area is PurgeArea.WATCHES:
        return purge_watches(step, rules, deps, now)
    table = deps.table_of(step.area)
    records, after = table.page(step.segment, SEGMENTS, step.after)
    purged = _purge_arrests(step, records, _with_case_entries(rules, deps), table, deps, now)
    if after:
        deps.enqueue(step.model_copy(update={"after": after}))
    return purged


def load_rules(deps: PurgeDeps) -> RetentionRules:
    """An office whose document cannot be read may have official copies, of any agency: nothing of it is purged, nor any
    arrest or drop. Holds are not among these rules: `_with_holds` reads them where something may be due, and so late
    that one which was placed a moment ago counts. Nor are case entries, which only arrests ask for."""
    offices_by_id, broken_ids = deps.offices.offices(deps.offices.ids())
    offices = list(offices_by_id.values())
    official = OfficeRetention(copy_rule=CopyRule(status=CopyStatus.OFFICIAL)).applied_to(deps.schedule)
    keepers: defaultdict[str, list[str]] = defaultdict(list)
    for office in offices:
        for agency in office.agencies:
            keepers[agency].append(office.office_id)
    return RetentionRules(
        default=deps.schedule,
        by_office={office.office_id: office.retention.applied_to(deps.schedule) for office in offices}
        | dict.fromkeys(broken_ids, official),
        keepers={agency: tuple(sorted(ids)) for agency, ids in keepers.items()},
        holds=Holds(),
        unreadable=tuple(sorted(broken_ids)),
    )


def _with_case_entries(rules: RetentionRules, deps: PurgeDeps) -> RetentionRules:
    entries: defaultdict[str, list[CaseEntry]] = defaultdict(list)
    for office_id in rules.by_office:
        for entry in deps.case_entries.of_office(office_id):
            for about in entry.arrest_ids:
                entries[about].append(entry)
    return rules._replace(case_entries={arrest_id: tuple(group) for arrest_id, group in entries.items()})


def _with_holds(rules: RetentionRules, deps: PurgeDeps) -> RetentionRules:
    return rules._replace(holds=index_holds(deps.holds.of_offices(rules.by_office)))


# Arrests, with what is stored about them


def _purge_arrests(
    step: PurgeStep,
    stored: Sequence[StoredRecord],
    rules: RetentionRules,
    table: ArrestPurgeTable,
    deps: PurgeDeps,
    now: datetime,
) -> int:
    _note_dispositions(stored, rules, table, deps, step.day)
    real = [record for record in stored if not is_synthetic(record.arrest.agency)]  # the others expire within a day
    candidates = [record for record in real if _may_be_due(record, rules, step.day)]
    if not candidates:
        return 0
    records = _with_what_is_about_them(candidates, deps)
    rules = _with_holds(rules, deps)
    plans = {record.arrest.arrest_id: plan_purge(record, rules, step.day) for record in records}
    _keep_beyond_expiry(candidates, plans, table, deps, step.day)
    due = [plan for plan in plans.values() if not plan.is_empty]
    if not due:
        return 0
    deps.certificates.add(certificate_of(due, step.day, deps.purged_by), now)
    _delete(due, deps)
    _erase_from_copies(due, deps)
    _erase_from_requests(due, rules, deps)
    _erase_from_holds(due, rules, deps)
    end_disputes((plan.record.arrest.arrest_id for plan in due if plan.is_arrest_due), deps.corrections, now)
    _erase_from_case_entries(due, rules, deps)
    by_id = {record.arrest.arrest_id: record for record in candidates}
    for plan in due:
        if plan.is_arrest_due:  # last, so that an attempt that broke off finds the arrest again
            table.purge(by_id[plan.record.arrest.arrest_id], now)
    return sum(plan.is_arrest_due + len(plan.alerts) + len(plan.reviews) for plan in due)


def _note_dispositions(
    stored: Iterable[StoredRecord], rules: RetentionRules, table: ArrestPurgeTable, deps: PurgeDeps, today: date
) -> None:
    """Notes at an arrest how its case ended, which an agency reports as a record of its own. What is dated after
    `today` is noted when its day has come."""
    for record in stored:
        arrest = record.arrest
        if arrest.kind is EventKind.DISPOSITION and arrest.number:
            schedule = rules.schedule_of_agency(arrest.agency)
            events = [event for event in events_of(arrest, schedule, record.first_on) if event.day <= today]
            about = arrest_id(deps.pseudonyms(), arrest.agency, arrest.number)
            table.note_events(about, arrest.arrest_id, events)


def _may_be_due(record: StoredRecord, rules: RetentionRules, today: date) -> bool:
    """Without reading what is about it: its first report is old enough, or some schedule ends its class."""
    if days_after(record.first_on, rules.fewest_days) <= today:
        return True
    arrest = record.arrest
    if arrest.arrest_id in rules.case_entries:  # few have any
        return True
    if not (record.case_events or arrest.juvenile or arrest.kind is EventKind.DISPOSITION):
        return False
    return any(_has_class_ended(record, schedule, today) for schedule in rules.schedules)


def _has_class_ended(record: StoredRecord, schedule: RetentionSchedule, today: date) -> bool:
    facts = facts_of(record.arrest, record.first_on, record.made_on, record.case_events, schedule)
    _, end = end_of_schedule(facts, schedule, today)
    return end is not None and end <= today


def _with_what_is_about_them(candidates: Sequence[StoredRecord], deps: PurgeDeps) -> list[ArrestRecord]:
    about = deps.alerts.records_of_arrests(record.arrest.arrest_id for record in candidates)
    alerts = deps.alerts.read(id_ for records in about.values() for id_ in records.alert_ids)
    reviews = deps.alerts.reviews.read({id_ for records in about.values() for id_ in records.review_ids})
    return [
        ArrestRecord(
            record.arrest,
            record.first_on,
            record.made_on,
            record.case_events,
            tuple(alerts[id_] for id_ in about[record.arrest.arrest_id].alert_ids if id_ in alerts),
            tuple(reviews[id_] for id_ in sorted(about[record.arrest.arrest_id].review_ids) if id_ in reviews),
        )
        for record in candidates
    ]


def _keep_beyond_expiry(
    candidates: Iterable[StoredRecord],
    plans: Mapping[str, PurgePlan],
    table: ArrestPurgeTable,
    deps: PurgeDeps,
    today: date,
) -> None:
    """Time to live is the second line, and it knows no holds: whatever stays loses it before its day."""
    for record in candidates:
        plan = plans[record.arrest.arrest_id]
        if not plan.is_arrest_due and record.expires_on and record.expires_on - today <= _EXPIRY_IS_NEAR:
            table.outlive_expiry(record.arrest.arrest_id)
        ages = [alert.created_at.date() for alert in plan.record.alerts]
        ages += [review.created_at.date() for review in plan.record.reviews]
        if plan.retained and any(today - made_on >= TIME_TO_LIVE - _EXPIRY_IS_NEAR for made_on in ages):
            deps.alert_purge.outlive_expiry(plan.retained)


def _delete(due: Iterable[PurgePlan], deps: PurgeDeps) -> None:
    for plan in due:
        for alert in plan.alerts:
            deps.alert_purge.purge(alert)
        for review in plan.reviews:
            deps.alerts.reviews.take_out(review.review_id, plan.record.arrest.arrest_id)
            deps.alert_purge.purge_arrest_of_review(review.review_id, plan.record.arrest.arrest_id)


def _erase_from_copies(due: Iterable[PurgePlan], deps: PurgeDeps) -> None:
    """Takes the rows of purged arrests out of the copies of drops, agency by agency, and deletes the exports that hold
    one. Of the same person's arrests that are held, an export stays its week."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    ids: set[str] = set()
    for plan in due:
        if plan.is_arrest_due:
            keys[plan.record.arrest.agency] |= keys_of_arrest(plan.record.arrest, deps.pseudonyms())
            ids.add(plan.record.arrest.arrest_id)
    if ids:
        deps.copies.delete_exports(ids)
    for agency, agency_keys in sorted(keys.items()):
        deps.copies.erase_records(agency, ids, agency_keys)


def _erase_from_requests(due: Iterable[PurgePlan], rules: RetentionRules, deps: PurgeDeps) -> None:
    """What somebody wrote of a request may name the person whose record is purged. Its hold, which is over, leads to
    it. A request that somebody changes at this moment raises ConflictError, and the step comes again."""
    about = {
        (hold.office_id, hold.request_id)
        for plan in due
        if plan.is_arrest_due
        for hold in rules.holds_naming(plan.record.arrest.arrest_id)
        if hold.request_id
    }
    for office_id, request_id in sorted(about):
        request = deps.requests.find(office_id, request_id)
        if request and not request.has_no_texts:
            deps.requests.save(request.without_texts())


def _erase_from_holds(due: Iterable[PurgePlan], rules: RetentionRules, deps: PurgeDeps) -> None:
    """Why records were held names the case, and may name the person. All holds on a purged record are over. One that
    somebody changes at this moment raises ConflictError, and the step comes again."""
    ids = [plan.record.arrest.arrest_id for plan in due if plan.is_arrest_due]
    over = {(hold.office_id, hold.hold_id): hold for id_ in ids for hold in rules.holds_naming(id_)}
    for _, hold in sorted(over.items()):
        if not has_no_texts(hold):
            deps.holds.store(without_texts(hold))


def _erase_from_case_entries(due: Iterable[PurgePlan], rules: RetentionRules, deps: PurgeDeps) -> None:
    """One goes with the last of its arrests, because its source may name the person. One that somebody takes back at
    this moment raises ConflictError, and the step comes again."""
    ids = {plan.record.arrest.arrest_id for plan in due if plan.is_arrest_due}
    about = {(entry.office_id, entry.entry_id): entry for id_ in ids for entry in rules.case_entries.get(id_, ())}
    for _, entry in sorted(about.items()):
        if remaining := entry.without_arrests(ids):
            deps.case_entries.store(remaining)
        else:
            deps.case_entries.delete(entry)


# Drops


def _purge_drops(step: PurgeStep, rules: RetentionRules, deps: PurgeDeps, now: datetime) -> int:
    """Purges the oldest drops of the agency that are due, a page of them, with their files and copies."""
    schedule = rules.schedule_of_agency(step.agency)
    until = step.day - timedelta(days=schedule.copy_rule.days)
    page = deps.drop_purge.oldest(step.agency, until)
    if not page:
        return 0
    facts = RecordFacts(offenses=(), made_on=step.day)
    holds = _with_holds(rules, deps).holds_on_all(step.agency)
    if decide_retention(facts, schedule, holds, step.day).purge_on is None:
        return 0
    deps.certificates.add(certificate_of_ids("drops", (drop.drop_id for drop in page), step.day, deps.purged_by), now)
    for record in page:
        rejects_key = record.receipt.rejects_key if record.receipt else None
        deps.copies.delete_drop(record.drop, record.drop_id, deps.feeds_bucket, rejects_key or "")
        deps.drops.attention.remove(step.agency, [record.drop_id])
        deps.drop_purge.delete(record.drop, record.drop_id)
    deps.enqueue(step)
    return len(page)


# Disclosures


def _purge_disclosures(step: PurgeStep, rules: RetentionRules, deps: PurgeDeps, now: datetime) -> int:
    """Purges the oldest disclosures of each office whose class has ended, where no hold is on them. An office whose
    document cannot be read keeps all of its own."""
    rules, purged = _with_holds(rules, deps), 0
    for office_id in sorted(rules.by_office.keys() - set(rules.unreadable)):
        due = [each for each in _oldest_disclosures(office_id, step.day, deps) if _is_over(each, rules, step.day)]
        page = due[:_DISCLOSURES_A_STEP]
        if page:
            ids = (disclosure.disclosure_id for disclosure in page)
            deps.certificates.add(certificate_of_ids("disclosures", ids, step.day, deps.purged_by), now)
        for disclosure in page:
            deps.corrections.disclosures.delete(disclosure)
        purged += len(page)
    if purged:
        deps.enqueue(step)
    return purged


def _oldest_disclosures(office_id: str, today: date, deps: PurgeDeps) -> list[Disclosure]:
    until = datetime(today.year, today.month, today.day, tzinfo=UTC)
    return deps.corrections.disclosures.between(office_id, datetime.min.replace(tzinfo=UTC, year=2000), until)


def _is_over(disclosure: Disclosure, rules: RetentionRules, today: date) -> bool:
    schedule = rules.schedule_of(disclosure.office_id)
    facts = RecordFacts(offenses=(Offense(name=DISCLOSURE_CLASS),), made_on=disclosure.requested_at.date())
    _, end = end_of_schedule(facts, schedule, today)
    named = disclosure.request.arrest_ids
    holds = (hold for id_ in named for hold in rules.holds_of(disclosure.office_id, id_))
    is_held = any(is_in_force(hold, schedule.holds[hold.kind], today) for hold in holds)
    return end is not None and end <= today and not is_held
