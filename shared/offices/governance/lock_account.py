"""Locks the account of somebody with too many failed sign-ins: the user's row first, which decides, then the pool."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shared.aws.optimistic_lock import ConflictError
from shared.offices.accounts import Accounts
from shared.offices.governance.failed_sign_ins import must_lock
from shared.offices.governance.personnel import DisabledFor, Disabling
from shared.offices.users_table import UsersTable


@dataclass(frozen=True)
class LockDeps:
    users: UsersTable
    accounts: Accounts


def lock_account(account: str, failures: Collection[datetime], deps: LockDeps, now: datetime) -> bool:
    """`account` is the pool's id. Returns False for one that no user here has, that is disabled already, or that
    somebody opened after these failures. May run twice."""
    person = deps.accounts.person_of(account)
    user = deps.users.find(person.office_id, person.email) if person else None
    if person is None or user is None or not user.belongs_to(person.sub) or not user.active:
        return False
    if not must_lock(failures, user.open_since):
        return False
    disabled = Disabling(reason=DisabledFor.LOCKED, since=now)
    locked = user.model_copy(update={"disabled": disabled, "revision": user.revision + 1})
    try:
        deps.users.change(user, locked)
    except ConflictError:
        return False  # the next run looks again
    deps.accounts.close(locked)
    return True
