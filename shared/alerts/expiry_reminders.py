"""Every day: remind the owners of subscriptions that are about to expire, and close those that expired a month ago.

No alert depends on it: an expired subscription alerts nobody, whether this runs or not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shared.alerts.delivery.messages.notice import Notice
from shared.alerts.delivery.messages.notices_table import MAX_WARNINGS, NoticesTable
from shared.alerts.delivery.model import DeliveryKey
from shared.alerts.expiry import ExpiryWarning, expiry_warning_of, reminder_id, reminder_title
from shared.batching import batches
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.subscriptions.model import Status, Subscription
from shared.subscriptions.table import SubscriptionsTable
from shared.subscriptions.validity import EXPIRES_AFTER, last_day, next_revision
from shared.words import words


@dataclass(frozen=True)
class ExpiryDeps:
    offices: OfficesTable
    subscriptions: SubscriptionsTable
    notices: NoticesTable
    enqueue: Callable[[Iterable[DeliveryKey]], None]


def send_expiry_reminders(deps: ExpiryDeps, now: datetime) -> int:
    """Returns how many owners were written to.

    May run twice, and late: each warning is given once, and only the latest one that is due. The sweep of deliveries
    queues a notice that was stored and not queued.
    """
    reminded = 0
    for office in deps.offices.each_office():
        reminded += _remind_owners(office, deps, now)
    return reminded


def _remind_owners(office: Office, deps: ExpiryDeps, now: datetime) -> int:
    today = now.astimezone(office.zone).date()
    by_owner: defaultdict[str, list[ExpiryWarning]] = defaultdict(list)
    for subscription in deps.subscriptions.all_of(office.office_id):
        if warning := expiry_warning_of(subscription, today):
            by_owner[subscription.owner.casefold()].append(warning)
        elif _expired_long_ago(subscription, today):
            deps.subscriptions.deactivate(subscription, next_revision(subscription, now, status=Status.EXPIRED))
    reminded = 0
    for owner, warnings in sorted(by_owner.items()):
        reminded += _remind_owner(office, owner, warnings, deps, now)
    return reminded


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
