"""Every day: warn the owners of watches that are about to be over, and take those out that were over for a month. No
alert hangs on it: what is over alerts nobody, whether this runs or not."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.notices_table import MOST_LAPSES, NoticesTable
from shared.alerts.delivery.table import DeliveryKey, key_of
from shared.alerts.expiry import ExpiryWarning, expiry_warning_of, reminder_id, reminder_title
from shared.batching import batches
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import EXPIRES_AFTER, last_day, next_revision


@dataclass(frozen=True)
class ExpiryDeps:
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    notices: NoticesTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def send_expiry_reminders(deps: ExpiryDeps, now: datetime) -> int:
    """How many owners were written to. May run twice, and late: each warning is given once, the latest one that is
    due; a notice that was stored and not queued is queued by the sweep of the deliveries."""
    return sum(_of_office(office, deps, now) for office in deps.offices.each_office())


def _of_office(office: Office, deps: ExpiryDeps, now: datetime) -> int:
    today, by_owner = now.astimezone(office.zone).date(), defaultdict[str, list[ExpiryWarning]](list)
    for subscription in deps.subscriptions.all_of(office.office_id):
        if warning := expiry_warning_of(subscription, today):
            by_owner[subscription.owner.casefold()].append(warning)
        elif _long_over(subscription, today):
            deps.subscriptions.deactivate(subscription, next_revision(subscription, now, status=Status.EXPIRED))
    return sum(_warn(office, owner, lapses, deps, now) for owner, lapses in sorted(by_owner.items()))


def _warn(office: Office, owner: str, lapses: list[ExpiryWarning], deps: ExpiryDeps, now: datetime) -> bool:
    fresh = sorted(deps.notices.unsaid(lapses), key=lambda warning: (warning.last_day, warning.subscription_id))
    for warnings in map(tuple, batches(fresh, MOST_LAPSES)):
        notice = Notice(
            notice_id=reminder_id(office.office_id, owner, warnings),
            office_id=office.office_id,
            email=owner,
            title=reminder_title(warnings),
            lines=(),
            path="/v1/subscriptions",
            lapses=warnings,
            created_at=now,
        )
        if deps.notices.give(notice):
            deps.enqueue([key_of(notice.delivery)])
    return bool(fresh)


def _long_over(subscription: Subscription, today: date) -> bool:
    last = last_day(subscription)
    return subscription.status is Status.ACTIVE and last is not None and last < today - EXPIRES_AFTER
