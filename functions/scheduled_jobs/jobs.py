"""The scheduled jobs. A sweep puts back into its queue what a crash or a lost event left behind.

A new job is a function here with its line in JOBS, and its interval in the template (`infra`). Each job may run twice.
It returns how many things it found to do.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger

from functions.scheduled_jobs import dependencies
from functions.scheduled_jobs.sign_in_log import SignInsUnreadError, sign_ins_between
from shared.alerts.announce_reviews import announce_reviews
from shared.alerts.delivery import sweep
from shared.alerts.expiry_reminders import send_expiry_reminders
from shared.alerts.follow_up.escalate import escalate
from shared.alerts.incidents.account_sweep import see_to_accounts
from shared.alerts.incidents.sweep import tell_of_agencies, tell_of_watches
from shared.arrests.synthetic import CANARY, canary_drop
from shared.audit.unfinished import close_unfinished
from shared.aws.metrics import Metric, count
from shared.feeds.drops.left_behind import drops_left_behind
from shared.feeds.drops.waiting import overdue_drops
from shared.feeds.profiles.sharing import note_sharing
from shared.offices.governance.failed_sign_ins import failures_by_account, must_lock
from shared.offices.governance.lock_account import lock_account
from shared.records_requests.reminders import remind_of_requests
from shared.retention.model import first_steps

logger = Logger()

_CLOCKS_DIFFER = timedelta(minutes=1)
_SECONDS_FOR_SIGN_INS = 60.0  # of the 120 that a run has
LOOKED_BACK_FOR_SIGN_INS = timedelta(minutes=25)  # 15 that count, and the time in which the log is delivered
# An S3 event can take minutes and a large drop longer. A drop older than two days has been swept dozens of times.
YOUNGEST_DROP, OLDEST_DROP = timedelta(minutes=20), timedelta(days=2)


def sweep_deliveries(now: datetime) -> int:
    """Queues forgotten deliveries again, and closes those that the provider never confirmed."""
    swept = sweep.sweep_deliveries(dependencies.alerts, dependencies.enqueue, now)
    if swept.unconfirmed:
        logger.warning("mails never confirmed", extra={"count": swept.unconfirmed})
    return swept.requeued


def escalate_unacknowledged(now: datetime) -> int:
    """Tells deputies and owners of urgent alerts that nobody acknowledged."""
    return escalate(dependencies.escalation, now)


def sweep_drops(now: datetime) -> int:
    """Queues drops again that have no receipt: their S3 event was lost, or their reading crashed."""
    after, before = now - OLDEST_DROP, now - YOUNGEST_DROP
    lost = drops_left_behind(dependencies.s3, dependencies.feeds_bucket, before, after)
    for drop in lost:
        dependencies.announce(drop)
    return len(lost)


def sweep_waiting_drops(now: datetime) -> int:
    """Queues drops that have waited long enough for other files: they are read without these, or refused."""
    overdue = list(overdue_drops(dependencies.drops, now))
    for drop in overdue:
        dependencies.announce(drop)
    return len(overdue)


def remind_of_expiry(now: datetime) -> int:
    """Warns owners of subscriptions whose validation or last day is near."""
    return send_expiry_reminders(dependencies.expiry, now)


def report_silent_agencies(now: datetime) -> int:
    """Counts the agencies whose next drop is overdue, for the alarm."""
    silent = dependencies.drops.silent_agencies(now)
    if silent:
        logger.warning("agencies are silent", extra={"agencies": silent})
        count(Metric.AGENCY_SILENT, len(silent))
    return len(silent)


def close_unfinished_requests(now: datetime) -> int:
    """Closes the audit events of requests that began and have no outcome, and counts them for the alarm."""
    events = list(close_unfinished(dependencies.audit, now))
    for event in events:
        logger.warning("a request has no outcome", extra={"audit_event": event.event_id, "office": event.office_id})
    if events:
        count(Metric.AUDIT_OUTCOME_UNKNOWN, len(events))
    return len(events)


def tell_of_incidents(now: datetime) -> int:
    """Tells agencies and offices of silence, held and refused files, agreements that end, disputes, corrections and
    breaches; and when it is over."""
    return tell_of_agencies(dependencies.incidents, now)


def note_ended_sharing(now: datetime) -> int:
    """Notes agencies whose last agreement has ended, so that the intake holds their files, and those that have a new
    one."""
    return note_sharing(dependencies.offices, dependencies.agreements, dependencies.agencies, now)


def tell_of_unreached(now: datetime) -> int:
    """Tells owners, deputies and contacts of watches that reach nobody."""
    return tell_of_watches(dependencies.incidents, now)


def see_to_accounts_of_offices(now: datetime) -> int:
    """Warns of accounts that end, disables those that have ended, lie idle or lost their keeper, and tells offices."""
    return see_to_accounts(dependencies.incidents, dependencies.accounts.close, now)


def lock_after_failed_sign_ins(now: datetime) -> int:
    """Locks accounts with five failed sign-ins in 15 minutes, until a super-owner opens them (AC-7). Raises
    SignInsUnreadError, after whatever could be read was seen to."""
    since = now - LOOKED_BACK_FOR_SIGN_INS
    sign_ins = sign_ins_between(
        dependencies.logs, dependencies.sign_in_log, since, now + _CLOCKS_DIFFER, _SECONDS_FOR_SIGN_INS
    )
    locked = 0
    for account, failures in failures_by_account(sign_ins.events).items():
        if must_lock(failures):
            locked += lock_account(account, failures, dependencies.locking, now)
    if locked:
        logger.warning("accounts locked after failed sign-ins", extra={"count": locked})
    if not sign_ins.is_complete:
        raise SignInsUnreadError
    return locked


def announce_waiting_reviews(now: datetime) -> int:
    """Tells people how many possible matches wait for them, once a day."""
    return announce_reviews(dependencies.announcement, now)


def release_canary(now: datetime) -> int:
    """Drops an arrest of the canary, where it is set up. Its way to the mail is measured; nothing of it is real."""
    if not dependencies.agencies.is_enrolled(CANARY):
        return 0
    key, content = canary_drop(now)
    dependencies.s3.put_object(Bucket=dependencies.feeds_bucket, Key=key, Body=content)
    return 1


def begin_purge(now: datetime) -> int:
    """Queues the steps of the day's purge. Whatever is due is purged once, however often a day's steps come."""
    steps = first_steps(now.date(), dependencies.drops.senders())
    dependencies.enqueue_purges(steps)
    return len(steps)


def remind_of_records_requests(now: datetime) -> int:
    """Tells who keeps an office's records which requests are due or overdue, each day of each clock once."""
    return remind_of_requests(dependencies.request_reminders, now)


JOBS: Mapping[str, Callable[[datetime], int]] = {
    "deliveries": sweep_deliveries,
    "escalations": escalate_unacknowledged,
    "drops": sweep_drops,
    "waiting": sweep_waiting_drops,
    "validations": remind_of_expiry,
    "silences": report_silent_agencies,
    "outcomes": close_unfinished_requests,
    "incidents": tell_of_incidents,
    "sharing": note_ended_sharing,
    "unreached": tell_of_unreached,
    "accounts": see_to_accounts_of_offices,
    "locks": lock_after_failed_sign_ins,
    "reviews": announce_waiting_reviews,
    "canary": release_canary,
    "purges": begin_purge,
    "requests": remind_of_records_requests,
}
