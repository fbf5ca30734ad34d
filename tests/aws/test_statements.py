"""Batches of statements: each is written or not for itself, at one write unit a KB."""

from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

from shared.aws.statements import STATEMENTS_A_CALL, Statement, insert, update, write_each
from shared.aws.throttling import THROTTLES, begin_invocation
from shared.errors import TryLater
from tests.aws.busy import answering
from tests.aws.test_throttling import NO_TIME
from tests.conftest import Tables


def inserts(*ids: str) -> dict[str, Statement]:
    return {id_: insert("Arrests", {"arrest_id": {"S": id_}, "content": {"S": "new"}}) for id_ in ids}


def refused(*codes: str) -> dict[str, object]:
    return {"Responses": [{"Error": {"Code": code, "Message": "refused"}} if code else {} for code in codes]}


def stored(tables: Tables) -> dict[str, str]:
    return {item["arrest_id"]["S"]: item["content"]["S"] for item in tables.everything_in("Arrests")}


def test_what_exists_already_is_refused_alone_and_what_stands_beside_it_is_written(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    assert write_each(client, inserts("a")) == {"a"}
    assert write_each(client, inserts("a", "b")) == {"b"}
    key = {"arrest_id": {"S": "a"}}
    changes = {
        "a": update("Arrests", key, {"content": {"S": "newer"}}, {"content": {"S": "new"}}),
        "b": update("Arrests", {"arrest_id": {"S": "b"}}, {"content": {"S": "newer"}}, {"content": {"S": "other"}}),
        "c": update("Arrests", {"arrest_id": {"S": "c"}}, {"content": {"S": "newer"}}, {"content": {"S": "new"}}),
    }
    assert write_each(client, changes) == {"a"}, "what expects something else, or nothing that exists, changes nothing"
    assert stored(tables) == {"a": "newer", "b": "new"}


def test_a_throttled_statement_is_repeated_and_those_that_were_written_are_not(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    write_each(client, inserts("a"))  # as the first call would, of which the second statement is throttled
    throttled = refused("", "ProvisionedThroughputExceeded"), refused("ThrottlingError")
    with answering(client, "dynamodb.BatchExecuteStatement", *throttled) as left:
        assert write_each(client, inserts("a", "b")) == {"a", "b"}
    assert left == []
    assert stored(tables) == {"a": "new", "b": "new"}


def test_throttled_beyond_the_invocations_time_it_comes_again_later(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    begin_invocation(NO_TIME)
    with (
        answering(client, "dynamodb.BatchExecuteStatement", refused("RequestLimitExceeded")),
        pytest.raises(TryLater),
    ):
        write_each(client, inserts("a"))


@pytest.mark.parametrize("code", ["TransactionConflict", "InternalServerError", "DuplicateItem"])
def test_what_may_or_may_not_be_written_is_left_to_be_read_once_more(tables: Tables, code: str) -> None:
    client = boto3.client("dynamodb")
    with answering(client, "dynamodb.BatchExecuteStatement", refused(code, "")):
        assert write_each(client, inserts("a", "b")) == {"b"}


def test_what_no_repetition_mends_is_an_error(tables: Tables) -> None:
    client = boto3.client("dynamodb")
    for code in ("AccessDenied", "ValidationError", "ResourceNotFound", "ItemCollectionSizeLimitExceeded"):
        with (
            answering(client, "dynamodb.BatchExecuteStatement", refused(code)),
            pytest.raises(ClientError, match=code),
        ):
            write_each(client, inserts("a"))


def test_every_code_of_the_services_model_has_its_place() -> None:
    model: Any = botocore.session.get_session().get_service_model("dynamodb")
    codes = set(model.shape_for("BatchStatementErrorCodeEnum").enum)
    read_again = {"ConditionalCheckFailed", "DuplicateItem", "TransactionConflict", "InternalServerError"}
    errors = {"AccessDenied", "ValidationError", "ResourceNotFound", "ItemCollectionSizeLimitExceeded"}
    assert codes - read_again - errors <= THROTTLES
    assert model.shape_for("PartiQLBatchRequest").metadata["max"] == STATEMENTS_A_CALL


def test_a_call_has_25_statements_and_three_megabytes_at_most(tables: Tables) -> None:
    sizes: list[int] = []
    client = boto3.client("dynamodb")
    client.meta.events.register(
        "provide-client-params.dynamodb.BatchExecuteStatement",
        lambda params, **_: sizes.append(len(params["Statements"])),
    )
    write_each(client, inserts(*map(str, range(60))))
    assert sizes == [25, 25, 10]
    sizes.clear()
    large = {str(n): insert("Arrests", {"arrest_id": {"S": f"l{n}"}, "doc": {"S": "x" * 300_000}}) for n in range(25)}
    assert len(write_each(client, large)) == 25
    assert max(sizes) == 10
