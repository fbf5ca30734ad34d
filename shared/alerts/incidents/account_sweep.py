"""Sees to accounts: warns of those that end, disables those that have, tells the office; and reminds of weeks of audit
that nobody signed. In a round through all offices, every hour; may run twice and late."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from shared.alerts.incidents.accounts import account_concerns, ended_accounts, review_concerns
from shared.alerts.incidents.sweep import OF_PEOPLE, IncidentDeps, of_kinds, tell
from shared.aws.optimistic_lock import ConflictError
from shared.aws.rounds import Piece, Round, go_on
from shared.offices.contacts import contacts_of
from shared.offices.governance.personnel import Disabling
from shared.offices.governance.standing import AccountAction, AccountStep, account_step
from shared.offices.model import Office
from shared.offices.users import User

ROUND_OF_ACCOUNTS = timedelta(hours=1)
CloseAccount = Callable[[User], object]


def see_to_accounts(deps: IncidentDeps, close_account: CloseAccount, now: datetime) -> int:
    """Returns how many accounts were changed and people told. `close_account` closes the one in the user pool of
    somebody who is removed."""
    return go_on(
        deps.rounds, "accounts", ROUND_OF_ACCOUNTS, lambda current: _pieces(current, deps, close_account, now), now
    )


def _pieces(current: Round, deps: IncidentDeps, close_account: CloseAccount, now: datetime) -> Iterator[Piece]:
    for office in deps.offices.each_office(current.after):
        yield Piece(office.office_id, _see_to_office(office, deps, close_account, now))


def _see_to_office(office: Office, deps: IncidentDeps, close_account: CloseAccount, now: datetime) -> int:
    """A suspended office is told nothing; its accounts end all the same."""
    by_email = {user.email: user for user in deps.subscriptions.users.all_of(office.office_id)}
    changed = 0
    for email, user in by_email.items():
        keeper = by_email.get(user.machine.keeper) if user.machine and user.machine.keeper else None
        if step := account_step(user, keeper, office, now):
            by_email[email] = _apply(user, step, deps, close_account, now)
            changed += by_email[email] != user
    if office.suspended:
        return changed
    users = list(by_email.values())
    concerns = list(account_concerns(office, users, _told_of_accounts(office, users), now))
    concerns += review_concerns(office, users, lambda: deps.signed_weeks(office.office_id), now)
    stored = {incident.incident_id: incident for incident in deps.alerts.incidents.of_office(office.office_id)}
    causes = frozenset(ended_accounts(office, users))
    notified = tell(concerns, of_kinds(stored, OF_PEOPLE), causes, {office.office_id: office}, deps, now)
    return changed + notified


def _told_of_accounts(office: Office, users: list[User]) -> tuple[str, ...]:
    """Super-owners, who alone can open an account, and the office's contact."""
    super_owners = contacts_of(office.model_copy(update={"contact": ""}), users)
    return tuple(dict.fromkeys((*super_owners, *contacts_of(office, users))))


def _apply(user: User, step: AccountStep, deps: IncidentDeps, close_account: CloseAccount, now: datetime) -> User:
    """The user after it; as before if somebody changed the same at this moment: the next run looks again."""
    after = _after(user, step, now).model_copy(update={"revision": user.revision + 1})
    with suppress(ConflictError):
        deps.subscriptions.users.change(user, after)
        if step.action is AccountAction.REMOVE and user.machine is None:
            close_account(after)
        return after
    return user


def _after(user: User, step: AccountStep, now: datetime) -> User:
    match step.action:
        case AccountAction.STAMP:
            return user.model_copy(update={"open_since": now})
        case AccountAction.REMOVE:  # what is held can still be handed over: DELETE /v1/users/{email}?hand_over_to=
            return user.model_copy(update={"deprovisioned_at": now, "rights": frozenset(), "disabled": None})
        case AccountAction.DISABLE if step.reason:
            return user.model_copy(update={"disabled": Disabling(reason=step.reason, since=now)})
    return user
