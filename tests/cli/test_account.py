"""The operator's way back: nobody is shut out of an office for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.cli.main import main
from shared.offices.accounts import Accounts
from shared.offices.governance.personnel import DisabledFor, Disabling
from shared.offices.table import OfficesTable
from shared.offices.users import Right, User
from shared.offices.users_table import UsersTable
from tests.builders import a_user, an_office
from tests.cli.test_enrol import items, table
from tests.office_api.governed import GOVERNANCE, KIND

__all__ = ["items", "table"]  # the fixture of a stack with its tables and pool
SUE = "sue@da.example.gov"
NOW = datetime.now(UTC)


@pytest.fixture
def users(table: Any) -> UsersTable:
    dynamodb = boto3.client("dynamodb")
    outputs = {
        output["OutputKey"]: output["OutputValue"]
        for output in boto3.client("cloudformation").describe_stacks(StackName="here")["Stacks"][0]["Outputs"]
    }
    OfficesTable(dynamodb, outputs["OfficesTable"]).enrol(an_office(governance=GOVERNANCE))
    users = UsersTable(dynamodb, outputs["SubscriptionsTable"])
    sue = a_user(SUE, rights=frozenset({Right.SUPER_OWNER}), open_since=NOW)
    users.add(sue)
    Accounts(boto3.client("cognito-idp"), outputs["UserPoolId"]).invite(sue)
    return users


Account = Callable[..., tuple[int, str]]


@pytest.fixture
def account(users: UsersTable, capsys: Any) -> Account:
    def run(*words: str) -> tuple[int, str]:
        status = main(["account", "--stack", "here", *words, "kings", SUE])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run


def stored(users: UsersTable) -> User:
    user = users.find("kings", SUE)
    assert user
    return user


def disable(users: UsersTable, reason: DisabledFor) -> None:
    user = stored(users)
    disabled = Disabling(reason=reason, since=NOW)
    users.change(user, user.model_copy(update={"disabled": disabled, "revision": user.revision + 1}))


def test_p11_the_only_super_owner_whose_training_is_over_is_let_in_by_the_operator(
    users: UsersTable, account: Account
) -> None:
    disable(users, DisabledFor.TRAINING)
    status, output = account("--open")
    assert (status, "record what is missing" in output) == (1, True)
    status, output = account("--trained", (NOW.date() + timedelta(days=2)).isoformat())
    assert (status, "future" in output) == (1, True)
    status, output = account("--trained", (NOW.date() - timedelta(days=1)).isoformat())
    assert (status, "open" in output) == (0, True)
    user = stored(users)
    assert user.active
    [training] = user.personnel.trainings
    assert (training.kind, training.recorded_by.startswith("arn:")) == (KIND, True)


def test_cjis_ac_7_an_operator_opens_a_locked_account(users: UsersTable, account: Account) -> None:
    shown = account()[1]
    assert "open, and can read nothing yet" in shown, "the training that the office asks for is not on record"
    assert "no access after" in shown
    disable(users, DisabledFor.LOCKED)
    assert "disabled: too many sign-ins failed" in account()[1]
    assert not stored(users).active, "looking opens nothing"
    assert account("--open")[0] == 0
    assert stored(users).active


def test_p11_who_is_no_user_is_refused(account: Account, users: UsersTable, capsys: Any) -> None:
    assert main(["account", "--stack", "here", "kings", "nobody@da.example.gov"]) == 1
    assert "is no user of kings" in capsys.readouterr().err
