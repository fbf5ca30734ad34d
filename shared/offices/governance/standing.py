"""What stands between somebody and the records, and when an account must be disabled. Pure.

`barriers` is asked at every request and `account_step` once an hour, from the same facts. Clocks are those of the CJIS
Security Policy 6.0: AC-2(2) (temporary accounts are gone within 72 hours), AC-2(3) (disabled within a week when idle
for 90 days, expired or ownerless), AT-3 (training before access and yearly), PL-4 (rules acknowledged before access,
yearly, and when they change).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from shared.offices.governance.personnel import DisabledFor, last_day_of_access
from shared.offices.model import Office
from shared.offices.users import User
from shared.words import words

IDLE_FOR = timedelta(days=90)
IDLE_WARNING_DAYS = (14, 1)
ENDING_WARNING_DAYS = (30, 14, 1)
OWNERLESS_FOR = timedelta(days=6)  # disabled within a week, whenever in the day the job runs
TEMPORARY_REMOVED_AFTER = timedelta(hours=48)  # gone within 72 hours


class Barrier(StrEnum):
    """Why somebody who is signed in may read nothing. Its words are in the catalogue under `barrier.`."""

    POLICY = "policy"  # not accepted, accepted more than a year ago, or another one holds now
    TRAINING = "training"
    CONTRACT = "contract"


def barriers(user: User, keeper: User | None, office: Office, now: datetime) -> frozenset[Barrier]:
    """`keeper` is the person who answers for a machine: a machine acknowledges and is trained in nobody else."""
    person = keeper if user.machine and keeper else user
    if user.machine and keeper is None:
        return frozenset()  # of before keepers were asked for, or ownerless, which has its own clock
    today, raised = office.local_day(now), set[Barrier]()
    if not person.has_accepted(office.governance.policy, now):
        raised.add(Barrier.POLICY)
    if (last := training_ends(person, office)) and today > last:
        raised.add(Barrier.TRAINING)
    if user.personnel.contract_ends and today > user.personnel.contract_ends:
        raised.add(Barrier.CONTRACT)
    return frozenset(raised)


def missing_for_access(person: User, office: Office, now: datetime) -> list[str]:
    """In words, what others have to record before the person reads anything. The policy everybody accepts at the first
    sign-in."""
    raised = barriers(person, None, office, now) - {Barrier.POLICY}
    return [words(f"missing.{barrier}") for barrier in sorted(raised)]


def training_ends(person: User, office: Office) -> date | None:
    """The last day on which training lets the person in; None if the office has no rule."""
    added_on = office.local_day(person.added_at)
    return last_day_of_access(person.personnel.trainings, office.governance.training, added_on)


def idle_since(user: User) -> datetime | None:
    """None for an account that was there before this was counted, until the job has stamped it."""
    return max(filter(None, (user.last_signed_in, user.open_since)), default=None)


class AccountEnding(NamedTuple):
    """An account will be disabled, or was, after `last_day`. `warned_on` are the days on which people hear of it."""

    reason: DisabledFor
    last_day: date
    warned_on: tuple[date, ...]


def endings(user: User, keeper: User | None, office: Office) -> Iterator[AccountEnding]:
    """Every end that is in sight for an account. Locks come at once, and have none."""
    if user.machine is None and (last := training_ends(user, office)):
        yield _ending(DisabledFor.TRAINING, last, ENDING_WARNING_DAYS)
    if ends := user.personnel.contract_ends:
        yield _ending(DisabledFor.CONTRACT, ends, ENDING_WARNING_DAYS)
    if since := idle_since(user):
        yield _ending(DisabledFor.IDLE, office.local_day(since + IDLE_FOR), IDLE_WARNING_DAYS)
    if user.machine and user.machine.keeper and (keeper is None or not keeper.active):
        left = (keeper and (keeper.deprovisioned_at or (keeper.disabled and keeper.disabled.since))) or user.added_at
        yield _ending(DisabledFor.OWNERLESS, office.local_day(left + OWNERLESS_FOR), (7, 1))


def _ending(reason: DisabledFor, last_day: date, days_before: tuple[int, ...]) -> AccountEnding:
    warned_on = tuple(last_day - timedelta(days=days) for days in days_before)
    return AccountEnding(reason, last_day, warned_on)


class AccountAction(StrEnum):
    STAMP = "stamp"  # begin to count how long it is idle
    DISABLE = "disable"
    REMOVE = "remove"


class AccountStep(NamedTuple):
    action: AccountAction
    reason: DisabledFor | None = None


def account_step(user: User, keeper: User | None, office: Office, now: datetime) -> AccountStep | None:
    """What the job does with this account now. None for one that is removed, or that nothing is to be done with."""
    if user.removed:
        return None
    if user.disabled:
        is_over = user.disabled.reason is DisabledFor.CONTRACT and now - user.disabled.since >= TEMPORARY_REMOVED_AFTER
        return AccountStep(AccountAction.REMOVE, DisabledFor.CONTRACT) if is_over else None
    today = office.local_day(now)
    for ending in endings(user, keeper, office):
        if today > ending.last_day:
            return AccountStep(AccountAction.DISABLE, ending.reason)
    return AccountStep(AccountAction.STAMP) if idle_since(user) is None else None


def still_holds(user: User, keeper: User | None, office: Office, now: datetime) -> bool:
    """Whether what the account is disabled for is still so. Idleness and a lock end with somebody's word."""
    if user.disabled is None or user.disabled.reason in {DisabledFor.IDLE, DisabledFor.LOCKED}:
        return False
    today = office.local_day(now)
    return any(
        ending.reason is user.disabled.reason and today > ending.last_day for ending in endings(user, keeper, office)
    )


def reopened(user: User, now: datetime) -> User:
    """The account with nothing that disables it; the days of idleness are counted anew."""
    return user.model_copy(update={"disabled": None, "open_since": now})
