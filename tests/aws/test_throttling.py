"""Which errors mean "later", how long a function waits for that, and that a throttle is never taken for an answer."""

import time
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from shared.aws.dynamodb import get_all
from shared.aws.temporary_errors import is_temporary, repeat_while_busy
from shared.aws.throttling import begin_invocation, is_throttle, seconds_left
from shared.aws.transactions import transact
from shared.errors import Rejected, TryLater
from tests.audit.test_chain import an_event
from tests.aws.busy import an_answer, an_error, refusing
from tests.conftest import Tables

CANCELLED = "TransactionCanceledException"
NO_TIME = SimpleNamespace(get_remaining_time_in_millis=lambda: 0)


@pytest.fixture(autouse=True)
def no_invocation() -> Any:
    yield
    begin_invocation(None)


@pytest.mark.parametrize(
    "error",
    [
        an_error("ProvisionedThroughputExceededException"), an_error("RequestLimitExceeded"),
        an_error("ThrottlingException"), an_error("SlowDown", status=503), an_error("RequestThrottled"),
        an_error("Throttling"), an_error("TooManyRequestsException", status=429), an_error("KMSThrottlingException"),
        an_error("TransactionConflictException"), an_error(CANCELLED, "None", "ThrottlingError"),
        an_error(CANCELLED, "ProvisionedThroughputExceeded", "TransactionConflict"),
    ],
)  # fmt: skip
def test_a_throttle_of_any_service_is_certainly_not_carried_out_and_temporary(error: Exception) -> None:
    assert is_throttle(error)
    assert is_temporary(error)


@pytest.mark.parametrize(
    "error",
    [
        TryLater("x"), an_error("InternalServerError", status=500), an_error("503", status=503),
        ReadTimeoutError(endpoint_url="https://x"), EndpointConnectionError(endpoint_url="https://x"),
    ],
)  # fmt: skip
def test_an_outage_is_temporary_and_leaves_open_whether_the_request_was_carried_out(error: Exception) -> None:
    assert is_temporary(error)
    assert not is_throttle(error)


@pytest.mark.parametrize(
    "error",
    [
        an_error("ValidationException"), an_error("AccessDeniedException"), an_error("ResourceNotFoundException"),
        an_error(CANCELLED, "ThrottlingError", "ConditionalCheckFailed"), an_error(CANCELLED, "ValidationError"),
        an_error(CANCELLED), Rejected("code", "reason", "fix"), ValueError("x"),
    ],
)  # fmt: skip
def test_every_other_error_is_final(error: Exception) -> None:
    assert not is_temporary(error)


def test_an_invocation_waits_as_long_as_its_time_allows_and_keeps_a_reserve() -> None:
    assert seconds_left() == 5
    begin_invocation(SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000))
    assert 294 < seconds_left() <= 295
    begin_invocation(SimpleNamespace())
    assert seconds_left() == 5


def test_work_is_repeated_while_a_service_is_busy_and_not_after_any_other_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    errors: list[Exception] = [an_error("SlowDown"), TryLater("x")]

    def work() -> str:
        if errors:
            raise errors.pop()
        return "done"

    assert repeat_while_busy(work) == "done"
    errors = [ValueError("a fault of ours")]
    with pytest.raises(ValueError, match="ours"):
        repeat_while_busy(work)
    begin_invocation(NO_TIME)
    errors = [an_error("SlowDown")] * 2
    with pytest.raises(type(errors[0])):
        repeat_while_busy(work)
    assert len(errors) == 1, "without time there is one attempt"


def puts(*ids: str) -> list[Any]:
    condition = {"ConditionExpression": "attribute_not_exists(arrest_id)"}
    return [{"Put": {"TableName": "Arrests", "Item": {"arrest_id": {"S": id_}}} | condition} for id_ in ids]


def test_a_throttled_transaction_is_repeated_until_it_is_written(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    throttled = an_answer(CANCELLED, "None", "ThrottlingError")
    with refusing(client, "dynamodb.TransactWriteItems", throttled, throttled) as left:
        assert transact(client, puts("a", "b")) == ()
    assert left == []
    assert len(tables.everything_in("Arrests")) == 2
    assert transact(client, puts("c", "b")) == (1,), "the position of the condition that failed"
    assert len(tables.everything_in("Arrests")) == 2


def test_a_transaction_gives_up_with_the_invocations_time(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    begin_invocation(NO_TIME)
    throttled, invalid = an_answer(CANCELLED, "ThrottlingError"), an_answer(CANCELLED, "ValidationError")
    with refusing(client, "dynamodb.TransactWriteItems", throttled), pytest.raises(TryLater):
        transact(client, puts("a"))
    with (
        refusing(client, "dynamodb.TransactWriteItems", invalid),
        pytest.raises(client.exceptions.TransactionCanceledException),
    ):
        transact(client, puts("a"))


def test_keys_that_stay_unread_are_read_again_until_the_time_is_out(tables: Tables) -> None:
    client, key = boto3.client("dynamodb"), {"arrest_id": {"S": "a"}}
    transact(client, puts("a"))
    unread = {"Responses": {}, "UnprocessedKeys": {"Arrests": {"Keys": [key]}}}
    with refusing(client, "dynamodb.BatchGetItem", SimpleNamespace()):
        pass
    begin_invocation(NO_TIME)
    began = time.monotonic()
    client.meta.events.register_first("before-call.dynamodb.BatchGetItem", answer := _always(unread))
    try:
        with pytest.raises(TryLater):
            list(get_all(client, "Arrests", [key]))
    finally:
        client.meta.events.unregister("before-call.dynamodb.BatchGetItem", answer)
    assert time.monotonic() - began < 1
    assert list(get_all(client, "Arrests", [key])) == [key]


def _always(answer: dict[str, Any]) -> Any:
    def answered(**_: Any) -> Any:
        return SimpleNamespace(status_code=200), answer | {"ResponseMetadata": {"HTTPStatusCode": 200}}

    return answered


def test_a_throttled_audit_event_is_not_taken_for_one_that_is_there(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    begin_invocation(NO_TIME)
    with (
        refusing(client, "dynamodb.TransactWriteItems", an_answer(CANCELLED, "ThrottlingError")),
        pytest.raises(TryLater),
    ):
        tables.audit.write_once(an_event(1))
    assert tables.everything_in("Audit") == []
    assert tables.audit.write_once(an_event(1))
    assert not tables.audit.write_once(an_event(1))
