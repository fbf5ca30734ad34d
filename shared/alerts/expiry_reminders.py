"""Every day: remind the owners of subscriptions that are about to expire, and close those that expired a month ago.

No alert depends on it: an expired subscription alerts nobody, whether this runs or not.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.notices_table import MAX_WARNINGS, NoticesTable
from shared.alerts.delivery.model import Enqueue
from shared.alerts.expiry import EXPIRED_STEP, ExpiryWarning, expiry_warning_of, reminder_id, reminder_title
from shared.aws.rounds import Piece, Round, RoundsTable, go_on
from shared.batching import batches
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.subscriptions.index.items import DUE_SHARDS
from shared.subscriptions.model import Status, Subscription, SubscriptionKey
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import EXPIRES_AFTER, WARNING_DAYS, last_day, next_revision
from shared.words import words

CATCH_UP = timedelta(days=3)
"""How late a warning may be given, if the job did not run."""
_READ_AT_ONCE = 1_000
_ROUND = timedelta(hours=6)


@dataclass(frozen=True)
class ExpiryDeps:
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    notices: NoticesTable
    enqueue: Enqueue
    rounds: RoundsTable


def send_expiry_reminders(deps: ExpiryDeps, now: datetime) -> int:
    """Returns how many owners were written to, in a round through the shards of the index that begins every six hours.

    May run twice, and up to `CATCH_UP` late: each warning is given once, and only the latest one that is due. The sweep
    of deliveries queues a notice that was stored and not queued. Reads only subscriptions about which something is due.
    """

    def pieces(current: Round) -> Iterator[Piece]:
        for shard in range(int(current.after or -1) + 1, DUE_SHARDS):
            yield Piece(str(shard), _remind_shard(shard, deps, now))

    return go_on(deps.rounds, "validations", _ROUND, pieces, now)


def _remind_shard(shard: int, deps: ExpiryDeps, now: datetime) -> int:
    """All subscriptions of an owner lie in one shard, so that an owner gets one mail."""
    offices: dict[str, Office] = {}
    by_owner: defaultdict[tuple[str, str], list[ExpiryWarning]] = defaultdict(list)
    for keys in batches(_due_keys(deps.subscriptions, shard, now.date()), _READ_AT_ONCE):
        subscriptions, _ = deps.subscriptions.read(keys)
        offices |= deps.offices.offices({key.office_id for key in keys} - offices.keys())[0]
        for subscription in subscriptions.values():
            if office := offices.get(subscription.office_id):
                _gather(subscription, office.local_day(now), by_owner, deps, now)
    return sum(
        _remind_owner(offices[office_id], owner, warnings, deps, now)
        for (office_id, owner), warnings in sorted(by_owner.items())
    )


def _due_keys(subscriptions: SubscriptionsTable, shard: int, today: date) -> Iterator[SubscriptionKey]:
    """Yields the subscriptions of a shard that are to be warned of, and then those to close. An office's day is that of
    UTC or lies beside it."""
    day = timedelta(days=1)
    due_days = {
        today + timedelta(days=step + late)
        for step in (*WARNING_DAYS, EXPIRED_STEP)
        for late in range(-CATCH_UP.days, 2)
    }
    for due_day in sorted(due_days):
        yield from subscriptions.due_between(shard, due_day, due_day)
    yield from subscriptions.due_between(shard, date.min, today - EXPIRES_AFTER + day)


def _gather(
    subscription: Subscription,
    today: date,
    by_owner: defaultdict[tuple[str, str], list[ExpiryWarning]],
    deps: ExpiryDeps,
    now: datetime,
) -> None:
    """Notes what the owner is to be warned of; closes the subscription if it expired long ago."""
    if warning := expiry_warning_of(subscription, today):
        by_owner[subscription.office_id, subscription.owner.casefold()].append(warning)
    elif _expired_long_ago(subscription, today):
        deps.subscriptions.deactivate(subscription, next_revision(subscription, now, status=Status.EXPIRED))


def _remind_owner(office: Office, owner: str, warnings: list[ExpiryWarning], deps: ExpiryDeps, now: datetime) -> bool:
    """Returns whether there was a warning that the owner had not been given."""
    new_warnings = sorted(deps.notices.without_given(warnings), key=_soonest_first)
    for notice_warnings in map(tuple, batches(new_warnings, MAX_WARNINGS)):
        notice = Notice(
            notice_id=reminder_id(office.office_id, owner, notice_warnings),
            office_id=office.office_id,
            email=owner,
            title=reminder_title(notice_warnings),
            lines=(),
            path="/console/watches/expiring",
            opens=words("notice.open watches"),
            warnings=notice_warnings,
            created_at=now,
        )
        if deps.notices.store(notice):
            deps.enqueue([notice.delivery.key])
    return bool(new_warnings)


def _soonest_first(warning: ExpiryWarning) -> tuple[date, str]:
    return warning.last_day, warning.subscription_id


def _expired_long_ago(subscription: Subscription, today: date) -> bool:
    last = last_day(subscription)
    return subscription.status is Status.ACTIVE and last is not None and last < today - EXPIRES_AFTER
