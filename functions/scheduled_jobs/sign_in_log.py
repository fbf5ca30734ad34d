"""The log of sign-ins that the user pool delivers, read back for the last minutes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from shared.offices.governance.failed_sign_ins import SignInAttemptEvent, sign_in_of

MOST_PAGES = 20  # of up to 1 MB or 10,000 lines: a flood of guesses is an alarm of its own


def sign_ins_since(client: Any, log_group: str, since: datetime) -> Iterator[SignInAttemptEvent]:
    """`client` is boto3's of CloudWatch Logs."""
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=log_group,
        startTime=int(since.timestamp() * 1000),
        filterPattern='{ $.message.eventType = "SignIn" }',
    )
    for number, page in enumerate(pages):
        for line in page["events"]:
            moment = datetime.fromtimestamp(line["timestamp"] / 1000, UTC)
            if event := sign_in_of(line["message"], moment):
                yield event
        if number + 1 >= MOST_PAGES:
            return
