"""`account`: how somebody stands, and the operator's way back for an office whose super-owners are all shut out."""

import argparse
import sys
from datetime import UTC, date, datetime

import boto3

from functions.cli.command import Arguments, Command
from functions.cli.deployment import operator_arn, outputs_of
from shared.offices.accounts import Accounts
from shared.offices.governance.personnel import (
    DisabledFor,
    RecordedTraining,
    Training,
    training_fault,
    with_training,
)
from shared.offices.governance.standing import barriers, endings, reopened, still_holds
from shared.offices.model import Office
from shared.offices.table import OfficesTable
from shared.offices.users import User
from shared.offices.users_table import UsersTable
from shared.words import words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trained", type=date.fromisoformat, metavar="DATE", help="record a training completed then")
    parser.add_argument("--kind", default="", help="of the training; by default the first that the office asks for")
    parser.add_argument("--contract-ends", type=date.fromisoformat, metavar="DATE", help="record a new last day")
    parser.add_argument("--open", action="store_true", help="open an account that is disabled")
    parser.add_argument("office", metavar="OFFICE", help="the office_id")
    parser.add_argument("email", metavar="EMAIL", help="the address that the user signs in with")


def run(args: Arguments) -> int:
    """1 for somebody who is no user, and for what cannot be recorded or opened."""
    outputs, dynamodb = outputs_of(args.stack), boto3.client("dynamodb")
    office = OfficesTable(dynamodb, outputs["OfficesTable"]).office(args.office)
    users = UsersTable(dynamodb, outputs["SubscriptionsTable"])
    before = users.find(args.office, args.email) if office else None
    if office is None or before is None or before.removed:
        print(f"{args.email} is no user of {args.office}; `arrest-alert enrol-user` makes one", file=sys.stderr)
        return 1
    keeper = users.find(args.office, before.machine.keeper) if before.machine and before.machine.keeper else None
    now = datetime.now(UTC)
    after, fault = _changed(before, keeper, office, args, now)
    if fault:
        print(f"{args.email}: {fault}", file=sys.stderr)
        return 1
    if after != before:
        after = after.model_copy(update={"revision": before.revision + 1})
        users.change(before, after)
        if args.open and not after.machine:
            Accounts(boto3.client("cognito-idp"), outputs["UserPoolId"]).reopen(after)
    _print(after, keeper, office, now)
    return 0


def _changed(before: User, keeper: User | None, office: Office, args: Arguments, now: datetime) -> tuple[User, str]:
    """The user after what is asked for, and what is wrong with it."""
    personnel, today, rule = before.personnel, office.local_day(now), office.governance.training
    if args.trained:
        kind = args.kind or (rule.kinds[0] if rule else "")
        if not kind:
            return before, "the office has no rule of training; say of which kind it was (--kind)"
        training = Training(kind=kind, completed_on=args.trained)
        if wrong := training_fault(training, rule, today):
            return before, wrong.mend
        recorded = RecordedTraining(**training.model_dump(), recorded_by=operator_arn(), recorded_at=now)
        personnel = with_training(personnel, recorded, today)
    if args.contract_ends:
        personnel = personnel.model_copy(update={"contract_ends": args.contract_ends})
    after = before.model_copy(update={"personnel": personnel})
    if before.disabled is None:
        return after, ""
    if not still_holds(after, keeper, office, now):
        mended = before.disabled.reason in {DisabledFor.TRAINING, DisabledFor.CONTRACT, DisabledFor.OWNERLESS}
        return (reopened(after, now) if args.open or mended else after), ""
    wrong_still = f"stays disabled: {words(f'disabled.{before.disabled.reason}')}; record what is missing"
    return after, wrong_still if args.open else ""


def _print(user: User, keeper: User | None, office: Office, now: datetime) -> None:
    raised, today = sorted(barriers(user, keeper, office, now)), office.local_day(now)
    state = "open, and can read nothing yet" if raised else "open"
    if user.disabled:
        state = f"disabled: {words(f'disabled.{user.disabled.reason}')}"
    print(f"{user.email} of {office.name}: {state}")
    for barrier in raised:
        print(f"  before access: {words(f'barrier.{barrier}')}")
    for ending in sorted(endings(user, keeper, office), key=lambda ending: ending.last_day):
        reason = words(f"disabled.{ending.reason}")
        is_over = ending.last_day < today
        when = f"no access after {ending.last_day}:" if is_over else f"access until {ending.last_day}, then:"
        print(f"  {when} {reason}")


ACCOUNT = Command(
    name="account",
    summary="Shows how somebody's account stands; records training or a contract, and opens it again",
    details="Super-owners do this in the console, never for themselves. An office whose only super-owner is shut out "
    "needs the operator.",
    example="arrest-alert account --stack arrest-alert-dev --open kings ada.advocate@da.example.gov",
    add_arguments=add_arguments,
    run=run,
)
