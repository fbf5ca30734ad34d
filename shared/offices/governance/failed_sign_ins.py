"""Who must be locked out: five failed sign-ins in a row within 15 minutes (CJIS Security Policy 6.0, AC-7). Pure.

Cognito itself makes a guesser wait, longer after each failure, and never locks an account for good. A trigger cannot
do it: PreAuthentication does not hear whether the password was right, and PostAuthentication runs after a success only
(AWS, "Customizing user pool workflows with Lambda triggers"). What does say it is the log of threat protection, which
the pool delivers (`infra/capabilities/denials.py`).
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

MOST_FAILURES, WITHIN = 5, timedelta(minutes=15)
SIGN_IN, FAILED, PASSED = "SignIn", "Fail", "Pass"


class SignInAttemptEvent(NamedTuple):
    """`account` is the pool's own id of the account, empty for an address that has none."""

    account: str
    passed: bool
    at: datetime


def sign_in_of(message: str, moment: datetime) -> SignInAttemptEvent | None:
    """Reads a line of the log. None for one that says of no sign-in whether it failed: other events, a challenge that
    is still to be answered, and what is no such line."""
    try:
        document = json.loads(message)
    except ValueError:
        return None
    event = document.get("message") if isinstance(document, dict) else None
    if not isinstance(event, dict) or event.get("eventType") != SIGN_IN:
        return None
    account = event.get("userSub") or event.get("userName")
    if not isinstance(account, str) or event.get("eventResponse") not in {FAILED, PASSED}:
        return None
    return SignInAttemptEvent(account, event["eventResponse"] == PASSED, moment)


def failures_by_account(events: Iterable[SignInAttemptEvent]) -> dict[str, list[datetime]]:
    """When each account failed since it last succeeded, in order of time."""
    failures: dict[str, list[datetime]] = defaultdict(list)
    for event in sorted(events, key=lambda event: event.at):
        if event.passed:
            failures.pop(event.account, None)
        else:
            failures[event.account].append(event.at)
    return dict(failures)


def must_lock(failures: Iterable[datetime], open_since: datetime | None = None) -> bool:
    """Whether five of them lie within 15 minutes. Those of before somebody opened the account again do not count."""
    counted = sorted(moment for moment in failures if open_since is None or moment > open_since)
    pairs = zip(counted, counted[MOST_FAILURES - 1 :], strict=False)
    return any(last - first <= WITHIN for first, last in pairs)
