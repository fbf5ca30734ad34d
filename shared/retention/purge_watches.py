"""Watches that have ended leave storage by their own class (28 CFR 23.20(h)): a page of one office's a step."""

from collections.abc import Iterable
from datetime import date, datetime

from shared.arrests.retention.hold import Hold, is_in_force
from shared.arrests.retention.model import RetentionSchedule
from shared.retention.certificate import certificate_of_ids
from shared.retention.dependencies import PurgeDeps
from shared.retention.model import PurgeStep, RetentionRules
from shared.retention.watch_retention import WatchRetention, decide_watch_retention
from shared.subscriptions.model import Subscription

WATCHES_A_STEP = 200


def purge_watches(step: PurgeStep, rules: RetentionRules, deps: PurgeDeps, now: datetime) -> int:
    """Returns how many were purged. An office whose document cannot be read keeps all of its own. Raises ConflictError
    when somebody changes a watch at this moment: the step comes again."""
    readable_ids = sorted(rules.by_office.keys() - set(rules.unreadable))
    if not step.office_id:
        for office_id in readable_ids:
            deps.enqueue(step.model_copy(update={"office_id": office_id}))
        return 0
    if step.office_id not in readable_ids:
        return 0
    watches, after = deps.watches.page(step.office_id, WATCHES_A_STEP, step.after)
    purged = _purge_page(watches, step, rules.schedule_of(step.office_id), deps, now)
    if after:
        deps.enqueue(step.model_copy(update={"after": after}))
    return purged


def _purge_page(
    watches: Iterable[Subscription], step: PurgeStep, schedule: RetentionSchedule, deps: PurgeDeps, now: datetime
) -> int:
    due = _due(watches, step, schedule, deps)
    if not due:
        return 0
    ids = (watch.subscription_id for watch, _ in due)
    classes = (retention.class_name for _, retention in due)
    deps.certificates.add(certificate_of_ids("watches", ids, step.day, deps.purged_by, classes), now)
    for watch, _ in due:
        deps.watches.purge(watch, deps.pseudonyms(), now)
    return len(due)


def _due(
    watches: Iterable[Subscription], step: PurgeStep, schedule: RetentionSchedule, deps: PurgeDeps
) -> list[tuple[Subscription, WatchRetention]]:
    """Those whose class has ended and that nobody holds. Holds are read only where something may be due."""
    office = deps.offices.offices([step.office_id])[0].get(step.office_id)
    if office is None:
        return []
    decided = [(watch, decide_watch_retention(watch, schedule, office.goes_by, step.day)) for watch in watches]
    ended = [(watch, retention) for watch, retention in decided if retention.is_due(step.day)]
    if not ended:
        return []
    holds = _holds_in_force(step.office_id, schedule, deps, step.day)
    if any(not hold.arrest_ids for hold in holds):
        return []
    held_ids = _watches_behind(holds, step.office_id, deps)
    return [(watch, retention) for watch, retention in ended if watch.subscription_id not in held_ids]


def _holds_in_force(office_id: str, schedule: RetentionSchedule, deps: PurgeDeps, today: date) -> list[Hold]:
    return [hold for hold in deps.holds.of_office(office_id) if is_in_force(hold, schedule.holds[hold.kind], today)]


def _watches_behind(holds: Iterable[Hold], office_id: str, deps: PurgeDeps) -> set[str]:
    """The ids of the office's watches by which it was alerted, or asked, about an arrest that is held: they say why."""
    about = deps.alerts.records_of_arrests({arrest_id for hold in holds for arrest_id in hold.arrest_ids})
    alerts = deps.alerts.read({id_ for records in about.values() for id_ in records.alert_ids})
    reviews = deps.alerts.reviews.read({id_ for records in about.values() for id_ in records.review_ids})
    of_alerts = {
        reason.subscription_id for alert in alerts.values() if alert.office_id == office_id for reason in alert.because
    }
    return of_alerts | {review.subscription_id for review in reviews.values() if review.office_id == office_id}
