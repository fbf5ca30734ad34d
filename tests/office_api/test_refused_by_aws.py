"""What DynamoDB refuses becomes an answer that says what to do: later, or smaller. Only our own faults are a 500."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from shared.aws.time_limits import ANSWERS_WITHIN
from tests.aws.busy import an_answer, refusing
from tests.builders import a_wish
from tests.office_api.conftest import Call

WATCH = a_wish({"watch": "charge", "statute": "PL 120", "begins_with": True})
FOLDER = {"tab": "my", "name": "Harbor Ave"}
INTENT = None  # the first put of a request is its intent, in the audit table
TOO_LARGE = "Item size has exceeded the maximum allowed size"


def too_large(*, in_transaction: bool) -> Any:
    if in_transaction:
        answer = an_answer("TransactionCanceledException", "ValidationError")
        answer["CancellationReasons"][0]["Message"] = TOO_LARGE
        return answer
    return an_answer("ValidationException") | {"Error": {"Code": "ValidationException", "Message": TOO_LARGE}}


@pytest.mark.parametrize(
    ("path", "body", "event", "answers"),
    [
        ("/v1/subscriptions", WATCH, "dynamodb.TransactWriteItems", [too_large(in_transaction=True)]),
        ("/v1/folders", FOLDER, "dynamodb.PutItem", [INTENT, too_large(in_transaction=False)]),
    ],
)
def test_what_is_too_large_to_store_is_refused_with_what_to_do(
    call: Call, path: str, body: Any, event: str, answers: list[Any]
) -> None:
    with refusing(boto3.client("dynamodb", config=ANSWERS_WITHIN), event, *answers) as left:
        refused = call("POST", path, body)
    assert left == []
    assert (refused.status, "400 KB" in refused.body["detail"]) == (422, True)


def test_a_throttle_that_lasts_is_an_answer_that_says_to_try_again(call: Call) -> None:
    throttled = an_answer("ProvisionedThroughputExceededException")
    with refusing(boto3.client("dynamodb", config=ANSWERS_WITHIN), "dynamodb.PutItem", INTENT, throttled):
        refused = call("POST", "/v1/folders", FOLDER)
    assert (refused.status, "again in a moment" in refused.body["detail"]) == (503, True)


def test_a_fault_of_ours_stays_a_fault(call: Call) -> None:
    denied = an_answer("AccessDeniedException")
    client = boto3.client("dynamodb", config=ANSWERS_WITHIN)
    with refusing(client, "dynamodb.PutItem", INTENT, denied), pytest.raises(ClientError):
        call("POST", "/v1/folders", FOLDER)
