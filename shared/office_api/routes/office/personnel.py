"""What an office records of its people: employer, training, background check, end of contract; and disabled accounts.

Kept by super-owners, never about themselves (CJIS Security Policy 6.0: AC-2, AT-3, AT-4, PS-3).
"""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel, Field

from shared.access import Action
from shared.office_api import dependencies
from shared.office_api.answers.problems import FieldProblem, RefusalError
from shared.office_api.answers.report_answer import report_answer
from shared.office_api.endpoints import Ids, Replay, Routes
from shared.office_api.middleware.authorization import current_request
from shared.office_api.routes import examples
from shared.office_api.routes.office.users import Address, enrolled_user, save_user, update_account
from shared.offices.governance.personnel import (
    DisabledFor,
    Phone,
    RecordedTraining,
    Training,
    personnel_faults,
    training_fault,
    with_training,
)
from shared.offices.governance.standing import endings, idle_since, reopened, still_holds, training_ends
from shared.offices.model import Office
from shared.offices.ori import Ori
from shared.offices.users import User
from shared.value import FrozenModel
from shared.words import words

routes = Routes("users")
router = routes.router


class PersonnelChange(FrozenModel):
    """Replaces what is on record, trainings apart. Without `employer` the office employs the person."""

    phone: Phone = ""
    employer: Annotated[Ori | None, Field(description="ORI of who employs the person")] = None
    vendor: bool = False
    contract_ends: date | None = None
    background_checked_on: date | None = None


class StandingRow(BaseModel):
    """`access_ends` is the last day of the account as things stand, `because` what ends it."""

    email: str
    name: str
    title: str
    vendor: bool
    background_checked_on: date | None
    trained_until: date | None
    policy_accepted: datetime | None
    last_signed_in: datetime | None
    disabled: DisabledFor | None
    access_ends: date | None
    because: DisabledFor | None


class StandingReport(BaseModel):
    complete: bool
    rows: list[StandingRow]


@routes.put(
    "/v1/users/{email}/personnel",
    action=Action.KEEP_USERS,
    summary="Record a user's employer, phone, check and contract",
    example=examples.PERSONNEL,
)
def record_personnel(email: Address, personnel_change: PersonnelChange) -> User:
    """A vendor's account ends with the contract, and is removed within 72 hours after it; it needs the day of a
    background check. An account that was disabled because the contract was over is open again with a later last day."""
    user, now = _person(email), datetime.now(UTC)
    office = current_request(router).caller.office
    personnel = user.personnel.model_copy(update=dict(personnel_change))
    faults = personnel_faults(personnel, office.local_day(now))
    if faults:
        problems = [FieldProblem(field=fault.field, mend=fault.mend) for fault in faults]
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This cannot be recorded.", problems)
    return _save(user.model_copy(update={"personnel": personnel}), user, office, now)


def _read_user(_ids: Ids, *, email: str, **_arguments: object) -> User:
    return enrolled_user(email)


@routes.post(
    "/v1/users/{email}/trainings",
    action=Action.KEEP_USERS,
    summary="Record a user's training",
    example=examples.TRAINING,
    replay=Replay(answer=_read_user),
)
def record_training(email: Address, training: Training) -> User:
    """Of a kind that your office asks for. Records are stored for three years. An account that was disabled for want of
    training is open again. Nobody records their own."""
    user, now = _person(email), datetime.now(UTC)
    caller = current_request(router).caller
    today = caller.office.local_day(now)
    if fault := training_fault(training, caller.office.governance.training, today):
        problem = FieldProblem(field=fault.field, mend=fault.mend)
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, "This training cannot be recorded.", [problem])
    recorded = RecordedTraining(**training.model_dump(), recorded_by=caller.email, recorded_at=now)
    personnel = with_training(user.personnel, recorded, today)
    return _save(user.model_copy(update={"personnel": personnel}), user, caller.office, now)


@routes.post(
    "/v1/users/{email}/opening",
    action=Action.KEEP_USERS,
    summary="Open a disabled account again",
    replay=Replay(answer=_read_user),
)
def open_account(email: Address) -> User:
    """For somebody who was away, or whose account was locked after failed sign-ins: make sure that it was they.
    Whatever is missing, such as training, is recorded first; the answer is 409 and says so."""
    user, now = enrolled_user(email), datetime.now(UTC)
    office = current_request(router).caller.office
    if user.disabled is None:
        return user
    if still_holds(user, _keeper_of(user), office, now):
        problem = FieldProblem(field="account", mend=words(f"disabled.{user.disabled.reason}"))
        raise RefusalError(HTTPStatus.CONFLICT, "What the account is disabled for must be seen to first.", [problem])
    after = save_user(user, **_changes(reopened(user, now)))
    if user.machine is None:
        update_account(dependencies.accounts().reopen, after)
    return after


@routes.get(
    "/v1/reports/accounts",
    action=Action.KEEP_USERS,
    summary="Report training, checks and ends of accounts",
    tag="reports",
    also_csv=True,
)
def report_accounts() -> Response[StandingReport | str]:
    """Everybody who was not removed; who is disabled, and whose access ends soonest, first. `Accept: text/csv` gets a
    table."""
    office = current_request(router).by.office
    users = [user for user in dependencies.users.all_of(office.office_id) if not user.removed]
    by_email = {user.email: user for user in users}
    rows = [_row(user, by_email, office) for user in users]
    rows.sort(key=lambda row: (row.disabled is None, row.access_ends or date.max, row.email))
    return report_answer(router, StandingReport(complete=True, rows=rows))


def _row(user: User, by_email: dict[str, User], office: Office) -> StandingRow:
    keeper = by_email.get(user.machine.keeper) if user.machine and user.machine.keeper else None
    first = min(endings(user, keeper, office), key=lambda ending: ending.last_day, default=None)
    return StandingRow(
        email=user.email,
        name=user.name,
        title=user.title,
        vendor=user.personnel.vendor,
        background_checked_on=user.personnel.background_checked_on,
        trained_until=None if user.machine else training_ends(user, office),
        policy_accepted=user.acknowledged.at if user.acknowledged else None,
        last_signed_in=user.last_signed_in or idle_since(user),
        disabled=user.disabled.reason if user.disabled else None,
        access_ends=first.last_day if first else None,
        because=first.reason if first else None,
    )


def _person(email: str) -> User:
    user = enrolled_user(email)
    if user.machine:
        raise RefusalError(HTTPStatus.CONFLICT, "This is a machine; what its keeper has done counts.")
    return user


def _keeper_of(user: User) -> User | None:
    return (
        dependencies.users.find(user.office_id, user.machine.keeper) if user.machine and user.machine.keeper else None
    )


def _save(after: User, before: User, office: Office, now: datetime) -> User:
    """Opens the account again if what it was disabled for is seen to."""
    recorded_reason = before.disabled.reason if before.disabled else None
    mended = recorded_reason in {DisabledFor.TRAINING, DisabledFor.CONTRACT}
    if mended and not still_holds(after, None, office, now):
        after = reopened(after, now)
    return save_user(before, **_changes(after))


def _changes(after: User) -> dict[str, object]:
    return {name: getattr(after, name) for name in ("personnel", "disabled", "open_since")}
