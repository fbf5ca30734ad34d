"""AC-7: five failed sign-ins in a row within 15 minutes lock an account until an administrator opens it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Lock
from typing import Any

import boto3
import pytest

from functions.scheduled_jobs.sign_in_log import sign_ins_between
from shared.offices.accounts import Accounts
from shared.offices.governance.failed_sign_ins import (
    SignInAttemptEvent,
    failures_by_account,
    must_lock,
    sign_in_of,
)
from shared.offices.governance.lock_account import LockDeps, lock_account
from shared.offices.governance.personnel import DisabledFor
from shared.offices.users import may_receive_details
from tests.builders import NOW, a_user, an_office
from tests.conftest import Tables

MINUTE = timedelta(minutes=1)
EMAIL = "ada.example@da.example.gov"
# In the form of an event of user activity (AWS, "Exporting logs from Amazon Cognito user pools"); ids are made up.
PUBLISHED = {
    "eventTimestamp": "1687297330677", "eventSource": "USER_ACTIVITY", "logLevel": "INFO",
    "message": {
        "version": "1", "eventId": "a2c4c1d6", "eventType": "SignIn", "userSub": "6b5c", "userName": "6b5c",
        "userPoolId": "us-west-2_EXAMPLE", "clientId": "1example23456789",
        "eventResponse": "Fail", "riskLevel": "", "riskDecision": "NoRisk", "challenges": ["Password:Failure"],
        "ipAddress": "192.0.2.1", "hasContextData": "true",
    },
    "logSourceId": {"userPoolId": "us-west-2_EXAMPLE"},
}  # fmt: skip


def a_line(**message: Any) -> str:
    return json.dumps(PUBLISHED | {"message": PUBLISHED["message"] | message})  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (a_line(), SignInAttemptEvent("6b5c", passed=False, at=NOW)),
        (a_line(eventResponse="Pass"), SignInAttemptEvent("6b5c", passed=True, at=NOW)),
        (a_line(userSub=""), SignInAttemptEvent("6b5c", passed=False, at=NOW)),
        (a_line(eventResponse="InProgress"), None),  # a code is still asked for
        (a_line(eventType="ForgotPassword"), None),
        (a_line(userSub=None, userName=None), None),
        ("{", None),
        ("[]", None),
        ('{"message": "SignIn"}', None),
        ('{"message": {"eventType": "SignIn", "userSub": {"a": 1}, "eventResponse": "Fail"}}', None),
    ],
)
def test_cjis_ac_7_a_line_of_the_log_says_who_failed_to_sign_in(line: str, event: SignInAttemptEvent | None) -> None:
    assert sign_in_of(line, NOW) == event


def test_cjis_ac_7_the_words_of_the_log_are_those_of_the_service() -> None:
    """Which the published model of Cognito names."""
    model = boto3.client("cognito-idp", region_name="us-east-1").meta.service_model
    words = {name: model.shape_for(name).metadata["enum"] for name in ("EventType", "EventResponseType")}
    assert "SignIn" in words["EventType"]
    assert set(words["EventResponseType"]) == {"Pass", "Fail", "InProgress"}


def minutes(*numbers: float) -> list[datetime]:
    return [NOW + number * MINUTE for number in numbers]


@pytest.mark.parametrize(
    ("failures", "open_since", "locks"),
    [
        ((0, 1, 2, 3), None, False),
        ((0, 1, 2, 3, 4), None, True),
        ((4, 2, 0, 3, 1), None, True),  # the log is in no order
        ((0, 4, 8, 12, 15), None, True),
        ((0, 4, 8, 12, 15.1), None, False),
        ((0, 10, 20, 21, 22, 23, 24), None, True),
        ((0, 1, 2, 3, 4), 0.5, False),  # somebody opened it in between
        ((0, 1, 2, 3, 4), -1, True),
    ],
)
def test_cjis_ac_7_five_failed_sign_ins_in_fifteen_minutes_lock(
    failures: tuple[float, ...], open_since: float | None, locks: bool
) -> None:
    opened = None if open_since is None else NOW + open_since * MINUTE
    assert must_lock(minutes(*failures), opened) is locks


def test_cjis_ac_7_only_failures_in_a_row_count_and_each_account_for_itself() -> None:
    events = [SignInAttemptEvent("a", passed=False, at=moment) for moment in minutes(0, 1, 2, 4, 5)]
    events.append(SignInAttemptEvent("a", passed=True, at=NOW + 3 * MINUTE))
    events.append(SignInAttemptEvent("b", passed=False, at=NOW))
    assert failures_by_account(events) == {"a": minutes(4, 5), "b": minutes(0)}


@pytest.fixture
def locking(tables: Tables) -> tuple[LockDeps, str]:
    """A pool with Ada's account, and the pool's own id of it."""
    client = boto3.client("cognito-idp")
    schema: Any = [{"Name": "office", "AttributeDataType": "String", "Mutable": True}]
    pool = client.create_user_pool(PoolName="people", UsernameAttributes=["email"], Schema=schema)["UserPool"]["Id"]
    accounts = Accounts(client, pool)
    user = a_user(EMAIL)
    tables.users.add(user)
    accounts.invite(user)
    attributes = client.admin_get_user(UserPoolId=pool, Username=EMAIL)
    return LockDeps(tables.users, accounts), attributes["Username"]


def test_cjis_ac_7_a_locked_account_opens_nothing_until_somebody_opens_it(
    tables: Tables, locking: tuple[LockDeps, str]
) -> None:
    deps, account = locking
    failures = minutes(0, 1, 2, 3, 4)
    now = NOW + 5 * MINUTE
    assert lock_account(account, failures, deps, now)
    assert not lock_account(account, failures, deps, now), "a second run does nothing"
    user = tables.users.find("kings", EMAIL)
    assert user
    assert user.disabled
    assert (user.active, user.disabled.reason) == (False, DisabledFor.LOCKED)
    assert user.hears, "nobody silences another's alerts by failing to sign in with the address"
    assert not may_receive_details(an_office(agreed_domains=("da.example.gov",)), EMAIL, user, now), "and reads no name"
    opened = user.model_copy(update={"disabled": None, "open_since": now, "revision": user.revision + 1})
    tables.users.change(user, opened)
    assert not lock_account(account, failures, deps, now), "what was before it was opened does not lock it again"
    assert not lock_account("nobody", failures, deps, now)


def test_cjis_ac_7_somebody_elses_account_with_the_same_address_locks_nobody(
    tables: Tables, locking: tuple[LockDeps, str]
) -> None:
    deps, account = locking
    user = tables.users.find("kings", EMAIL)
    assert user
    tables.users.change(user, user.model_copy(update={"sub": "another", "revision": user.revision + 1}))
    assert not lock_account(account, minutes(0, 1, 2, 3, 4), deps, NOW)


def test_cjis_ac_7_the_log_is_read_back_as_the_pool_delivered_it(aws: None) -> None:
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="SignIns")
    logs.create_log_stream(logGroupName="SignIns", logStreamName="a")
    when = datetime.now(NOW.tzinfo) - MINUTE
    event = {"timestamp": int(when.timestamp() * 1000), "message": a_line()}
    logs.put_log_events(logGroupName="SignIns", logStreamName="a", logEvents=[event])
    [seen], is_complete = sign_ins_between(Unfiltered(logs), "SignIns", when - 9 * MINUTE, when + MINUTE, 60)
    assert (seen.account, seen.passed, is_complete) == ("6b5c", False, True)
    assert sign_ins_between(Unfiltered(logs), "SignIns", when + MINUTE, when + 3 * MINUTE, 60) == ([], True)
    whole = when.replace(second=0, microsecond=0)
    edges = [whole + MINUTE * number for number in range(-2, 3)]
    for begin, end in pairwise(edges):
        inside = begin <= when < end
        assert len(sign_ins_between(Unfiltered(logs), "SignIns", begin, end, 60).events) == inside, "once, at an edge"


def test_cjis_ac_7_a_flood_at_one_account_hides_no_five_failures_at_another(aws: None) -> None:
    """A page of CloudWatch Logs answers the oldest lines first, and here has one line."""
    flood = {NOW - 20 * MINUTE + timedelta(seconds=number): a_line(userSub="flooded") for number in range(900)}
    guessed = {NOW - MINUTE * number: a_line(userSub="guessed") for number in range(1, 6)}
    log = Log(flood | guessed)
    events, is_complete = sign_ins_between(log, "SignIns", NOW - 25 * MINUTE, NOW, 60)
    failures = failures_by_account(events)
    assert is_complete
    assert {account: must_lock(moments) for account, moments in failures.items()} == {"flooded": True, "guessed": True}


def test_cjis_ac_7_what_cannot_be_read_in_time_is_the_oldest_and_is_said(aws: None) -> None:
    log = Log({NOW - timedelta(seconds=number): a_line(userSub=f"{number}") for number in range(1, 1_200)})
    events, is_complete = sign_ins_between(log, "SignIns", NOW - 25 * MINUTE, NOW, 600, log.clock)
    assert not is_complete
    assert 300 < len(events) < 700
    assert min(event.at for event in events) > NOW - 14 * MINUTE, "the newest were read"


class Log:
    """CloudWatch Logs with a line on each page; a page takes a second."""

    def __init__(self, lines: dict[datetime, str]) -> None:
        self._lines, self._asked, self._lock = lines, 0, Lock()

    def get_paginator(self, _name: str) -> Log:
        return self

    def clock(self) -> float:
        return float(self._asked)

    def paginate(self, *, startTime: int, endTime: int, **_: Any) -> Any:  # noqa: N803 - as AWS writes them
        for moment in sorted(self._lines):
            stamp = int(moment.timestamp() * 1000)
            if startTime <= stamp <= endTime:
                with self._lock:
                    self._asked += 1
                yield {"events": [{"timestamp": stamp, "message": self._lines[moment]}]}


class Unfiltered:
    """The emulator knows no JSON patterns and would find nothing: it is asked for every line, which AWS narrows."""

    def __init__(self, client: Any) -> None:
        self._paginator = client.get_paginator("filter_log_events")

    def get_paginator(self, _name: str) -> Unfiltered:
        return self

    def paginate(self, **options: Any) -> Any:
        assert options.pop("filterPattern") == '{ $.message.eventType = "SignIn" }'
        return self._paginator.paginate(**options)
