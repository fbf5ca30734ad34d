"""When a watch that has ended leaves storage. Pure.

28 CFR 23.20(h): a suspicion watch is out after five years at most, whatever the file of an office says.
"""

from datetime import date
from typing import NamedTuple

from shared.arrests.days import days_after
from shared.arrests.retention.decide import end_of_schedule
from shared.arrests.retention.model import Offense, RecordFacts, RetentionSchedule
from shared.offices.model import DateRule
from shared.offices.recipient import BasisKind
from shared.subscriptions.model import Subscription
from shared.subscriptions.validity import basis_limit, ended_on

WATCH_CLASS = "ended watch"  # the words by which a schedule names the classes
SUSPICION_CLASS = "ended suspicion watch"


class WatchRetention(NamedTuple):
    """`purge_on` is the first day on which the watch may be purged; None while it may alert, or is kept for ever."""

    class_name: str
    purge_on: date | None

    def is_due(self, today: date) -> bool:
        return self.purge_on is not None and self.purge_on <= today


def decide_watch_retention(
    watch: Subscription, schedule: RetentionSchedule, goes_by: DateRule, today: date
) -> WatchRetention:
    word = SUSPICION_CLASS if watch.basis.kind is BasisKind.SUSPICION else WATCH_CLASS
    ended = ended_on(watch, today, goes_by)
    facts = RecordFacts((Offense(name=word),), made_on=watch.created_at.date(), watch_ended_on=ended)
    class_name, end = end_of_schedule(facts, schedule, today)
    limit = basis_limit(watch)
    if ended is None:
        return WatchRetention(class_name, None)
    latest = days_after(limit, 1) if limit else None
    return WatchRetention(class_name, min((day for day in (end, latest) if day), default=None))
